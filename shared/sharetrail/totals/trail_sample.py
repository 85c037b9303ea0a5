"""A bounded sample of the trails that visits carried. Pure.

All of one browser or nothing of it, by a hash of the trail's first click, so that a day's part of a
journey is in it whenever another day's is. A visit is what its page said, and anybody may say it:
one address has few trails in it, and no visit counts more than once.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from sharetrail.clicks.page_event import PRIVATE, PageEvent

MOST_TRAILS = 500
"""Trails a day and shard: a hundred thousand ids in the nine weeks that an analysis reads."""
TRAILS_OF_AN_ADDRESS = 20
"""More browsers than follow links from one home in a day; of an office's, some. A machine that made
up trails could thin the sample out for all others."""
_IDS = 20
Trail = tuple[str, ...]
"""Click ids, oldest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailSample:
    one_in: int
    """A power of two: one browser of so many."""
    trails: tuple[Trail, ...]


def sample_trails(events: Iterable[PageEvent], most: int = MOST_TRAILS) -> TrailSample:
    """The trails of visits, each once, and of so few browsers that there are at most `most`."""
    by_address: dict[str | None, set[Trail]] = defaultdict(set)
    for event in events:
        ids = tuple(sorted(set(event.trail)))[-_IDS:]
        if event.type == "visit" and ids and event.address != PRIVATE:
            by_address[event.address].add(ids)
    before_addresses = by_address.pop(None, set())
    trails = before_addresses.union(chain.from_iterable(map(_few, by_address.values())))
    one_in = 1
    while len(trails) > most:
        one_in *= 2
        trails = {ids for ids in trails if is_sampled(ids, one_in)}
    return TrailSample(one_in=one_in, trails=tuple(sorted(trails)))


def _few(trails: set[Trail]) -> list[Trail]:
    """Of an address. Which they are is chance, but the same whenever it is asked."""
    return sorted(trails, key=lambda ids: (_chance(ids), ids))[:TRAILS_OF_AN_ADDRESS]


def is_sampled(ids: Trail, one_in: int) -> bool:
    return _chance(ids) % one_in == 0


def _chance(ids: Trail) -> int:
    return zlib.crc32(ids[0].encode())


def merge_samples(samples: Iterable[TrailSample]) -> TrailSample:
    """As sparse as the sparsest."""
    known = list(samples)
    one_in = max((each.one_in for each in known), default=1)
    trails = {ids for sample in known for ids in sample.trails if is_sampled(ids, one_in)}
    return TrailSample(one_in=one_in, trails=tuple(sorted(trails)))
