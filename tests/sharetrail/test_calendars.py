"""Days and weeks of a zone, daylight saving included."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.calendars import Week, bounds, last_full_week, last_report, start_of, zone_names

NEW_YORK, BERLIN, APIA = map(ZoneInfo, ("America/New_York", "Europe/Berlin", "Pacific/Apia"))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (NEW_YORK, date(2026, 11, 1), 25),
        (NEW_YORK, date(2026, 3, 8), 23),
        (BERLIN, date(2026, 10, 25), 25),
        (BERLIN, date(2026, 7, 1), 24),
    ],
)
def test_a_day_has_the_hours_its_zone_gives_it(zone: ZoneInfo, day: date, hours: int) -> None:
    start, end = bounds(day, zone)
    assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("now", "due", "first"),
    [
        # Winter: 08:00 in New York is 13:00 UTC.
        ("2026-11-23T13:00:00Z", "2026-11-23T13:00:00Z", date(2026, 11, 16)),
        ("2026-11-23T12:59:59Z", "2026-11-16T13:00:00Z", date(2026, 11, 9)),
        ("2026-11-29T23:00:00Z", "2026-11-23T13:00:00Z", date(2026, 11, 16)),
        # Summer: 12:00 UTC. The clocks went back on Sunday, 1 November.
        ("2026-10-26T12:00:00Z", "2026-10-26T12:00:00Z", date(2026, 10, 19)),
        ("2026-11-02T12:30:00Z", "2026-10-26T12:00:00Z", date(2026, 10, 19)),
        ("2026-11-02T13:00:00Z", "2026-11-02T13:00:00Z", date(2026, 10, 26)),
    ],
)
def test_the_report_is_due_on_monday_at_eight_in_the_shops_own_zone(
    now: str, due: str, first: date
) -> None:
    found = last_report(datetime.fromisoformat(now), NEW_YORK)
    assert found == (datetime.fromisoformat(due), Week(first))


zones = st.sampled_from(
    [NEW_YORK, BERLIN, APIA, ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kathmandu")]
)
times = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(times, zones)
def test_the_newest_report_is_never_in_the_future_and_at_most_a_week_old(
    now: datetime, zone: ZoneInfo
) -> None:
    due, week = last_report(now, zone)
    assert timedelta() <= now - due < timedelta(days=7, hours=2)
    assert start_of(week.last + timedelta(days=1), zone) <= due
    assert week.first.weekday() == 0


@given(times, zones)
def test_a_week_that_ended_lies_wholly_in_the_past(now: datetime, zone: ZoneInfo) -> None:
    week = last_full_week(now, zone)
    assert bounds(week.last, zone)[1] <= now < bounds(week.last + timedelta(days=7), zone)[1]


@pytest.mark.parametrize("month", range(1, 13))
def test_wherever_it_is_monday_at_eight_it_is_a_quarter_of_an_hour(month: int) -> None:
    """So a round every quarter asks in time."""
    now = datetime(2027, month, 1, tzinfo=UTC)
    assert {"America/New_York", "Asia/Kathmandu", "UTC"} < zone_names()
    for zone in zone_names():
        due, _ = last_report(now, ZoneInfo(zone))
        assert (due.minute % 15, due.second) == (0, 0), zone
