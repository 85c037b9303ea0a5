from datetime import UTC, datetime, timedelta

import pytest

from local.clock import BackwardError, Clock, iso, parse

MONDAY = datetime(2026, 11, 23, 13, tzinfo=UTC)


class Real:
    """The real clock, as far as these tests let it go."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def real() -> Real:
    return Real()


def test_without_a_start_the_clock_shows_the_real_time(real):
    assert Clock(real=real).now() == datetime.fromtimestamp(1_000_000, UTC)


def test_the_clock_may_start_in_the_past_and_ticks_on(real):
    clock = Clock(MONDAY - timedelta(days=400), real=real)
    real.seconds += 90
    assert clock.now() == MONDAY - timedelta(days=400) + timedelta(seconds=90)


def test_the_clock_jumps_forward_and_ticks_on_from_there(real):
    clock = Clock(MONDAY, real=real)
    clock.set_forward(MONDAY + timedelta(days=7))
    real.seconds += 2.5
    assert clock.now() == MONDAY + timedelta(days=7, seconds=2.5)


def test_the_clock_does_not_go_back(real):
    clock = Clock(MONDAY, real=real)
    real.seconds += 10
    with pytest.raises(BackwardError):
        clock.set_forward(MONDAY + timedelta(seconds=9))
    assert clock.now() == MONDAY + timedelta(seconds=10)


def test_a_clock_that_began_in_the_past_catches_up_and_is_the_real_one_until_it_is_moved(real):
    clock = Clock(MONDAY - timedelta(days=40_000), real=real)
    seen = []
    clock.when_moved(seen.append)
    real.seconds += 20.25
    assert clock.catch_up() == datetime.fromtimestamp(1_000_020.25, UTC)
    real.seconds += 7
    assert clock.now() == datetime.fromtimestamp(1_000_027.25, UTC)
    assert seen == [datetime.fromtimestamp(1_000_020.25, UTC)]
    clock.set_forward(MONDAY)
    real.seconds += 1
    assert clock.now() == MONDAY + timedelta(seconds=1)


def test_a_clock_that_is_ahead_does_not_go_back_to_the_real_time(real):
    clock = Clock(MONDAY, real=real)
    real.seconds += 3
    assert clock.catch_up() == MONDAY + timedelta(seconds=3)


def test_a_past_instant_keeps_the_time_it_had_before_later_jumps(real):
    clock = Clock(MONDAY, real=real)
    real.seconds += 5
    sent = real.seconds
    real.seconds += 5
    clock.set_forward(MONDAY + timedelta(days=1))
    real.seconds += 5
    clock.set_forward(MONDAY + timedelta(days=9))
    assert clock.virtual(sent) == MONDAY + timedelta(seconds=5)
    assert clock.virtual(sent + 7) == MONDAY + timedelta(days=1, seconds=2)
    assert clock.virtual(real.seconds) == MONDAY + timedelta(days=9)


def test_an_instant_before_the_clock_was_made_is_mapped_by_its_start(real):
    clock = Clock(MONDAY, real=real)
    assert clock.virtual(real.seconds - 60) == MONDAY - timedelta(seconds=60)


def test_times_are_written_in_utc_with_whole_seconds():
    assert iso(MONDAY + timedelta(seconds=1.9)) == "2026-11-23T13:00:01Z"
    assert parse("2026-11-23T14:00:00+01:00") == MONDAY
    assert parse("2026-11-23T13:00:00Z") == MONDAY


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-11-23T13:00:00", "2026-13-01T00:00:00Z"])
def test_a_time_that_is_none_or_names_no_offset_is_refused(text):
    with pytest.raises(ValueError, match=r"isoformat|offset|month"):
        parse(text)
