"""Floods of clicks are seen by UTC hours, whatever the zone whose day closes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import calendars
from sharetrail.clicks.click import Click, click_item
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.totals import count_facts
from tests.shops import PHONE

ZONES = ["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns"]
EVENING = datetime(2026, 7, 1, 18, tzinfo=UTC)
DAYS = [date(2026, 6, 30) + n * calendars.DAY for n in range(4)]


class Facts:
    """The events table, as far as folds read it."""

    def __init__(self, clicks: list[Click]) -> None:
        self._items = sorted(map(click_item, clicks), key=lambda item: item["sk"])

    def query(self, pk: str, between: tuple[str, str]) -> Iterator[dict[str, Any]]:
        low, high = between
        return (item for item in self._items if item["pk"] == pk and low <= item["sk"] <= high)


def followed(*minutes: float) -> list[Click]:
    who = Visitor(hash="0" * 16, agent=PHONE, referrer="", country=None)
    return [new_click("m", "c", who, EVENING + timedelta(minutes=n)) for n in minutes]


def counted(clicks: list[Click], zone: str, kind: str = "human") -> dict[date, int]:
    """Local day → clicks of the kind, where there are any."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(count_facts, "EVENTS", Facts(clicks))
        by_day = {
            day: sum(
                count_facts.of_shard("m", "0", start, end, end, day_closes=True)
                .links.get("c", {})
                .get(kind, 0)
                for start, end in count_facts.utc_parts(*calendars.bounds(day, ZoneInfo(zone)))
            )
            for day in DAYS
        }
    return {day: n for day, n in by_day.items() if n}


@pytest.mark.parametrize("zone", ZONES)
def test_of_forty_clicks_in_an_hour_one_counts_wherever_midnight_cuts_it(zone: str) -> None:
    flood = followed(*[1.5 * n for n in range(40)])
    assert sum(counted(flood, zone).values()) == 1
    assert sum(counted(flood, zone, "suspicious").values()) == 39


def test_the_one_that_counts_is_the_hours_first_and_stands_in_its_own_day() -> None:
    flood = followed(*[1.5 * n for n in range(40)])
    assert counted(flood, "Asia/Kolkata") == {date(2026, 7, 1): 1}
    assert counted(flood, "Asia/Kolkata", "suspicious") == {
        date(2026, 7, 1): 19,
        date(2026, 7, 2): 20,
    }


def test_what_is_read_beside_a_day_is_counted_in_the_next_one() -> None:
    assert counted(followed(0, 29, 30, 59), "Asia/Kolkata") == {
        date(2026, 7, 1): 2,
        date(2026, 7, 2): 2,
    }


@given(
    st.lists(st.integers(-120, 240).map(lambda n: n / 2), max_size=60, unique=True),
    st.sampled_from(ZONES),
)
def test_every_zone_counts_what_utc_counts(minutes: list[float], zone: str) -> None:
    clicks = followed(*sorted(minutes))
    for kind in ("human", "suspicious"):
        assert sum(counted(clicks, zone, kind).values()) == sum(
            counted(clicks, "UTC", kind).values()
        )
