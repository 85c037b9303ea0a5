"""Folding facts into a tally: the one way numbers of clicks and page events come about. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sharetrail.clicks import Click
from sharetrail.events import PageEvent
from sharetrail.verdicts import Verdict

Counts = dict[str, int]

VERDICTS = ("human", "repeat", "preview", "bot")
EVENTS = ("view", "open", "share", "visit", "lead")
UNIQUE = "unique"
OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a set of facts adds up to. Tallies of disjoint facts merge by addition."""

    facts: int = 0
    """How many facts were folded: a total of fewer never replaces one of more."""
    links: dict[str, Counts] = field(default_factory=dict)
    """Link code → clicks by verdict, unique visitors, shares."""
    products: dict[str, Counts] = field(default_factory=dict)
    """Product id (or page, where none is known) → views, opens, shares."""
    events: Counts = field(default_factory=dict)
    """Page events by type."""


def of_clicks(judged: Iterable[tuple[Click, Verdict]]) -> Tally:
    """The tally of one shard and UTC day, or a part of it.

    Unique: the distinct visitors among the human clicks of a link. A click under Global Privacy
    Control has no visitor hash and is never unique.
    """
    links: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    seen: set[tuple[str, str]] = set()
    facts = 0
    for click, verdict in judged:
        facts += 1
        counts = links[click.code]
        counts[verdict.kind] += 1
        visitor = (click.code, click.visitor or "")
        if verdict.kind == "human" and click.visitor and visitor not in seen:
            seen.add(visitor)
            counts[UNIQUE] += 1
    return Tally(facts=facts, links=_plain(links))


def of_events(events: Iterable[PageEvent]) -> Tally:
    links: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    products: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    types: Counts = defaultdict(int)
    facts = 0
    for event in events:
        facts += 1
        types[event.type] += event.n
        if event.type in ("view", "open", "share"):
            products[event.product or event.page][event.type] += event.n
        if event.type == "share" and event.code:
            links[event.code]["share"] += event.n
    return Tally(facts=facts, links=_plain(links), products=_plain(products), events=dict(types))


def merge(tallies: Iterable[Tally]) -> Tally:
    links: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    products: dict[str, Counts] = defaultdict(lambda: defaultdict(int))
    types: Counts = defaultdict(int)
    facts = 0
    for tally in tallies:
        facts += tally.facts
        _add(types, tally.events)
        for code, counts in tally.links.items():
            _add(links[code], counts)
        for product, counts in tally.products.items():
            _add(products[product], counts)
    return Tally(facts=facts, links=_plain(links), products=_plain(products), events=dict(types))


def merge_counts(all_counts: Iterable[Counts]) -> Counts:
    merged: Counts = defaultdict(int)
    for counts in all_counts:
        _add(merged, counts)
    return dict(merged)


def largest(nested: dict[str, Counts], most: int) -> dict[str, Counts]:
    """The `most` largest entries and the rest as one, `other`: an item holds 400 KB."""
    if len(nested) <= most:
        return nested
    order = sorted(nested, key=lambda name: (-sum(nested[name].values()), name))
    rest = merge_counts(nested[name] for name in order[most:])
    return {**{name: nested[name] for name in order[:most]}, OTHER: rest}


def raw(counts: Counts) -> int:
    """Every click but prefetches."""
    return sum(counts.get(kind, 0) for kind in VERDICTS)


def valid(counts: Counts) -> int:
    """People's clicks, a visitor's repeats within 30 seconds taken as one."""
    return counts.get("human", 0)


def _add(to: Counts, counts: Counts) -> None:
    for name, n in counts.items():
        to[name] += n


def _plain(nested: dict[str, Counts]) -> dict[str, Counts]:
    return {name: dict(counts) for name, counts in nested.items()}
