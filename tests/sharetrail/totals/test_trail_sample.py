"""What a day's visits tell of journeys: the same whatever order they come in, and never much."""

import random
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.clicks.page_event import PRIVATE, PageEvent
from sharetrail.totals import trail_sample
from sharetrail.totals.tally import tally_page_events
from sharetrail.totals.trail_sample import (
    Trail,
    TrailSample,
    TrailSampler,
    is_sampled,
)
from tests.visits import sample_trails, visit_with

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def a_visit(*trail: str, address: str | None = "0a") -> PageEvent:
    return visit_with(trail, address, AT)


def as_defined(visits: list[PageEvent], most: int, few: int) -> TrailSample:
    """The densest of at most so many, where an address has a few of those that survive longest."""
    told = {(visit.address, visit.trail) for visit in visits if visit.address != PRIVATE}

    def thinned(one_in: int) -> list[Trail]:
        kept = sorted((each for each in told if is_sampled(each[1], one_in)), key=survival)
        of = {address: [ids for who, ids in kept if who == address] for address, _ in kept}
        return [ids for who, own in of.items() for ids in own[: few if who else None]]

    rate = next(rate for rate in (2**n for n in range(40)) if len(thinned(rate)) <= most)
    return TrailSample(one_in=rate, trails=tuple(sorted(set(thinned(rate)))))


def survival(told: tuple[str | None, Trail]) -> tuple[int, int, Trail]:
    ids = told[1]
    return -sum(is_sampled(ids, 2**n) for n in range(40)), zlib.crc32(ids[0].encode()), ids


some_visits = st.lists(
    st.builds(
        a_visit,
        st.integers(0, 200).map(str),
        address=st.sampled_from(["0a", "0b", PRIVATE, None]),
    ),
    min_size=10,
    max_size=60,
)


@given(some_visits, st.integers(1, 12), st.integers(1, 5), st.randoms(use_true_random=False))
def test_a_sample_is_what_it_is_defined_to_be_in_whatever_order_visits_come(
    visits: list[PageEvent], most: int, few: int, dice: random.Random
) -> None:
    with pytest.MonkeyPatch.context() as small:
        small.setattr(trail_sample, "TRAILS_OF_AN_ADDRESS", few)
        told = sample_trails(visits, most)
        assert told == as_defined(visits, most, few)
        assert len(told.trails) <= most
        dice.shuffle(visits)
        assert sample_trails([*visits, *visits], most) == told


def test_made_up_clicks_that_survive_all_thinning_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checksum can be chosen: of these it is 0 for all."""
    monkeypatch.setattr(zlib, "crc32", lambda _: 0)
    visits = [a_visit(f"{n}", address=f"{n % 30:02x}") for n in range(1_000)]
    assert sample_trails(visits).trails == ()


def test_a_flood_of_visits_takes_no_more_room_than_its_addresses() -> None:
    def flood() -> Iterator[PageEvent]:
        for n in range(20_000):
            ids = (f"{n:06}{each:020}" for each in range(20))
            yield a_visit(*ids, address=f"{n // 4:016x}")

    sampler = TrailSampler()
    tracemalloc.start()
    tally = tally_page_events(sampler.read(flood()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tally.events == {"visit": 20_000}
    assert len(sampler.sample().trails) > 100
    assert peak < 4_000_000, "as a list they were 60 MB"
