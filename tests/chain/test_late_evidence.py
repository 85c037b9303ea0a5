"""Orders that wait for a click: asked again by themselves, ever more seldom, for two weeks."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.attribution import credits, late_evidence
from sharetrail.attribution.credit import PATIENCE
from sharetrail.aws.tables import AGENDA
from sharetrail.calendars import moment
from sharetrail.clicks import clicks
from sharetrail.clicks.click import Click
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.merchants import profiles
from sharetrail.sharing.coupon_codes import Ownership
from tests.chain.test_identities import ANN
from tests.rounds import pass_hours
from tests.shops import PHONE, Shop


def due(shop: Shop, order: str = "1001") -> datetime | None:
    """When it is asked again."""
    row = AGENDA.get(shop.id, f"retry#shopify#{order}") or {}
    return moment(row["at"]) if "at" in row else None


def a_click_that_is_not_there(shop: Shop) -> Click:
    who = Visitor(hash="00ff1e55c0ffee99", agent=PHONE, referrer="", country=None)
    return new_click(shop.id, shop.share("ana").json["code"], who, shop.cloud.clock.now())


def ask_when_due(shop: Shop, at: datetime) -> None:
    shop.cloud.clock.set_forward(at + timedelta(minutes=1))
    assert shop.run("sweep") == []


def test_an_order_is_asked_some_forty_times_in_two_weeks_and_then_let_be(shop: Shop) -> None:
    begun = shop.cloud.clock.now()
    shop.buy("1001", trail=a_click_that_is_not_there(shop).id)
    assert shop.cloud.drain()["failed"] == []
    asked = []
    while at := due(shop):
        asked.append(at)
        ask_when_due(shop, at)
    pauses = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert asked[0] - begun < timedelta(hours=1, minutes=1)
    assert timedelta(hours=1) <= min(pauses) <= max(pauses) < timedelta(hours=12, minutes=2)
    assert PATIENCE - timedelta(hours=12) < asked[-1] - begun < PATIENCE + timedelta(hours=13)
    assert 30 < len(asked) < 50


def test_an_order_that_its_shop_dates_ahead_is_first_asked_then(shop: Shop) -> None:
    placed = shop.cloud.clock.now().replace(microsecond=0) + timedelta(days=400)
    trail = a_click_that_is_not_there(shop).id
    shop.buy("1001", trail=trail, created_at=placed.isoformat())
    assert shop.cloud.drain()["failed"] == []
    assert due(shop) == placed + timedelta(hours=1)
    ask_when_due(shop, placed + timedelta(hours=1))
    assert timedelta(hours=2) < (due(shop) or placed) - placed < timedelta(hours=2, minutes=5)


def test_an_order_whose_code_is_nobodys_is_asked_once(shop: Shop) -> None:
    shop.buy("1001", discount_codes=[{"code": "ANA10"}])
    assert shop.cloud.drain()["failed"] == []
    at = due(shop)
    assert at
    ask_when_due(shop, at)
    assert due(shop) is None


def test_an_owner_told_while_an_order_is_attributed_is_followed_within_the_hour(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is in no index yet when all that lack something are asked."""
    shop.share("ana")
    now, save = shop.cloud.clock.now(), credits.save

    def slow(*args: Any) -> bool:
        code = Ownership(code="ANA10", influencer="ana", since=now - timedelta(days=1))
        late_evidence.tell_owner(profiles.find(shop.id, now), code, now)
        jobs.take(Job(kind="retry", merchant=shop.id, about=late_evidence.ALL), "9999")
        return save(*args)

    with monkeypatch.context() as patched:
        patched.setattr(credits, "save", slow)
        shop.buy("1001", discount_codes=[{"code": "ANA10"}])
        assert shop.cloud.drain()["failed"] == []
    assert shop.order("1001")["unknown_codes"] == ["ANA10"]
    pass_hours(shop.cloud, 1)
    assert shop.order("1001")["credits"]["last"][0]["influencer"] == "ana"


def test_an_order_that_has_its_click_is_asked_no_more(shop: Shop) -> None:
    click = a_click_that_is_not_there(shop)
    shop.buy("1001", trail=click.id)
    assert shop.cloud.drain()["failed"] == []
    clicks.save(click)
    at = due(shop)
    assert at
    ask_when_due(shop, at)
    assert shop.order("1001")["credits"]["last"][0]["influencer"] == "ana"
    assert due(shop) is None


def test_what_its_buyer_is_known_by_is_waited_for_too_and_by_nobody_said_to_be(shop: Shop) -> None:
    click = a_click_that_is_not_there(shop)
    shop.buy("1001", trail=click.id, **ANN)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=3))
    shop.buy("1002", **ANN)
    assert shop.cloud.drain()["failed"] == []
    order = shop.order("1002")
    assert (order["touches"], order["waiting_for"]) == ([], [])
    clicks.save(click)
    at = due(shop, "1002")
    assert at
    ask_when_due(shop, at)
    (line,) = shop.order("1002")["credits"]["last"]
    assert line["influencer"] == "ana"
    assert due(shop, "1002") is None


def test_a_click_that_its_buyer_was_known_by_and_that_has_ended_is_waited_for_by_nobody(
    shop: Shop,
) -> None:
    click = a_click_that_is_not_there(shop)
    shop.buy("1001", trail=click.id, **ANN)
    assert shop.cloud.drain()["failed"] == []
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + PATIENCE + timedelta(minutes=1))
    shop.buy("1002", **ANN)
    assert shop.cloud.drain()["failed"] == []
    assert due(shop, "1002") is None
