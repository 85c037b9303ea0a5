"""What a report knows of two weeks in a shop: its reason, its tasks, its people beside the week
before, and what is held."""

import csv
import io
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.template.declarations import Template
from sharetrail.aws import environment
from sharetrail.merchants import profiles
from sharetrail.report import span
from sharetrail.report.building import held_orders, order_silence
from sharetrail.report.keeping import reports
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.report import Report
from sharetrail.report.span import Span
from sharetrail.words import formats
from tests.chain.test_fraud import HOME
from tests.conftest import BRISK_MAIL
from tests.report_pages import ReportPage, shown, text_of
from tests.shops import ORIGIN, PHONE, Shop, monday, usd

MORNING = datetime(2026, 11, 16, 15, tzinfo=UTC)
"""A Monday at ten in New York: the first week is a whole one."""


@pytest.fixture
def shop(tables: Template, emulator: Emulator) -> Iterator[Shop]:
    with Cloud(emulator=emulator, prepared=True, parameters=BRISK_MAIL, start=MORNING) as cloud:
        yield Shop.onboard(cloud)


def sell(shop: Shop, by: str, order: str, price: str, *, after: timedelta) -> None:
    trail = shop.click(shop.share(by).json["code"], f"{PHONE} {order}")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + after)
    assert shop.buy(order, price, trail, visit=trail).status == 200
    assert shop.cloud.drain()["failed"] == []


def mailed(shop: Shop) -> Report:
    """Lets the week end; the report that is mailed of it."""
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "schedule_reports") == []
    merchant = profiles.find(shop.id, shop.cloud.clock.now())
    week: Span = span.last_due("week", shop.cloud.clock.now(), merchant.tz)
    kept = reports.find(shop.id, week)
    assert kept is not None
    return reports.read(shop.id, week, kept.snapshot)


def by_id(report: Report) -> dict[str, InfluencerLine]:
    return {line.id: line for line in report.influencers}


def test_a_second_week_stands_beside_the_first(shop: Shop) -> None:
    hour = timedelta(hours=1)
    sell(shop, "ana", "1001", "40.00", after=hour)
    sell(shop, "bob", "1002", "90.00", after=hour)
    first = mailed(shop)
    assert first.reason == ""
    assert first.before is None
    assert by_id(first)["ana"].revenue_before is None

    sell(shop, "ana", "1003", "70.00", after=hour)
    sell(shop, "ana", "1004", "25.00", after=timedelta(seconds=2))
    second = mailed(shop)
    ana = by_id(second)["ana"]
    assert (ana.revenue, ana.revenue_before) == (9_500, 4_000)
    assert (ana.orders, ana.orders_before) == (2, 1)
    assert ana.clicks_before == 1
    assert ana.score_before == by_id(first)["ana"].score
    assert ana.moved
    assert second.networks[0].revenue_before == 13_000
    assert second.reason == "One order makes the difference."
    assert [(line.id, line.revenue_before) for line in second.quiet] == [("bob", 9_000)]

    (held,) = second.held_orders
    assert (held.ref, held.amount, held.influencer) == ("shopify/1004", 2_500, "ana")
    assert held.why == "bought 2 seconds after the click"
    assert [task.kind for task in second.tasks] == ["decide", "ask"]
    (mail, *_) = shop.cloud.outbox.mails
    assert "Credit $25.00 to Ana? Held: bought 2 seconds after the click." in " ".join(
        mail.text.split()
    )
    assert "/orders/shopify/1004" in mail.html
    assert json.dumps([task.path for task in second.tasks]) == (
        '["orders/shopify/1004", "people/bob"]'
    )


def test_what_the_last_mail_said_is_not_said_again_where_there_is_more(shop: Shop) -> None:
    """Of two visitors to invite at most, those who were not named the week before."""
    visitors = [f"{n:08}" for n in range(3)]
    for week in (1, 2):
        for n, who in enumerate(visitors[: 3 if week == 2 else 1]):
            wish = {"key": "publishable_key", "influencer": {"id": who}}
            code = shop.share(**wish).json["code"]
            trail = shop.click(code, f"{PHONE} {week}{n}")
            shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
            assert shop.buy(f"10{week}{n}", f"{60 - n}.00", trail, visit=trail).status == 200
            assert shop.cloud.drain()["failed"] == []
        report = mailed(shop)
        told = [task.about for task in report.tasks if task.kind == "invite"]
        names = [line.id for line in sorted(report.influencers, key=lambda line: -line.revenue)]
        assert told == (names[:1] if week == 1 else names[1:])


def test_an_order_that_is_held_twice_is_told_alike_in_mail_and_on_both_pages(shop: Shop) -> None:
    """Half of it is in doubt, and all of it waits: in all, all of it is held."""
    person = {"id": "ana", "name": "Ana", "email": "again@example.com"}
    again: dict[str, Any] = {"email": "again@example.com", **HOME}
    assert shop.buy("1001", "10.00", "none", **again).status == 200
    shop.cloud.drain()
    trail = [shop.click(shop.share(influencer=each).json["code"]) for each in (person, {"id": "b"})]
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
    assert shop.buy("1002", "96.00", ",".join(trail), visit=trail[-1], **again).status == 200
    shop.cloud.drain()
    report = mailed(shop)
    doubt, wait = sorted(report.held_orders, key=lambda each: each.effect)
    assert (doubt.influencer, doubt.amount, doubt.in_all) == ("ana", 4_800, 9_600)
    assert (wait.influencer, wait.amount, wait.in_all) == ("b", 4_800, 9_600)
    assert wait.until is not None
    assert doubt.until is not None
    until = formats.day(wait.until.astimezone(ZoneInfo(report.zone)).date(), report.language)
    (task,) = [each for each in report.tasks if each.kind == "decide"]
    assert task.reason == (
        "Credit $48.00 to Ana? Held: the buyer’s e-mail is theirs. "
        f"The other $48.00 is released on {until}."
    )
    page, asked = ReportPage(shop), shown(doubt.until)
    for path in ("", "/held"):
        address = page.link.url.replace(environment.public_base_url(), "")
        answer = page.follow(f"{address}{path}?span={report.span.key}")
        text = text_of(answer.body.decode())
        assert f"$48.00 of Ana’s waits until you decide, at latest {asked}" in text
        assert ": the buyer’s e-mail is theirs." in text, text[text.index("$48.00 of Ana") :][:400]
        assert "It also waits until" in text
        assert "$48.00 of b’s waits until" in text
        assert "$96.00" in text
    in_all = "$48.00 of it waits for your word, and $48.00 for its date."
    for path in ("/held", "/orders/shopify/1002"):
        answer = page.follow(f"{address.partition('?')[0]}{path}")
        assert in_all in text_of(answer.body.decode())
    (told,) = [each for each in shop.read("/v1/held-orders")["items"] if each["id"] == "1002"]
    assert (told["waits_for_word"], told["waits_for_date"]) == (usd("48.00"), usd("48.00"))
    assert [(each["influencer"], each["credited"]["amount"]) for each in told["parts"]] == [
        ("ana", "48.00"),
        ("b", "48.00"),
    ]


# ── What strangers can cause ─────────────────────────────────────────────────────────────────────
HOUR = timedelta(hours=1)
STRANGER = {"key": "publishable_key", "influencer": {"id": "evil"}}


def order_unpaid(shop: Shop, count: int, price: str, *, after: timedelta = HOUR) -> None:
    """By a link that a visitor's browser made."""
    code = shop.share(**STRANGER).json["code"]
    for n in range(count):
        trail = shop.click(code, f"{PHONE} unpaid {n}")
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + after)
        told = {"visit": trail, "financial_status": "pending"}
        assert shop.buy(f"9{n:03}", price, trail, **told).status == 200
    assert shop.cloud.drain()["failed"] == []


def test_who_orders_without_paying_stands_below_who_sold_and_in_no_task(shop: Shop) -> None:
    sell(shop, "ana", "1001", "60.00", after=HOUR)
    order_unpaid(shop, 6, "5000.00")
    report = mailed(shop)
    ana, stranger = report.influencers
    assert (ana.id, ana.has_sold) == ("ana", True)
    assert (stranger.unpaid, stranger.earned, stranger.has_sold) == (3_000_000, 0, False)
    assert all(task.about != stranger.id for task in report.tasks)
    earned = report.earned
    assert (earned.influenced, earned.unpaid, earned.unpaid_orders) == (3_006_000, 3_000_000, 6)
    (mail, *_) = shop.cloud.outbox.mails
    told = " ".join(mail.text.split())
    assert "Not paid for yet: $30,000.00 of the revenue (6 orders)." in told

    sell(shop, "ana", "1002", "60.00", after=HOUR)
    second = mailed(shop)
    assert [(task.kind, task.about) for task in second.tasks] == [("thank", "ana")]
    (gone,) = second.quiet
    assert (gone.id, gone.revenue_before, gone.paid_before) == (stranger.id, 3_000_000, 0)
    assert gone.name not in shop.cloud.outbox.mails[0].text, "whom nobody ever paid for"


def test_the_sheets_columns_of_now_and_before_add_up_to_what_the_mail_says(shop: Shop) -> None:
    """Though whoever sold before alone is none of the days'."""
    for n in range(7):
        sell(shop, f"p{n}", f"100{n}", f"{10 + n}.00", after=HOUR)
    first = mailed(shop)
    sell(shop, "p0", "1010", "70.00", after=HOUR)
    second = mailed(shop)
    assert (len(second.influencers), len(second.quiet)) == (1, 6)
    (sheet,) = shop.cloud.outbox.mails[0].attachments
    rows = list(csv.DictReader(io.StringIO(sheet.text.removeprefix("\ufeff"), newline="")))
    now, before = (
        sum(round(float(row[column]) * 100) for row in rows)
        for column in ("credited_revenue", "credited_before")
    )
    assert (now, before) == (7_000, first.earned.influenced) == (7_000, 9_100)
    assert [row["rank"] for row in rows] == ["1", *[""] * 6]
    assert {row["credited_revenue"] for row in rows[1:]} == {"0.00"}
    silent = mailed(shop)
    assert (silent.is_empty, silent.quiet, silent.tasks) == (True, (), ()), "it is nobody's fault"


def test_days_at_whose_end_no_order_came_say_so_first(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two orders on Monday, and none until Sunday."""
    monkeypatch.setattr(order_silence, "FEW", 1)
    for order in ("1001", "1002"):
        sell(shop, "ana", order, "60.00", after=HOUR)
    mailed(shop)
    for order in ("1003", "1004"):
        sell(shop, "ana", order, "40.00", after=HOUR)
    report = mailed(shop)
    assert report.last_order == report.first
    assert report.reason == "No order came after Nov 23."
    assert report.tasks[0].about == "orders"
    assert "ask" not in [task.kind for task in report.tasks]
    text = " ".join(shop.cloud.outbox.mails[0].text.split())
    assert "1. Mend the order webhook Nothing was heard of the shop after Nov 23:" in text


def test_unpaid_orders_crowd_no_held_order_out_and_ask_for_no_word(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_orders, "MOST", 3)
    for n in range(4):
        sell(shop, "ana", f"10{n}", f"{40 + n}.00", after=timedelta(seconds=2))
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + HOUR)
    order_unpaid(shop, 4, "500.00", after=timedelta(seconds=2))
    report = mailed(shop)
    assert [each.order for each in report.held_orders] == ["103", "102", "101"]
    assert (report.held.asking.orders, report.held.asking.amount) == (4, 16_600)
    assert (report.held.unpaid.orders, report.held.unpaid.amount) == (4, 200_000)
    (task, *others) = report.tasks
    assert task.reason == "Credit $43.00 to Ana? Held, one of 4: bought 2 seconds after the click."
    assert "decide" not in {each.kind for each in others}
    (mail, *_) = shop.cloud.outbox.mails
    told = " ".join(mail.text.split())
    assert "Held: $166.00 until you decide (4 orders)." in told
    assert "$123.00 of 3 orders waits until you decide." in told


def view(shop: Shop, times: int) -> None:
    for n in range(times):
        events = [{"id": secrets.token_hex(8), "type": "view", "url": f"{ORIGIN}/products/mug"}]
        said = {"key": shop.facts["publishable_key"], "events": events * 5}
        headers = {"origin": ORIGIN, "content-type": "text/plain", "user-agent": f"{PHONE} {n}"}
        assert shop.ask("POST", "/v1/events", said, headers).status == 202


def orders_of_a_week(shop: Shop, first: int, *, has_script: bool) -> None:
    code = shop.share().json["code"]
    for n in range(4):
        trail = shop.click(code, f"{PHONE} {first} {n}")
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + HOUR)
        assert shop.buy(f"{first + n}", "40.00", trail if has_script else None).status == 200
    assert shop.cloud.drain()["failed"] == []


@pytest.mark.parametrize("has_script", [True, False])
def test_a_script_is_broken_where_paid_orders_say_so_whatever_views_come(
    shop: Shop, has_script: bool
) -> None:
    """Views of strangers stop where the shop's own go on, and go on where the shop's stop."""
    if has_script:
        view(shop, 9)
    orders_of_a_week(shop, 1000, has_script=True)
    mailed(shop)
    orders_of_a_week(shop, 2000, has_script=has_script)
    if not has_script:
        shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()) - 12 * HOUR)
        view(shop, 9)
    told = [(task.kind, task.about) for task in mailed(shop).tasks]
    assert (("mend", "script") in told) is not has_script


def test_what_a_shop_had_before_it_came_is_compared_with_nothing(shop: Shop) -> None:
    """Of a first week only the days since it was first heard of are known, whenever it came."""
    hour = timedelta(hours=1)
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=3))
    sell(shop, "ana", "1001", "40.00", after=hour)
    first = mailed(shop)
    assert first.heard_since == date(2026, 11, 19)
    assert first.is_first
    sell(shop, "ana", "1002", "70.00", after=hour)
    second = mailed(shop)
    assert second.before is not None
    assert (second.days_before, second.reason) == (4, "")
    assert by_id(second)["ana"].revenue_before == 4_000
    (mail, *_) = shop.cloud.outbox.mails
    assert "Sharing brought $70.00. Sharetrail ran on only 4 days the week before" in " ".join(
        mail.text.split()
    )
    sell(shop, "ana", "1003", "90.00", after=hour)
    third = mailed(shop)
    assert (third.days_before, third.reason) == (None, "One order makes the difference.")


def test_a_week_after_a_silent_one_is_not_the_shops_first(shop: Shop) -> None:
    hour = timedelta(hours=1)
    sell(shop, "ana", "1001", "40.00", after=hour)
    heard = mailed(shop).heard_since
    mailed(shop)
    sell(shop, "ana", "1002", "70.00", after=hour)
    third = mailed(shop)
    assert (third.before, third.heard_since, third.is_first) == (None, heard, False)
    (mail, *_) = shop.cloud.outbox.mails
    assert "after nothing was heard the week before." in " ".join(mail.text.split())


def test_orders_that_cost_nothing_were_not_refunded(shop: Shop) -> None:
    sell(shop, "ana", "1001", "0.00", after=timedelta(hours=1))
    assert mailed(shop).earned.returned_orders == 0
    (mail, *_) = shop.cloud.outbox.mails
    assert "The one order that sharing brought cost nothing." in " ".join(mail.text.split())
    sell(shop, "ana", "1002", "40.00", after=timedelta(hours=1))
    refund = shop.a_refund("1002", "1", "40.00")
    assert shop.deliver("refunds/create", refund).status == 200
    assert shop.cloud.drain()["failed"] == []
    assert mailed(shop).earned.returned_orders == 1
    (mail, *_) = shop.cloud.outbox.mails
    assert "was refunded or cancelled." in " ".join(mail.text.split())


def test_the_mail_says_what_somebody_costs_where_that_changes_what_to_do(shop: Shop) -> None:
    """Vic sells well, and costs far more; of Ana, who costs nothing, nothing is said."""
    for n in range(6):
        sell(shop, "vic", f"10{n}", "40.00", after=timedelta(minutes=30))
    sell(shop, "ana", "201", "90.00", after=timedelta(minutes=30))
    fee = {
        "kind": "fee",
        "cost": {"amount": "5000.00", "currency": "USD"},
        "from": "2026-11-16",
        "to": "2026-11-22",
        "influencer": "vic",
    }
    headers = {"authorization": f"Bearer {shop.facts['secret_key']}"}
    assert shop.ask("POST", "/v1/costs", fee, headers).status == 201
    report = mailed(shop)
    assert report.tasks[0].kind == "weigh"
    (mail,) = shop.cloud.outbox.mails
    for shows in (mail.text, text_of(f"<main>{mail.html}</main>")):
        told = " ".join(shows.replace("\u2060", "").split())
        assert "Look at what Vic costs" in told
        assert "They cost $5,000.00 and brought $240.00." in told
        assert "Thank Vic" not in told
    assert "/people/vic" in mail.html
