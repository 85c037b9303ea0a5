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
from sharetrail.report.report import Report
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
    said = {"decision": decision["id"], "verdict": "released"}
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
    waiting = "2 orders of earlier weeks, $96.00, wait for you."
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
    waiting = "Order #1002 of an earlier week, $36.00, waits for you."
    assert waiting in last_mail(shop)
    assert waiting in text_of(overview(shop, third)), "of a silent week, too"

    decide(shop, "1002")
    assert mailed(shop).older_held == OlderHeld()
    assert "wait" not in last_mail(shop)


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
    long_ago = [
        {"pk": f"{shop.id}#shopify#{n}", "sk": "credits", "owner": shop.id}
        | {"day": f"2026-10-0{n}#shopify#{n}", "filler": "x" * 390_000}
        for n in range(1, 6)
    ]
    ORDERS.write_all(long_ago)
    for pages, are_more in ((9, False), (1, True)):
        monkeypatch.setattr(held_orders, "_PAGES", pages)
        sell(shop, "ana", f"100{pages}9", "50.00", after=HOUR)
        report = mailed(shop)
        assert (report.older_held.asking.orders, report.older_held.are_more) == (1, are_more)
    (task,) = [each for each in report.tasks if each.kind == "decide"]
    assert "At least 1 order of an earlier week, $60.00, waits for you." in last_mail(shop)
    assert task.about == "shopify/1001"


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


def test_a_shop_of_which_nothing_is_heard_pays_for_it_once_a_week_and_never_where_it_is_idle(
    looks: list[Any], shop: Shop
) -> None:
    mailed(shop)
    assert looks == [], "never heard of"
    sell(shop, "ana", "1001", "60.00", after=HOUR)
    mailed(shop)
    assert looks == [], "its first week, which has nothing before it"
    mailed(shop)
    assert len(looks) == 1, "silent, and heard of lately"
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(weeks=28))
    looks.clear()
    mailed(shop)
    assert looks == [], "idle: what was doubted then is told no more"
