"""The salts of the days: made ahead by a schedule, read by everybody else, deleted outright."""

from datetime import UTC, datetime, timedelta

import pytest

from local.cloud import Cloud
from local.template.declarations import Template
from sharetrail.aws.tables import SALTS, Table
from sharetrail.clicks import daily_salts

LATE = datetime(2026, 11, 30, 23, 52, tzinfo=UTC)
TODAY, TOMORROW = "2026-11-30", "2026-12-01"


def days() -> set[str]:
    return {row["pk"] for row in SALTS.scan()}


def test_todays_and_tomorrows_are_made_once_and_for_ever(tables: Template) -> None:
    assert daily_salts.turn(LATE) == {"made": 2, "deleted": 0}
    made = {row["pk"]: row["salt"] for row in SALTS.scan()}
    assert made.keys() == {TODAY, TOMORROW}
    assert {len(salt) for salt in made.values()} == {32}
    assert daily_salts.turn(LATE) == {"made": 0, "deleted": 0}
    assert daily_salts.of_day(LATE) == made[TODAY]
    assert daily_salts.of_day(LATE + timedelta(minutes=10)) == made[TOMORROW]


def test_a_salt_goes_when_its_day_has_been_over_for_two(tables: Template) -> None:
    daily_salts.make(LATE)
    assert daily_salts.turn(LATE + timedelta(days=2))["deleted"] == 0
    assert daily_salts.turn(LATE + timedelta(days=3))["deleted"] == 1
    assert TODAY not in days()


def test_whoever_hashes_makes_none_and_asks_again_for_one_that_is_missing(tables: Template) -> None:
    assert daily_salts.of_day(LATE) is None
    assert days() == set()
    daily_salts.make(LATE)
    assert daily_salts.of_day(LATE + timedelta(seconds=9)) is None
    assert daily_salts.of_day(LATE + timedelta(seconds=11)) is not None


def test_a_salt_is_read_once_in_its_day_and_that_of_the_day_before_is_still_known(
    tables: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily_salts.make(LATE)
    early = LATE.replace(hour=0)
    salts = [daily_salts.of_day(early), daily_salts.of_day(LATE + timedelta(minutes=10))]
    monkeypatch.setattr(Table, "get", None)
    assert [daily_salts.of_day(LATE), daily_salts.of_day(LATE + timedelta(hours=23))] == salts


def test_the_schedule_makes_them_and_so_does_a_shops_first_day(cloud: Cloud) -> None:
    now = cloud.clock.now()
    run = cloud.schedule("turn_salts")
    assert run.result["made"] == 2
    cloud.clock.set_forward(now + timedelta(days=1))
    assert cloud.schedule("turn_salts").result == {"made": 1, "deleted": 0}
    settings = {"currency": "EUR", "zone": "Europe/Berlin"}
    later = (now + timedelta(days=5)).isoformat()
    cloud.invoke("onboard_merchant", {"shop_host": "shop.example", "time": later, **settings})
    assert (now + timedelta(days=5)).date().isoformat() in days()
