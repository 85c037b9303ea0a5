"""Which days are closed, and when whoever looks at them looks again: where a zone has changed,
where nobody noted anything, where somebody died in between, on a Monday."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

from local.cloud import Cloud
from local.runtime.memories import forget_facts
from sharetrail import calendars
from sharetrail.agenda import heard_hours, jobs, score_nights
from sharetrail.agenda.job import Job
from sharetrail.analysis import score_influencers
from sharetrail.aws.tables import AGENDA, REPORTS, TOTALS
from sharetrail.calendars import hour_of, iso
from sharetrail.clicks import clicks
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import closings, count_facts, five_minute_slots, local_days
from sharetrail.totals.tally import raw_clicks, rule_version
from tests.machines import crashing
from tests.rounds import pass_hours
from tests.shops import ORIGIN, PHONE, Shop, monday

WHENEVER = "9999"
"""As a round's time: after all of them."""


def clicked(shop: Shop, first: date, last: date) -> dict[date, int]:
    """Clicks of each of these days that has any."""
    tallies = local_days.between(merchant_of(shop), first, last, shop.cloud.clock.now())
    sums = {day: sum(map(raw_clicks, each.links.values())) for day, each in tallies.items()}
    return {day: number for day, number in sums.items() if number}


def merchant_of(shop: Shop) -> Merchant:
    merchant = profiles.read(shop.id)
    assert merchant is not None
    return merchant


def settle(shop: Shop, at: datetime) -> None:
    """What the schedules of some time queue is done."""
    shop.cloud.clock.set_forward(at)
    assert shop.run("close_days", "score_influencers", "sweep") == []


def due(shop: Shop, kind: str) -> list[str]:
    rows = AGENDA.query(shop.id, prefix=f"{kind}#")
    return [row["sk"].partition("#")[2] for row in rows if "due" in row]


# ── an upgrade ───────────────────────────────────────────────────────────────────────────────────
def forget_the_agenda(shop: Shop) -> None:
    """As a version left it that kept none."""
    table = boto3.resource("dynamodb").Table(shop.cloud.template.environment["AGENDA_TABLE"])
    for row in list(AGENDA.scan()):
        table.delete_item(Key={"pk": row["pk"], "sk": row["sk"]})
    forget_facts()


@pytest.mark.parametrize("later", [timedelta(minutes=20), timedelta(days=1, hours=9)])
def test_a_day_that_no_version_noted_is_closed_and_scored(shop: Shop, later: timedelta) -> None:
    start = shop.cloud.clock.now()
    code = shop.share().json["code"]
    for _ in range(3):
        shop.click(code)
    assert shop.cloud.drain()["failed"] == []
    forget_the_agenda(shop)
    settle(shop, start + later)
    settle(shop, monday(start))
    day = calendars.local_day(start, merchant_of(shop).tz)
    assert clicked(shop, day, day) == {day: 3}
    assert local_days.is_closed(shop.id, day)
    assert any(row["sk"].startswith("scores#") for row in REPORTS.query(shop.id))


def test_an_order_that_waited_before_an_upgrade_is_asked_about_after_it(shop: Shop) -> None:
    start = shop.cloud.clock.now()
    who = Visitor(hash="00ff1e55c0ffee99", agent=PHONE, referrer="", country=None)
    code = shop.share().json["code"]
    late = new_click(shop.id, code, who, start)
    shop.buy("1001", trail=late.id)
    assert shop.cloud.drain()["failed"] == []
    forget_the_agenda(shop)
    clicks.save(late)
    settle(shop, start + timedelta(hours=1))
    assert shop.order("1001")["credits"]


# ── a zone that was corrected ────────────────────────────────────────────────────────────────────
def evening(cloud: Cloud, hour: int) -> datetime:
    return (cloud.clock.now() + timedelta(days=1)).replace(
        hour=hour, minute=0, second=0, microsecond=0
    )


def three_clicks(shop: Shop, at: datetime) -> str:
    """And the link that was clicked."""
    shop.cloud.clock.set_forward(at)
    code: str = shop.share().json["code"]
    for _ in range(3):
        shop.click(code)
    return code


def test_clicks_of_the_first_day_are_in_a_day_of_the_zone_it_is_corrected_to(cloud: Cloud) -> None:
    shop = Shop.onboard(cloud, zone="UTC")
    at = evening(cloud, hour=13)
    three_clicks(shop, at)
    assert pass_hours(cloud, 2) == []
    shop.onboarded(zone="Pacific/Auckland")
    assert pass_hours(cloud, 2) == []
    day = calendars.local_day(at, ZoneInfo("Pacific/Auckland"))
    assert day == at.date() + calendars.DAY
    assert clicked(shop, at.date(), day) == {day: 3}
    settle(shop, at + timedelta(days=3))
    assert local_days.is_closed(shop.id, day)
    assert clicked(shop, at.date(), day) == {day: 3}


def test_a_closed_day_goes_on_where_its_zone_moves_west(cloud: Cloud) -> None:
    """And has all its clicks, be they fewer than it had."""
    shop = Shop.onboard(cloud, zone="UTC")
    at = evening(cloud, hour=1)
    code = three_clicks(shop, at)
    cloud.clock.set_forward(at + timedelta(hours=19))
    shop.click(code)
    assert cloud.drain()["failed"] == []
    midnight = at + timedelta(hours=23)
    settle(shop, midnight + timedelta(minutes=12))
    assert local_days.is_closed(shop.id, at.date())
    cloud.clock.set_forward(midnight + timedelta(minutes=50))
    shop.onboarded(zone="America/New_York")
    settle(shop, midnight + timedelta(hours=1, minutes=12))
    cloud.clock.set_forward(midnight + timedelta(hours=2))
    shop.click(code)
    assert cloud.drain()["failed"] == []
    first, last = at.date() - timedelta(days=2), at.date() + timedelta(days=2)
    expected = {at.date() - calendars.DAY: 3, at.date(): 2}
    assert clicked(shop, first, last) == expected
    settle(shop, midnight + timedelta(days=2))
    assert local_days.is_closed(shop.id, at.date())
    assert clicked(shop, first, last) == expected


@pytest.mark.parametrize("write", range(3))
def test_whoever_dies_while_days_are_closed_anew_is_followed_by_another(
    cloud: Cloud, write: int
) -> None:
    """Also where the agenda is younger than the days."""
    shop = Shop.onboard(cloud, zone="UTC")
    at = evening(cloud, hour=20)
    cloud.clock.set_forward(at)
    code = shop.share().json["code"]
    for _ in range(3):
        shop.click(code)
    assert cloud.drain()["failed"] == []
    settle(shop, at + timedelta(hours=5))
    assert local_days.is_closed(shop.id, at.date())
    forget_the_agenda(shop)
    jobs.note_done("rules", f"{rule_version()}")
    shop.onboarded(zone="Pacific/Auckland")
    with crashing(TOTALS, write, after=False):
        assert pass_hours(cloud, 2) == []
    day = at.date() + calendars.DAY
    assert pass_hours(cloud, 12) == []
    assert clicked(shop, at.date(), day) == {day: 3}


def test_a_day_noted_in_another_zone_is_noted_once_more(cloud: Cloud) -> None:
    shop = Shop.onboard(cloud, zone="UTC")
    before = merchant_of(shop)
    shop.onboarded(zone="America/New_York")
    merchant, day = merchant_of(shop), evening(cloud, hour=0).date()
    now = datetime.combine(day, datetime.min.time(), UTC)
    closings.note(before, day, now + timedelta(hours=1))
    jobs.take(Job(kind="close", merchant=shop.id, about=f"{day}"), WHENEVER)
    closings.note(merchant, day, now + timedelta(hours=25))
    assert due(shop, "close")[:1] == [f"{day}"]


# ── nights ───────────────────────────────────────────────────────────────────────────────────────
def test_what_was_told_of_before_the_night_and_done_after_it_has_a_night(shop: Shop) -> None:
    merchant, first = merchant_of(shop), monday(shop.cloud.clock.now()).date()
    two = calendars.start_of(first, merchant.tz) + timedelta(hours=2)
    score_nights.note(merchant, first - timedelta(days=3), two - timedelta(minutes=30))
    jobs.take(Job(kind="score", merchant=shop.id, about=f"{first}"), WHENEVER)
    score_nights.note(merchant, first - timedelta(days=3), two - timedelta(minutes=5))
    assert due(shop, "score") == [f"{first}"]


def test_a_page_event_has_nobody_scored_anew_once_reports_are_due(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.click(shop.share().json["code"])
    assert shop.cloud.drain()["failed"] == []
    eight = monday(shop.cloud.clock.now()).replace(minute=0)
    settle(shop, eight - timedelta(minutes=100))
    settle(shop, eight - timedelta(minutes=40))
    scored: list[datetime] = []
    refresh = score_influencers.refresh
    monkeypatch.setattr(
        score_influencers, "refresh", lambda *of: (scored.append(of[-1]), refresh(*of))[1]
    )
    for hour in range(1, 4):
        now = eight + timedelta(hours=hour)
        shop.cloud.clock.set_forward(now)
        view(shop, f"an-event-id-{hour}", now - timedelta(hours=23, minutes=50))
        assert shop.cloud.drain()["failed"] == []
        settle(shop, now + timedelta(minutes=32))
    assert scored == []
    settle(shop, eight + timedelta(hours=20))
    assert len(scored) == 1, "in the night"


def test_a_refund_on_a_monday_is_scored_within_the_hour(shop: Shop) -> None:
    shop.buy("1001", trail=shop.click(shop.share().json["code"]))
    assert shop.cloud.drain()["failed"] == []
    nine = monday(shop.cloud.clock.now()) + timedelta(hours=1)
    settle(shop, nine)
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "50.00"))
    assert shop.cloud.drain()["failed"] == []
    first = f"{nine.date()}"
    assert first in due(shop, "score")
    assert (AGENDA.get(shop.id, f"score#{first}") or {})["at"] < iso(nine)


# ── what is heard late ───────────────────────────────────────────────────────────────────────────
def view(shop: Shop, event: str, at: datetime) -> None:
    seen = {"id": event, "type": "view", "url": f"{ORIGIN}/", "at": iso(at)}
    beacon = {"key": shop.facts["publishable_key"], "events": [seen]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202


def test_hours_of_which_was_heard_late_are_looked_at_four_times_a_day(shop: Shop) -> None:
    at = evening(shop.cloud, hour=13)
    for hours in (0, 2, 4):
        shop.cloud.clock.set_forward(at + timedelta(hours=hours, minutes=20))
        view(shop, f"an-event-id-{hours}", at - timedelta(hours=5))
        row = AGENDA.get(shop.id, f"heal#{at - timedelta(hours=5):%Y-%m-%dT%H}") or {}
        assert row["at"] == iso(at + timedelta(hours=5))
        settle(shop, at + timedelta(hours=hours + 1))
        assert "heal" in row["due"]
    settle(shop, at + timedelta(hours=5, minutes=32))
    assert f"{at - timedelta(hours=5):%Y-%m-%dT%H}" not in due(shop, "heal")


def test_a_click_in_its_slot_and_not_in_its_closed_day_is_found(shop: Shop) -> None:
    """Its record rang the one, and was given up at the other."""
    code = shop.share().json["code"]
    shop.click(code)
    at = shop.cloud.clock.now()
    assert shop.cloud.drain()["failed"] == []
    settle(shop, at + timedelta(days=1, hours=3))
    who = Visitor(hash="00fe", agent=PHONE, referrer="", country="US")
    late = new_click(shop.id, code, who, at + timedelta(seconds=3))
    clicks.save(late)
    heard_hours.note(shop.id, late.at, shop.cloud.clock.now())
    for shard in count_facts.SHARDS_OF_CLICKS:
        start = five_minute_slots.start_of(late.at)
        five_minute_slots.project(shop.id, shard, start, shop.cloud.clock.now())
    shop.cloud.skip_stream("project_events")
    day = calendars.local_day(at, merchant_of(shop).tz)
    assert clicked(shop, day, day) == {day: 1}
    assert pass_hours(shop.cloud, 2) == []
    assert clicked(shop, day, day) == {day: 2}


def test_a_whole_day_is_not_closed_again_by_what_its_last_hour_is_looked_at_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = calendars.start_of(
        calendars.local_day(shop.cloud.clock.now(), merchant_of(shop).tz) + timedelta(days=2),
        merchant_of(shop).tz,
    )
    shop.cloud.clock.set_forward(midnight - timedelta(minutes=58))
    code = shop.share().json["code"]
    for minutes in (50, 30, 1):
        shop.cloud.clock.set_forward(midnight - timedelta(minutes=minutes))
        shop.click(code)
        view(shop, f"an-event-id-{minutes}", shop.cloud.clock.now())
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(midnight + timedelta(minutes=12))
    assert shop.run("close_days") == []
    again: list[Any] = []
    monkeypatch.setattr(closings, "close_again", lambda *of: again.append(of))
    shop.cloud.clock.set_forward(midnight + timedelta(minutes=32))
    assert shop.run("sweep") == []
    assert not again


def test_a_day_whose_looking_for_failed_is_closed_for_a_report_all_the_same(shop: Shop) -> None:
    at = shop.cloud.clock.now()
    code = shop.share().json["code"]
    shop.click(code)
    shop.cloud.skip_stream("project_events")
    about = f"{hour_of(at):%Y-%m-%dT%H}"
    jobs.take(Job(kind="heal", merchant=shop.id, about=about), WHENEVER)
    merchant = merchant_of(shop)
    day = calendars.local_day(at, merchant.tz)
    local_days.close_ended(merchant, day, day, at + timedelta(days=2))
    closed = TOTALS.get(f"{shop.id}#closed", f"{day}") or {}
    assert closed.get("facts") == 1
