"""Weeks on the whole chain: kept once they are scored, and added up again where they change."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest

from local.cloud import Cloud
from sharetrail import calendars
from sharetrail.attribution import attribute_order, credits
from sharetrail.aws import environment
from sharetrail.aws.tables import TOTALS
from sharetrail.clicks import clicks
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.orders.order_fact import OrderRef
from tests.rounds import pass_hours
from tests.shops import PHONE, Shop, monday, usd

SCHEDULES = ("close_days", "score_influencers")


def bought(shop: Shop, order: str, price: str = "50.00", **more: Any) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(seconds=30))
    shop.buy(order, price, trail, **more)
    assert shop.cloud.drain()["failed"] == []


def scored(shop: Shop) -> dict[str, Any]:
    """Ana, once what is due is done."""
    assert shop.run(*SCHEDULES) == []
    return shop.read("/v1/influencers/ana")


def on_monday(shop: Shop) -> dict[str, Any]:
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    return scored(shop)


def in_a_night(shop: Shop) -> dict[str, Any]:
    """Of Tuesday, once: later on Monday what is late is scored at once."""
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=2))
    return scored(shop)


def revisions(shop: Shop) -> dict[str, int]:
    """Of the weeks of which something was heard, how often each was added up."""
    rows = TOTALS.query(f"{shop.id}#week")
    return {row["sk"]: row["revision"] for row in rows if "sums" in row}


def orders_of(ana: dict[str, Any]) -> float:
    """As her score counts them."""
    return round(ana["score"]["basis"]["orders_counted"])


def ref_of(shop: Shop) -> OrderRef:
    return OrderRef(merchant=shop.id, platform="shopify", id="1001")


def rung(shop: Shop) -> list[Any]:
    return [*TOTALS.query(f"{shop.id}#rung")]


def test_a_refund_that_comes_late_has_its_week_added_up_again_and_no_other(shop: Shop) -> None:
    shop.run("close_days", "close_days")  # and what older rules counted is closed
    bought(shop, "1001")
    on_monday(shop)
    bought(shop, "1002", "30.00")
    ana = on_monday(shop)
    assert ana["score"]["basis"]["orders_counted"] > 1
    first, second = sorted(revisions(shop))
    assert revisions(shop) == {first: 1, second: 1}, "the older week was read as it was kept"
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "50.00"))
    assert shop.cloud.drain()["failed"] == []
    assert [row["sk"] for row in rung(shop)] == [f"{first}#shopify#1001"]
    again = in_a_night(shop)
    assert revisions(shop) == {first: 2, second: 1}
    assert again["score"]["basis"]["orders_counted"] == 1
    assert rung(shop) == []


def test_a_week_of_orders_alone_is_scored_in_the_night_after_it(shop: Shop) -> None:
    shop.buy("1001", "50.00")
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("score_influencers") == []
    assert shop.read("/v1/removal-effects")["networks_by_order"] == {}


def test_an_order_that_a_new_zone_moves_counts_in_one_week(cloud: Cloud) -> None:
    """Late on Sunday in New York is Monday in Berlin."""
    shop = Shop.onboard(cloud, zone="America/New_York")
    midnight = calendars.start_of(monday(cloud.clock.now()).date(), ZoneInfo("America/New_York"))
    cloud.clock.set_forward(midnight - timedelta(hours=1))
    bought(shop, "1001")
    on_monday(shop)
    (first,) = revisions(shop)
    shop.onboarded(zone="Europe/Berlin")
    assert orders_of(in_a_night(shop)) == 1
    attribute_order.refresh(ref_of(shop), cloud.clock.now())
    second = f"{date.fromisoformat(first) + timedelta(days=7)}"
    assert {row["sk"].split("#")[0] for row in rung(shop)} == {first}, "the other is not over"
    cloud.clock.set_forward(cloud.clock.now() + timedelta(days=6))
    assert orders_of(on_monday(shop)) == 1
    assert {*revisions(shop)} == {second}, "and so does its click"
    assert rung(shop) == []


def test_of_two_who_attribute_an_order_at_once_the_older_reading_does_not_stay(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [shop.share(who).json["code"] for who in ("ana", "ben")]
    nobody = Visitor(hash="00ff1e55c0ffee99", agent=PHONE, referrer="", country=None)
    late = [new_click(shop.id, code, nobody, shop.cloud.clock.now()) for code in codes]
    bought(shop, "1000")
    shop.buy("1001", "50.00", ",".join(click.id for click in late))
    assert shop.cloud.drain()["failed"] == []
    on_monday(shop)
    now, save, raced = shop.cloud.clock.now(), credits.save, []

    def slow(*args: Any) -> bool:
        if not raced:
            raced.append(True)
            clicks.save(late[1])
            attribute_order.refresh(ref_of(shop), now)
        return save(*args)

    monkeypatch.setattr(credits, "save", slow)
    clicks.save(late[0])
    attribute_order.refresh(ref_of(shop), now)
    lines = shop.order("1001")["credits"]["linear"]
    assert sorted(line["influencer"] for line in lines) == ["ana", "ben"]
    assert len(rung(shop)) == 1
    in_a_night(shop)
    assert rung(shop) == [], "it was read as it was rung"


def test_who_loses_an_order_to_others_again_and_again_comes_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(shop, "1000")
    shop.buy("1001", "50.00")
    with monkeypatch.context() as patched:
        patched.setattr(credits, "save", lambda *_: False)
        assert shop.cloud.drain()["failed"]
    pass_hours(shop.cloud, 2)
    assert shop.order("1001")["net"]["amount"] == "50.00"


def test_an_object_that_was_lost_is_made_again(shop: Shop) -> None:
    bought(shop, "1001")
    before = on_monday(shop)
    s3, bucket = boto3.client("s3"), environment.reports_bucket()
    kept = s3.list_objects_v2(Bucket=bucket, Prefix=f"weeks/{shop.id}/")["Contents"]
    for each in kept:
        s3.delete_object(Bucket=bucket, Key=each["Key"])
    bought(shop, "1002")
    (lost,) = revisions(shop)
    assert (
        on_monday(shop)["score"]["basis"]["orders_counted"]
        > before["score"]["basis"]["orders_counted"]
    )
    assert revisions(shop)[lost] == 2


def test_what_is_held_of_an_influencers_credit_is_told_by_the_day_its_hold_ends(shop: Shop) -> None:
    buyer = {"email": "ana@example.com"}
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("PUT", "/v1/influencers/ana", buyer, headers).status == 200
    bought(shop, "1001", **buyer)
    placed = shop.order("1001")
    (decision,) = placed["decisions"]
    assert (decision["sign"], decision["effect"]) == ("self_email", "doubt")
    ana = on_monday(shop)
    ((day, amount),) = ana["held_until"].items()
    until = datetime.fromisoformat(decision["until"])
    assert day == str(calendars.local_day(until, ZoneInfo("America/New_York")))
    assert amount == usd("50.00")
    choice = {"decision": decision["id"], "word": "released"}
    path = "/v1/orders/shopify/1001/decisions"
    assert shop.ask("POST", path, choice, headers).status in (200, 201)
    assert shop.cloud.drain()["failed"] == []
    assert in_a_night(shop)["held_until"] == {}


def test_marks_and_effects_of_a_week_stand_once_they_were_told(shop: Shop) -> None:
    bought(shop, "1001")
    on_monday(shop)
    before = shop.read("/v1/removal-effects")
    shop.deliver("refunds/create", shop.a_refund("1001", "1", "50.00"))
    assert shop.cloud.drain()["failed"] == []
    in_a_night(shop)
    assert shop.read("/v1/removal-effects") == before
