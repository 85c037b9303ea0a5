"""The trails that visits carried: how we know of journeys that did not end in an order.

Table totals: `merchant#trails / day#shard`, written when a local day closes, from the facts that
are read for it anyway. A bounded sample: all of one browser or nothing of it, by a hash of the
trail's first click, so that a day's part of a journey is in it whenever another day's is.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sharetrail import clicks
from sharetrail.events import PageEvent
from sharetrail.items import Item
from sharetrail.tables import TOTALS

MOST = 500
"""Trails a day and shard: a hundred thousand ids in the nine weeks that an analysis reads."""
_IDS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenTrail:
    ids: tuple[str, ...]
    """Click ids, oldest first."""
    n: int = 1
    """How many visits it stands for, where page events were sampled."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    one_in: int
    """A power of two: one browser of so many."""
    trails: tuple[SeenTrail, ...]


def of_events(events: Iterable[PageEvent], most: int = MOST) -> Sample:
    """The trails of visits, each once, and of so few browsers that there are at most `most`."""
    seen: dict[tuple[str, ...], int] = {}
    for event in events:
        ids = tuple(sorted(set(event.trail)))[-_IDS:]
        if event.type == "visit" and ids:
            seen[ids] = max(seen.get(ids, 0), event.n)
    one_in = 1
    while len(seen) > most:
        one_in *= 2
        seen = {ids: n for ids, n in seen.items() if is_sampled(ids, one_in)}
    return _sample(one_in, seen)


def is_sampled(ids: tuple[str, ...], one_in: int) -> bool:
    return zlib.crc32(ids[0].encode()) % one_in == 0


def merge(samples: Iterable[Sample]) -> Sample:
    """As sparse as the sparsest."""
    known = list(samples)
    one_in = max((each.one_in for each in known), default=1)
    seen: dict[tuple[str, ...], int] = {}
    for each in (trail for sample in known for trail in sample.trails):
        if is_sampled(each.ids, one_in):
            seen[each.ids] = max(seen.get(each.ids, 0), each.n)
    return _sample(one_in, seen)


def _sample(one_in: int, seen: dict[tuple[str, ...], int]) -> Sample:
    return Sample(
        one_in=one_in, trails=tuple(SeenTrail(ids=ids, n=n) for ids, n in sorted(seen.items()))
    )


# ── stored ───────────────────────────────────────────────────────────────────────────────────────
def save(merchant_id: str, day: date, shard: str, sample: Sample) -> None:
    """What a day's visits carried; nothing where that is nothing."""
    if not sample.trails:
        return
    begins = datetime.combine(day, time(), UTC)
    item: Item = {
        "pk": f"{merchant_id}#trails",
        "sk": f"{day}#{shard}",
        "one_in": sample.one_in,
        "trails": [f"{each.n}:{','.join(each.ids)}" for each in sample.trails],
        "expires": int((begins + clicks.KEPT).timestamp()),
    }
    TOTALS.put(item)


def between(merchant_id: str, first: date, last: date) -> Sample:
    """What the visits of these local days carried, as far as the days are closed."""
    rows = TOTALS.query(f"{merchant_id}#trails", between=(first.isoformat(), f"{last}~"))
    return merge(Sample(one_in=row["one_in"], trails=tuple(_trails(row))) for row in rows)


def _trails(row: Item) -> Iterator[SeenTrail]:
    for text in row["trails"]:
        n, _, ids = text.partition(":")
        yield SeenTrail(ids=tuple(ids.split(",")), n=int(n))
