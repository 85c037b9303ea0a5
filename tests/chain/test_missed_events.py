"""Clicks and page events whose record was lost without a trace: found by when they were heard."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sharetrail.agenda import heard_hours
from sharetrail.aws import clients
from sharetrail.aws.items import dump
from sharetrail.aws.tables import AGENDA, EVENTS, TOTALS, Table
from sharetrail.calendars import hour_of, iso, local_day
from sharetrail.clicks import clicks
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.merchants import profiles
from sharetrail.totals import local_days, missed_events
from tests.chain.test_chain import weekly_mail
from tests.chain.test_faults import look
from tests.machines import crashing
from tests.rounds import pass_hours
from tests.shops import BROWSER, ORIGIN, PHONE, Shop

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def code(shop: Shop) -> str:
    """Of a link; it is a quarter past an hour, in the forenoon of the shop."""
    shop.cloud.clock.set_forward(forenoon(shop, minute=15))
    return shop.share().json["code"]


def forenoon(shop: Shop, **at: int) -> datetime:
    tomorrow = shop.cloud.clock.now() + timedelta(days=1)
    return tomorrow.replace(**{"hour": 15, "minute": 0, "second": 0, "microsecond": 0, **at})


@contextmanager
def lost(shop: Shop) -> Iterator[None]:
    """The records of what is written meanwhile are nowhere."""
    assert shop.cloud.drain()["failed"] == []
    yield
    shop.cloud.skip_stream("project_events")


def told(shop: Shop, day: date) -> dict[str, Any]:
    totals = shop.read(f"/v1/stats?from={day}&to={day}")["totals"]
    return {"clicks": totals["raw_clicks"], "views": totals["views"]}


def today(shop: Shop) -> date:
    return local_day(shop.cloud.clock.now(), NEW_YORK)


def view(shop: Shop, event: str, at: datetime) -> None:
    """A page was viewed at this time; `look` tells of none."""
    seen = {"id": event, "type": "view", "url": f"{ORIGIN}/", "at": at.isoformat()}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202


def heal_rows() -> list[dict[str, Any]]:
    return [row for row in AGENDA.scan() if row["sk"].startswith("heal#")]


# ── what is found ────────────────────────────────────────────────────────────────────────────────
def test_a_click_and_a_view_are_found_within_two_hours(shop: Shop, code: str) -> None:
    day = today(shop)
    with lost(shop):
        shop.click(code)
        view(shop, "an-event-id", shop.cloud.clock.now())
    assert told(shop, day) == {"clicks": 0, "views": None}
    assert pass_hours(shop.cloud, 1) == []
    assert told(shop, day) == {"clicks": 1, "views": 1}


def test_what_was_found_is_in_its_day_when_that_closes(shop: Shop, code: str) -> None:
    day = today(shop)
    with lost(shop):
        shop.click(code)
        look(shop, "an-event-id")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=12))
    assert pass_hours(shop.cloud, 3) == []
    assert local_days.is_closed(shop.id, day)
    assert told(shop, day) == {"clicks": 1, "views": 1}


def test_a_day_that_tells_no_time_of_anything_is_closed_as_well(shop: Shop, code: str) -> None:
    day = today(shop)
    with lost(shop):
        look(shop, "an-event-id")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=12))
    assert pass_hours(shop.cloud, 3) == []
    assert told(shop, day) == {"clicks": 0, "views": 1}


def test_a_click_that_came_by_the_queue_after_its_day_was_closed_closes_it_again(
    shop: Shop, code: str
) -> None:
    shop.click(code, BROWSER)
    assert shop.cloud.drain()["failed"] == []
    day, at = today(shop), shop.cloud.clock.now()
    shop.cloud.clock.set_forward(at + timedelta(hours=16))
    assert pass_hours(shop.cloud, 1) == []
    assert told(shop, day)["clicks"] == 1
    with lost(shop):
        save_late(shop, code, at)
    assert pass_hours(shop.cloud, 1) == []
    closed = TOTALS.get(f"{shop.id}#closed", f"{day}") or {}
    assert (told(shop, day)["clicks"], closed["facts"]) == (2, 2)


def save_late(shop: Shop, code: str, at: datetime) -> None:
    """A click that the redirect sent to the queue, which is worked off now."""
    who = Visitor(hash="00ff1e55c0ffee99", agent=PHONE, referrer="", country=None)
    body = json.dumps(dump(new_click(shop.id, code, who, at)))
    sent = {"SentTimestamp": f"{int(at.timestamp() * 1_000)}"}
    message = {"messageId": "a", "body": body, "attributes": sent}
    answer = shop.cloud.invoke("save_click", {"Records": [message]})
    assert answer == {"batchItemFailures": []}


def test_monday_knows_a_day_that_nobody_has_looked_for(shop: Shop, code: str) -> None:
    day = today(shop)
    with lost(shop):
        shop.click(code)
    weekly_mail(shop)
    assert local_days.is_closed(shop.id, day)
    assert told(shop, day)["clicks"] == 1


def test_a_repeat_behind_the_hour_is_one_though_the_click_before_it_rang_in_vain(
    shop: Shop, code: str
) -> None:
    """The later click's slot was folded before the earlier one was written."""
    hour = forenoon(shop, hour=17)
    shop.cloud.clock.set_forward(hour + timedelta(seconds=10))
    who = Visitor(hash="00ff1e55c0ffee99", agent=PHONE, referrer="", country=None)
    clicks.save(new_click(shop.id, code, who, hour + timedelta(seconds=5)))
    heard_hours.note(shop.id, hour, hour)
    assert pass_hours(shop.cloud, 2) == []
    with lost(shop):
        save_late(shop, code, hour - timedelta(seconds=5))
    assert pass_hours(shop.cloud, 1) == []
    verdicts = shop.read("/v1/stats")["totals"]["verdicts"]
    assert (verdicts["human"], verdicts["repeat"]) == (1, 1)


def test_what_is_whole_is_left_as_it_is_by_few_requests(shop: Shop, code: str) -> None:
    shop.click(code)
    look(shop, "an-event-id")
    assert shop.cloud.drain()["failed"] == []
    now = shop.cloud.clock.now()
    merchant = profiles.find(shop.id, now)
    asked: list[str] = []
    events = clients.dynamodb().meta.events
    events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name), "asked")
    missed_events.heal(merchant, f"{now:%Y-%m-%dT%H}", now)
    events.unregister("before-call.dynamodb", unique_id="asked")
    assert sorted(asked) == ["Query"] * 11, "ten shards and their totals"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("table", "write"), [(TOTALS, 0), (TOTALS, 1), (AGENDA, 0)])
def test_whoever_dies_at_a_write_is_followed_by_another(
    shop: Shop, code: str, table: Table, write: int, after: bool
) -> None:
    day = today(shop)
    with lost(shop):
        shop.click(code)
        view(shop, "an-event-id", shop.cloud.clock.now())
    with crashing(table, write, after):
        assert pass_hours(shop.cloud, 1) == []
    assert told(shop, day) == {"clicks": 1, "views": 1}
    assert not any("due" in row for row in heal_rows())


# ── marks ────────────────────────────────────────────────────────────────────────────────────────
def test_an_hour_is_noted_once_however_many_clicks_it_has(shop: Shop, code: str) -> None:
    for agent in (PHONE, BROWSER, PHONE):
        shop.click(code, agent)
    look(shop, "an-event-id")
    (row,) = heal_rows()
    hour = hour_of(shop.cloud.clock.now())
    assert row["sk"] == f"heal#{hour:%Y-%m-%dT%H}"
    assert row["at"] == iso(hour + timedelta(hours=1))


def test_where_its_hour_cannot_be_noted_a_click_goes_to_the_queue_as_well(
    shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setenv("AGENDA_TABLE", "gone")
        assert shop.follow(code).status == 302
    assert (len(list(EVENTS.scan())), heal_rows()) == (1, [])
    assert shop.follow(code, BROWSER).status == 302
    assert len(heal_rows()) == 1, "what could not be noted is noted by the next click"
    AGENDA.delete(shop.id, heal_rows()[0]["sk"])
    assert shop.cloud.drain()["failed"] == []
    assert len(list(EVENTS.scan())) == 2
    assert len(heal_rows()) == 1, "and by whoever saves it"


def test_an_hour_goes_on_being_noted_after_it_was_healed(shop: Shop, code: str) -> None:
    """A page event that comes late is of an hour that somebody may look at meanwhile."""
    day, hour = today(shop), hour_of(shop.cloud.clock.now())
    view(shop, "an-event-id", shop.cloud.clock.now())
    at = hour + timedelta(hours=2, minutes=50)
    for event in ("another-event-id", "a-third-event-id"):
        shop.cloud.clock.set_forward(at)
        with lost(shop):
            view(shop, event, hour)
        shop.cloud.clock.set_forward(at + timedelta(hours=6))
        assert shop.run("sweep") == []
        at = shop.cloud.clock.now() + timedelta(minutes=1)
    assert told(shop, day)["views"] == 3
