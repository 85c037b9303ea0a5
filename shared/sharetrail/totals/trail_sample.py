"""A bounded sample of the trails that visits carried. Pure.

All of one browser or nothing of it, by a hash of the trail's first click, so that a day's part of a
journey is in it whenever another day's is. A visit is what its page said, and anybody may say it:
one address has few trails in it, and no visit counts more than once.
"""

import zlib
from collections.abc import Iterable, Iterator
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


class TrailSampler:
    """The trails of visits, each once, of so few browsers that there are at most `most`, where one
    that two addresses tell of is two.

    It holds no more while it reads, and what it samples depends on no order: of an address those
    stay that survive thinning longest, so that thinned early or late they are the same.
    """

    def __init__(self, most: int = MOST_TRAILS) -> None:
        self._most = most
        self._one_in = 1
        self._by_address: dict[str | None, set[Trail]] = {}
        self._held = 0

    def read(self, events: Iterable[PageEvent]) -> Iterator[PageEvent]:
        """The same events, for whoever reads them next."""
        for event in events:
            if event.type == "visit" and event.trail and event.address != PRIVATE:
                self._add(event.address, tuple(sorted(set(event.trail)))[-_IDS:])
            yield event

    def _add(self, address: str | None, ids: Trail) -> None:
        if not is_sampled(ids, self._one_in):
            return
        self._hold(address, {*self._by_address.get(address, ()), ids})
        while self._held > self._most:
            self._one_in *= 2
            for each, trails in [*self._by_address.items()]:
                self._hold(each, {ids for ids in trails if is_sampled(ids, self._one_in)})

    def _hold(self, address: str | None, trails: set[Trail]) -> None:
        """Which they are of an address is chance, but the same whenever it is asked."""
        if address is not None:
            trails = set(sorted(trails, key=_rank)[:TRAILS_OF_AN_ADDRESS])
        self._held += len(trails) - len(self._by_address.pop(address, ()))
        if trails:
            self._by_address[address] = trails

    def sample(self) -> TrailSample:
        trails = set(chain.from_iterable(self._by_address.values()))
        return TrailSample(one_in=self._one_in, trails=tuple(sorted(trails)))


def is_sampled(ids: Trail, one_in: int) -> bool:
    return _chance(ids) % one_in == 0


def _rank(ids: Trail) -> tuple[int, int, Trail]:
    """By how long it survives thinning, the longest first."""
    chance = _chance(ids)
    return -(chance & -chance), chance, ids


def _chance(ids: Trail) -> int:
    """Never zero, which would survive all thinning, and anybody can make up such an id."""
    return zlib.crc32(ids[0].encode()) | 1 << 32


def merge_samples(samples: Iterable[TrailSample]) -> TrailSample:
    """As sparse as the sparsest."""
    known = list(samples)
    one_in = max((each.one_in for each in known), default=1)
    trails = {ids for sample in known for ids in sample.trails if is_sampled(ids, one_in)}
    return TrailSample(one_in=one_in, trails=tuple(sorted(trails)))
