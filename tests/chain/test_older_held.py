"""What waits for the merchant's word is told as long as it waits, whatever days a mail is about."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.runtime.memories import forget_clients
from local.template.declarations import Template
from sharetrail.aws import environment
from sharetrail.aws.tables import ORDERS
from sharetrail.report.building import held_orders
from sharetrail.report.held import OlderHeld
from sharetrail.report.keeping import reports
from sharetrail.report.report import Report
from tests.chain.test_coupons import give
from tests.chain.test_report import mailed, sell
from tests.conftest import BRISK_MAIL
from tests.report_pages import ReportPage, addresses_in, text_of
from tests.shops import Shop

MORNING = datetime(2026, 11, 16, 15, tzinfo=UTC)
HOUR, INSTANTLY = timedelta(hours=1), timedelta(seconds=2)
"""Of an order after its click: what nobody doubts, and what is held."""


@pytest.fixture
def shop(tables: Template, emulator: Emulator) -> Iterator[Shop]:
    with Cloud(emulator=emulator, prepared=True, parameters=BRISK_MAIL, start=MORNING) as cloud:
        yield Shop.onboard(cloud)


def last_mail(shop: Shop) -> str:
    (mail, *_) = shop.cloud.outbox.mails
    return " ".join(mail.text.split())


def overview(shop: Shop, report: Report) -> str:
    page = ReportPage(shop)
    address = page.link.url.replace(environment.public_base_url(), "")
    answer = page.follow(f"{address}?span={report.span.key}")
    assert answer.status == 200
    return answer.body.decode()


def decide(shop: Shop, order: str) -> None:
    (decision,) = shop.order(order)["decisions"]
    said = {"decision": decision["id"], "word": "released"}
    secret = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("POST", f"/v1/orders/shopify/{order}/decisions", said, secret).status == 200
    assert shop.cloud.drain()["failed"] == []


def test_an_order_that_waits_is_told_until_it_is_decided(shop: Shop) -> None:
    sell(shop, "ana", "1001", "60.00", after=INSTANTLY)
    sell(shop, "ben", "1002", "36.00", after=INSTANTLY)
    assert mailed(shop).older_held == OlderHeld()

    sell(shop, "cem", "1003", "50.00", after=HOUR)
    second = mailed(shop)
    assert (second.held.orders, second.older_held.asking.orders) == (0, 2)
    assert second.older_held.asking.amount == 9_600
    assert [each.ref for each in second.older_held.listed] == ["shopify/1001", "shopify/1002"]
    (task,) = [task for task in second.tasks if task.kind == "decide"]
    assert task.about == "shopify/1002", "the mail before told of the other"
    assert task.path == "orders/shopify/1002"
    waiting = "2 older orders, $96.00, wait for you."
    assert waiting in last_mail(shop)
    held = "Credit $36.00 to Ben? Held since November 16, 2026: "
    assert held in last_mail(shop)
    html = overview(shop, second)
    assert waiting in text_of(html)
    assert any(re.fullmatch(r"/reports/\w+/held", each) for each in addresses_in(html))

    decide(shop, "1001")
    third = mailed(shop)
    assert third.is_empty
    assert third.older_held.asking.orders == 1
    waiting = "The older order #1002, $36.00, waits for you."
    assert waiting in last_mail(shop)
    assert waiting in text_of(overview(shop, third)), "of a silent week, too"

    decide(shop, "1002")
    assert mailed(shop).older_held == OlderHeld()
    assert " for you." not in last_mail(shop)


def test_what_waits_in_the_days_themselves_or_is_unpaid_is_not_among_the_older(shop: Shop) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + INSTANTLY)
    told = {"visit": trail, "financial_status": "pending"}
    assert shop.buy("1001", "60.00", trail, **told).status == 200
    sell(shop, "ana", "1002", "20.00", after=INSTANTLY)
    first = mailed(shop)
    assert (first.held.asking.amount, first.held.unpaid.amount) == (2_000, 6_000)
    sell(shop, "ana", "1003", "30.00", after=INSTANTLY)
    second = mailed(shop)
    assert (second.held.asking.amount, second.older_held.asking.amount) == (3_000, 2_000)


def test_of_more_orders_than_are_looked_through_the_sum_is_the_least(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(shop, "ana", "1001", "60.00", after=INSTANTLY)
    mailed(shop)
    many_orders_long_ago(shop)
    for pages, are_more in ((9, False), (1, True)):
        monkeypatch.setattr(held_orders, "PAGES_OF_MAIL", pages)
        sell(shop, "ana", f"100{pages}9", "50.00", after=HOUR)
        report = mailed(shop)
        assert (report.older_held.asking.orders, report.older_held.are_more) == (1, are_more)
    (task,) = [each for each in report.tasks if each.kind == "decide"]
    assert "At least 1 older order, $60.00, waits for you." in last_mail(shop)
    assert task.about == "shopify/1001"


def many_orders_long_ago(shop: Shop) -> None:
    """More of them than a page looks through, of which the fraud rules say nothing."""
    rows = [
        {"pk": f"{shop.id}#shopify#{n}", "sk": "credits", "owner": shop.id}
        | {"day": f"2026-10-0{n}#shopify#{n}", "filler": "x" * 390_000}
        for n in range(1, 9)
    ]
    ORDERS.write_all(rows)


def test_where_none_waits_of_those_that_were_looked_at_mail_and_page_say_that_not_all_were(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page, which anybody opens as often as they like, looks through fewer than a mail."""
    sell(shop, "ana", "1001", "60.00", after=HOUR)
    mailed(shop)
    many_orders_long_ago(shop)
    sell(shop, "ana", "1002", "60.00", after=HOUR)
    report = mailed(shop)
    unsure = "Not all older orders were looked at."
    assert unsure not in last_mail(shop)
    assert unsure in text_of(html := overview(shop, report))
    assert any(re.fullmatch(r"/reports/\w+/held", each) for each in addresses_in(html))
    monkeypatch.setattr(held_orders, "PAGES_OF_MAIL", held_orders.PAGES_OF_PAGE)
    sell(shop, "ana", "1003", "60.00", after=HOUR)
    mailed(shop)
    assert unsure in last_mail(shop)


def test_a_held_order_that_came_without_a_click_is_told_in_silent_weeks(shop: Shop) -> None:
    """By a coupon code, to a shop of which no click or page event was ever heard."""
    shop.share(influencer={"id": "ana", "name": "Ana", "email": "buyer1001@example.com"})
    assert give(shop, "SPRING", "ana").status == 201
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + HOUR)
    code = {"code": "SPRING", "amount": "5.00", "type": "fixed_amount"}
    assert shop.buy("1001", "60.00", discount_codes=[code]).status == 200
    assert shop.cloud.drain()["failed"] == []
    first = mailed(shop)
    assert (first.held.asking.orders, first.last_event) == (1, None)
    second = mailed(shop)
    assert second.is_empty
    assert second.older_held.asking == first.held.asking
    assert "The older order #1001" in last_mail(shop)


def test_a_held_order_in_a_currency_without_a_rate_is_counted_until_it_is_decided(
    shop: Shop,
) -> None:
    trail = shop.click(shop.share("ana").json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + INSTANTLY)
    for order, status in (("1001", "paid"), ("1002", "pending")):
        told = {"visit": trail, "currency": "EUR", "financial_status": status}
        assert shop.buy(order, "60.00", trail, **told).status == 200
    assert shop.cloud.drain()["failed"] == []
    first = mailed(shop)
    assert (first.held.foreign, first.held.orders, first.older_held.foreign) == (1, 0, 0)
    waiting = "1 order in another currency waits for you."
    assert waiting in last_mail(shop)
    assert "no order waits" not in last_mail(shop)
    assert waiting in text_of(overview(shop, first))
    second = mailed(shop)
    assert (second.held.foreign, second.older_held.foreign) == (0, 1)
    assert second.older_held.asking.orders == 0
    assert waiting in last_mail(shop)
    assert waiting in text_of(html := overview(shop, second))
    assert any(re.fullmatch(r"/reports/\w+/held", each) for each in addresses_in(html))
    decide(shop, "1001")
    mailed(shop)
    assert " for you." not in last_mail(shop)


@pytest.fixture
def looks() -> Iterator[list[Any]]:
    """How often older orders are looked through: no other query leaves anything out."""
    made: list[Any] = []
    boto3.setup_default_session()
    forget_clients()
    boto3.DEFAULT_SESSION.events.register(
        "provide-client-params.dynamodb.Query",
        lambda params, **_: made.append(params) if "FilterExpression" in params else None,
    )
    yield made
    boto3.setup_default_session()
    forget_clients()


def test_a_mail_looks_for_older_orders_once_and_never_in_a_shops_first_week(
    looks: list[Any], shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "ALL_END_SINCE", shop.cloud.clock.now() - timedelta(days=9))
    sell(shop, "ana", "1001", "60.00", after=HOUR)
    mailed(shop)
    assert looks == [], "its first week, which has nothing before it"
    mailed(shop)
    assert len(looks) == 1, "silent: what waits may have come by a coupon code"
