"""A year of every rhythm in zones whose days are not all of 24 hours: each instant lies in one span
of each kind, and each report is due once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import calendars
from sharetrail.report import span
from sharetrail.report.span import OF_RHYTHM, Span

ZONES = (
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "UTC",
)
YEARS = (2011, 2017, 2027)
"""Of 2011 Apia's 30 December is missing, of 2017 São Paulo's first hour of 15 October."""
INSTANT = timedelta(microseconds=1)
KINDS = sorted(OF_RHYTHM.values())


def bounds(each: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return calendars.start_of(each.first, zone), calendars.start_of(each.after().first, zone)


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", YEARS)
def test_each_report_is_due_at_an_instant_of_its_own_after_its_days_have_ended(
    name: str, year: int
) -> None:
    zone = ZoneInfo(name)
    for kind in KINDS:
        each, due = span.of_day(kind, date(year, 1, 1)), datetime.min.replace(tzinfo=UTC)
        while each.first.year == year:
            before, due = due, span.due_at(each, zone)
            assert due >= bounds(each, zone)[1]
            if due > before:
                assert span.last_due(kind, due - INSTANT, zone) == each.before()
            if due < span.due_at(each.after(), zone):
                assert span.last_due(kind, due, zone) == each
            elif name != "Pacific/Apia":
                pytest.fail("two at once")
            each = each.after()


@pytest.mark.parametrize("name", ZONES)
@given(st.datetimes(datetime(2011, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_each_order_lies_in_one_span_of_each_kind(name: str, placed: datetime) -> None:
    zone = ZoneInfo(name)
    for kind in KINDS:
        mine = span.of_day(kind, calendars.local_day(placed, zone))
        near = (mine.before().before(), mine.before(), mine, mine.after(), mine.after().after())
        holding = [each for each in near if bounds(each, zone)[0] <= placed < bounds(each, zone)[1]]
        assert holding == [mine]
