from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import calendars
from sharetrail.report import span
from sharetrail.report.span import SpanKind

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
CALENDAR: tuple[SpanKind, ...] = ("day", "week", "month", "quarter", "year")


@given(DAYS, st.sampled_from(CALENDAR))
def test_spans_of_a_kind_lie_side_by_side_and_their_keys_name_them(
    day: date, kind: SpanKind
) -> None:
    each = span.of_day(kind, day)
    assert each.first <= day <= each.last
    assert each.before().last == each.first - calendars.DAY
    assert each.after().before() == each
    assert span.read(each.key) == each


@given(DAYS, st.integers(1, 366))
def test_any_days_are_compared_with_as_many_before(day: date, length: int) -> None:
    each = span.days(day, day + (length - 1) * calendars.DAY)
    assert each.before().length == each.length == length
    assert span.read(each.key) == each


@pytest.mark.parametrize(
    "key",
    [
        *("", "2026-13", "2026-W54", "2026-Q5", "1999", "2026-11-31", "2026-11-09..2026-11-01"),
        *("2025-01-01..2026-01-02", "2026-11-01 ", "2026-W00", "0000", "٢٠٢٦"),
    ],
)
def test_what_is_no_span_is_refused(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several makers
        span.read(key)


@pytest.mark.parametrize(
    ("kind", "now", "key"),
    [
        ("day", "2026-11-30T12:59:59Z", "2026-11-28"),
        ("day", "2026-11-30T13:00:00Z", "2026-11-29"),
        ("week", "2026-11-30T13:00:00Z", "2026-W48"),
        ("month", "2026-12-01T12:59:59Z", "2026-10"),
        ("month", "2026-12-01T13:00:00Z", "2026-11"),
        ("quarter", "2027-01-01T13:00:00Z", "2026-Q4"),
    ],
)
def test_a_report_is_due_at_eight_of_the_day_after(kind: SpanKind, now: str, key: str) -> None:
    at, zone = datetime.fromisoformat(now), ZoneInfo("America/New_York")
    assert span.last_due(kind, at, zone).key == key


@given(st.datetimes(datetime(2001, 1, 1), datetime(2098, 12, 1), timezones=st.just(UTC)))
def test_a_week_is_due_when_the_calendar_says(now: datetime) -> None:
    zone = ZoneInfo("Australia/Lord_Howe")
    due, week = calendars.last_report(now, zone)
    assert span.last_due("week", now, zone).first == week.first
    assert span.due_at(span.last_due("week", now, zone), zone) == due
