"""A tally as stored: chunks that fit an item, each overwritten under the guard of its facts.

Links, and when they were followed, are kept squeezed. Whatever strangers do, a total is of a
bounded number of them, and a chunk is measured before it is written.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from typing import Any

from sharetrail.aws.item_size import MOST_BYTES, size_of
from sharetrail.aws.items import Item, encode
from sharetrail.aws.tables import TOTALS
from sharetrail.packing import squeeze, unpack
from sharetrail.totals.tally import Counts, Tally, bounded, parts_of, rule_version

MOST_LINKS = 25_000
"""Of a shard's total: a publishable key makes 2,000 links a day."""
MOST_FOLLOWS = 1_000
"""Links that addresses followed in five minutes, of a shard, that are known until the day closes:
beyond thirty clicks a second not all are, but each address's first ones. A viral link's total is
written every few clicks, and of it these are nearly all."""
_OF_AN_ADDRESS = 8
"""Digits of its hash: enough to tell a shard's apart for a day."""
_CHUNK = 200_000
"""Bytes of an item's links, about, before they are squeezed."""
# A stale racer, an older rule or a fold of fewer facts never replaces what stands.
_NOT_OLDER = "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND judged <= :judged)"


def read(row: Item) -> Tally:
    """A chunk as stored; the shard's facts, which guard every chunk, count in the first alone."""
    links: dict[str, Counts] = {}
    quarters: dict[int, int] = {}
    follows: dict[str, Counts] = {}
    if "packed" in row:
        links, *more = unpack(row["packed"])
        if more and isinstance(more[0], list):  # until November 2026 products stood there, by name
            quarters = _quarters_of(*more[0])
        follows = _follows_of(*more[1:])
    return Tally(
        fact_count=row["facts"] if _place(row)[1] == 0 else 0,
        links=links,
        events=row.get("events", {}),
        quarters=quarters,
        follows=follows,
    )


def _quarters_of(first: int = 0, *clicks: int) -> dict[int, int]:
    return {first + place: n for place, n in enumerate(clicks) if n}


def _follows_of(rows: Iterable[tuple[str, str, int]] = ()) -> dict[str, Counts]:
    follows: dict[str, Counts] = {}
    for address, code, clicks in rows:
        follows.setdefault(address, {})[code] = clicks
    return follows


def standing(rows: Iterable[Item]) -> Iterator[Item]:
    """Of chunks in the order of their keys, those that their total's last write wrote: of one that
    was in more of them once, the others are as they were, and one without its first is not written
    yet."""
    whole, chunks = "", None
    for row in rows:
        total, number = _place(row)
        if number == 0:
            whole, chunks = total, row.get("of")
        if total == whole and (chunks is None or number < chunks):
            yield row


def _place(row: Item) -> tuple[str, int]:
    """The total that it is a chunk of, and which."""
    total, _, number = row["sk"].rpartition("#")
    return total, int(number)


# ── tally → items ────────────────────────────────────────────────────────────────────────────────
def write(pk: str, sk: str, tally: Tally, **more: int) -> None:
    """A shard's tally in chunks that fit an item; its own fact count guards each of them.

    The first says how many there are and of how many facts: it comes last, so that a total whose
    writer died is known to be old, and is written again.
    """
    chunks = chunks_of(tally)
    for number, chunk in reversed([*enumerate(chunks)]):
        key: Item = {"pk": pk, "sk": f"{sk}#{number}", **more}
        if number == 0:
            key["of"] = len(chunks)
        put(key, chunk, tally.fact_count)


def chunks_of(tally: Tally) -> list[Tally]:
    """What is written of it, a chunk each; they merge to as much."""
    parts = parts_of(bounded(tally, MOST_LINKS), _CHUNK)
    return [chunk for part in parts for chunk in _fitting(part)]


def _fitting(part: Tally) -> Iterator[Tally]:
    """The part, or its halves, or theirs, until each fits. A link alone is some KB at most: its
    names are of hosts, countries and ours."""
    if len(part.links) < 2 or size_of(encode(as_item(part, part.fact_count))) <= MOST_BYTES:
        yield part
        return
    codes = sorted(part.links)
    first, second = ({code: part.links[code] for code in codes[n::2]} for n in (0, 1))
    yield from _fitting(replace(part, links=first))
    yield from _fitting(Tally(links=second))


def put(key: Item, tally: Tally, facts: int) -> None:
    TOTALS.put_if({**key, **as_item(tally, facts)}, _NOT_OLDER, facts=facts, judged=rule_version())


def as_item(tally: Tally, facts: int) -> Item:
    """A chunk as it is stored, without its key; `facts` are those that its shard was folded of."""
    more: list[list[Any]] = [_in_a_row(tally.quarters)] if tally.quarters else []
    if tally.follows:
        more = [*(more or [[]]), _in_rows(tally.follows)]
    return {
        "packed": squeeze([tally.links, *more]) if tally.links else None,
        "events": tally.events or None,
        "facts": facts,
        "judged": rule_version(),
    }


def _in_a_row(quarters: Mapping[int, int]) -> list[int]:
    """The first, and the clicks of it and those behind it: of a day a hundred at most."""
    first, last = min(quarters), max(quarters)
    return [first, *(quarters.get(each, 0) for each in range(first, last + 1))]


def _in_rows(follows: Mapping[str, Counts]) -> list[Any]:
    """Each address's first link before anybody's second, and so on: whoever follows many takes
    nobody's place."""
    rows = (
        (place, (address[:_OF_AN_ADDRESS], code, clicks))
        for address, counts in follows.items()
        for place, (code, clicks) in enumerate(counts.items())
    )
    return [row for _, row in islice(sorted(rows, key=itemgetter(0)), MOST_FOLLOWS)]
