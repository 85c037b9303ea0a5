"""When people clicked, in the merchant's own hours and days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import calendars
from sharetrail.analysis.visits import Visits, by_link_and_place
from sharetrail.clicks.verdict import judge_clicks
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.totals import total_chunks
from sharetrail.totals.tally import Tally, merge_tallies, tally_clicks, valid_clicks
from tests.shops import PHONE

ZONES = (
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
)
MONDAY = date(2026, 11, 16)


def clicked(*times: datetime) -> Tally:
    """By a person each, and stored in between."""
    by = [(f"{n:04x}", at) for n, at in enumerate(times)]
    visitors = (Visitor(hash=who, agent=PHONE, referrer="", country=None) for who, _ in by)
    clicks = [new_click("m", "c", who, at) for who, (_, at) in zip(visitors, by, strict=True)]
    made = tally_clicks(judge_clicks(sorted(clicks, key=lambda click: click.at)))
    item = total_chunks.as_item(made, made.fact_count)
    return total_chunks.read({"sk": "2026-11-16#0#0", **{n: v for n, v in item.items() if v}})


def visits(zone: str, days: dict[date, Tally]) -> Visits:
    found = Visits(zone=ZoneInfo(zone))
    for day, tally in days.items():
        found.add_day(day, tally)
    return found


@pytest.mark.parametrize("zone", ZONES)
@given(st.lists(st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 20)), max_size=20))
def test_clicks_fall_into_the_hours_of_the_shops_own_clock(
    zone: str, times: list[datetime]
) -> None:
    days: dict[date, list[datetime]] = {}
    for at in (each.replace(tzinfo=UTC) for each in times):
        days.setdefault(calendars.local_day(at, ZoneInfo(zone)), []).append(at)
    found = visits(zone, {day: clicked(*each) for day, each in days.items()})
    hours = [at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).hour for at in times]
    assert found.hours == (tuple(hours.count(hour) for hour in range(24)) if times else ())
    assert sum(found.by_day.values()) == len(times)


def test_an_hour_that_comes_twice_on_a_day_of_twenty_five_is_one_of_the_clock() -> None:
    day, zone = date(2026, 11, 1), "America/New_York"
    start, end = calendars.bounds(day, ZoneInfo(zone))
    assert end - start == timedelta(hours=25)
    quarters = [start + n * timedelta(minutes=15) for n in range(100)]
    hours = visits(zone, {day: clicked(*quarters)}).hours
    assert hours == (4, 8, *[4] * 22)


def test_a_day_that_older_rules_counted_tells_no_hour_and_its_clicks_all_the_same() -> None:
    old = Tally(links={"c": {"human": 5}})
    assert visits("UTC", {MONDAY: old}).hours == ()
    both = visits(
        "UTC", {MONDAY: old, date(2026, 11, 17): clicked(datetime(2026, 11, 17, 9, tzinfo=UTC))}
    )
    assert sum(both.hours) == both.hours[9] == 1
    assert sum(both.by_day.values()) == 6


def test_weekdays_are_told_of_a_week_and_of_nothing_shorter() -> None:
    days = {MONDAY + n * calendars.DAY: Tally(links={"c": {"human": n}}) for n in range(14)}
    assert visits("UTC", days).weekdays == (7, 9, 11, 13, 15, 17, 19)
    assert visits("UTC", dict([*days.items()][:6])).weekdays == ()


def test_what_is_told_of_all_links_is_not_held_of_each() -> None:
    at = datetime(2026, 11, 16, 9, tzinfo=UTC)
    tally = merge_tallies([clicked(at), Tally(links={"c": {"seen_on:x": 1, "country:DE": 1}})])
    found = visits("UTC", {MONDAY: tally})
    assert found.counts == {"device:phone": 1, "country:DE": 1, "seen_on:x": 1}
    (counts,) = by_link_and_place(tally).values()
    assert valid_clicks(counts) == 1
    assert {name for name in counts if ":" in name} == {"seen_on:x"}
