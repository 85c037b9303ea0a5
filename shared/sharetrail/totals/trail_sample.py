"""A bounded sample of the trails that visits carried. Pure.

All of one browser or nothing of it, by a hash of the trail's first click, so that a day's part of a
journey is in it whenever another day's is.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from sharetrail.clicks.page_event import PageEvent

MOST_TRAILS = 500
"""Trails a day and shard: a hundred thousand ids in the nine weeks that an analysis reads."""
_IDS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitTrail:
    ids: tuple[str, ...]
    """Click ids, oldest first."""
    n: int = 1
    """How many visits it stands for, where page events were sampled."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailSample:
    one_in: int
    """A power of two: one browser of so many."""
    trails: tuple[VisitTrail, ...]


def sample_trails(events: Iterable[PageEvent], most: int = MOST_TRAILS) -> TrailSample:
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


def merge_samples(samples: Iterable[TrailSample]) -> TrailSample:
    """As sparse as the sparsest."""
    known = list(samples)
    one_in = max((each.one_in for each in known), default=1)
    seen: dict[tuple[str, ...], int] = {}
    for each in (trail for sample in known for trail in sample.trails):
        if is_sampled(each.ids, one_in):
            seen[each.ids] = max(seen.get(each.ids, 0), each.n)
    return _sample(one_in, seen)


def _sample(one_in: int, visits: dict[tuple[str, ...], int]) -> TrailSample:
    return TrailSample(
        one_in=one_in, trails=tuple(VisitTrail(ids=ids, n=n) for ids, n in sorted(visits.items()))
    )
