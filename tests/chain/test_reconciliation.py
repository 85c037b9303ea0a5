"""A shop's own export against what came by webhook: reported order by order, and loaded once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest

from sharetrail.reconciliation import reconcile
from tests import exports as written
from tests.chain.test_bad_input import is_problem
from tests.senders import a_woo_order, a_woo_refund, gmt, later, post_standard, send_woo
from tests.shops import Answer, Shop, usd

Row = dict[str, Any]


def send_export(shop: Shop, body: bytes, query: str = "", **headers: str) -> Answer:
    named = {
        "authorization": f"Bearer {shop.facts['secret_key']}",
        "content-type": "text/csv",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return shop.ask("POST", f"/v1/reconciliations{query}", body, named)


def told(shop: Shop, *rows: Row, query: str = "", header: list[str] = written.SHOPIFY) -> Any:
    answer = send_export(shop, written.text(header, *rows), query)
    assert answer.status == 200, answer.body
    return answer.json


def as_exported(shop: Shop) -> Callable[..., Row]:
    """Rows of orders placed a moment ago."""
    now = shop.cloud.clock.now().strftime("%Y-%m-%d %H:%M:%S +0000")
    return lambda order=1001, **more: written.shopify(order, **{"Created_at": now, **more})


def today(shop: Shop) -> str:
    """The day in New York, as the parameters of an export that was made of it."""
    day = (shop.cloud.clock.now() - timedelta(hours=5)).date()
    return f"?from={day}&to={day}"


def drained(shop: Shop) -> None:
    assert shop.cloud.drain()["failed"] == []


# ── telling ──────────────────────────────────────────────────────────────────────────────────────
def test_an_export_is_told_order_by_order_with_a_reason_for_each(shop: Shop) -> None:
    row = as_exported(shop)
    click = shop.click(shop.share().json["code"])
    shop.buy("1001", trail=click, visit=click)
    shop.buy("1002", trail="none")
    shop.buy("1003", trail="denied")
    shop.buy("1004")
    shop.buy("1005", test=True)
    shop.buy("1006", price="20.00")
    shop.buy("1007")
    drained(shop)
    rows = [row(n) for n in range(1001, 1007)]
    rows += [row(1008), row(1009, Total="12,50")]
    answer = told(shop, *rows, query=f"{today(shop)}&format=shopify")
    assert answer["format"] == answer["platform"] == "shopify"
    assert answer["order_counts"] == {
        "in_export": 8,
        "missing": 1,
        "differ": 1,
        "not_in_export": 1,
        "uncredited": 6,
        "passed_over": 0,
        "bad_rows": 1,
    }
    assert {each["id"]: each["code"] for each in answer["uncredited"]} == {
        "1002": "no_share_click",
        "1003": "consent_denied",
        "1004": "script_absent",
        "1005": "test_order",
        "1006": "script_absent",
    }
    (missing,) = answer["missing"]
    assert (missing["id"], missing["code"], missing["loaded"]) == ("1008", "webhook_missing", False)
    (differs,) = answer["differ"]
    assert differs["differences"] == [
        {"field": name, "here": "20.00", "here_amount": usd("20.00")}
        | {"export": "50.00", "export_amount": usd("50.00")}
        for name in ("subtotal", "total")
    ]
    assert [each["id"] for each in answer["not_in_export"]] == ["1007"]
    assert answer["bad_rows"][0]["row"] == 9
    assert answer["reasons"][0]["sentence"].startswith("2 of 7 orders say nothing of shares")
    sentences = [each["sentence"] for each in answer["uncredited"]]
    assert shop.order("1004")["why_no_credit"] in sentences


def test_an_order_outside_its_window_names_the_click(shop: Shop) -> None:
    click = shop.click(shop.share().json["code"])
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=31))
    shop.buy("1001", trail=click)
    drained(shop)
    (order,) = told(shop, as_exported(shop)())["uncredited"]
    assert order["code"] == "outside_window"
    assert order["sentence"].endswith("was outside the 30-day window.")


def test_an_order_whose_credits_are_not_computed_yet_is_not_missing(shop: Shop) -> None:
    shop.buy("1001")
    answer = told(shop, as_exported(shop)())
    assert [each["code"] for each in answer["uncredited"]] == ["not_yet_computed"]
    assert answer["missing"] == []


def test_the_days_of_the_export_say_what_else_was_to_be_in_it(shop: Shop) -> None:
    row = as_exported(shop)()
    shop.buy("1001")
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=1))
    shop.buy("1002")
    drained(shop)
    assert told(shop, row)["not_in_export"] == []
    assert told(shop, row, query="?from=2099-01-01")["not_in_export"] == []
    answer = told(shop, row, query=today(shop))
    assert [each["id"] for each in answer["not_in_export"]] == ["1002"]


def test_a_refund_and_a_cancellation_are_compared(shop: Shop) -> None:
    row = as_exported(shop)
    for order in ("1001", "1002"):
        shop.buy(order)
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "10.00"))
    drained(shop)
    assert told(shop, row(1001, Refunded_Amount="10.00"), row(1002))["differ"] == []
    at = row()["Created at"]
    answer = told(shop, row(1001), row(1002, Cancelled_at=at))
    assert [each["differences"][0]["field"] for each in answer["differ"]] == ["refunded", "state"]


# ── loading ──────────────────────────────────────────────────────────────────────────────────────
def test_what_is_missing_is_loaded_once_and_credited(shop: Shop) -> None:
    click = shop.click(shop.share().json["code"])
    row = as_exported(shop)(Note_Attributes=f"sharetrail: {click}\nsharetrail_visit: {click}")
    assert told(shop, row)["orders_loaded"] == 0
    assert told(shop, row, query="?load=true")["orders_loaded"] == 1
    drained(shop)
    again = told(shop, row, query="?load=true")
    assert (again["orders_loaded"], again["missing"], again["differ"]) == (0, [], [])
    order = shop.order("1001")
    assert (order["net"]["amount"], order["credits"]["last"][0]["credited"]["amount"]) == (
        "50.00",
        "50.00",
    )
    assert order["facts"][0]["source"] == "export"


def test_the_webhook_that_comes_after_all_moves_no_money(shop: Shop) -> None:
    shop.click(shop.share().json["code"])
    row = as_exported(shop)(Refunded_Amount="10.00")
    told(shop, row, query="?load=true")
    drained(shop)
    before = shop.order("1001")
    assert before["net"]["amount"] == "40.00"
    assert shop.buy("1001").json["new"] is False
    shop.deliver("orders/paid", shop.an_order("1001"))
    refund = shop.a_refund("1001", "9", "10.00")
    refund["created_at"] = (shop.cloud.clock.now() - timedelta(minutes=1)).isoformat()
    assert shop.deliver("refunds/create", refund).json["new"] is True
    drained(shop)
    assert shop.order("1001")["net"]["amount"] == "40.00"
    assert told(shop, row, query="?load=true")["orders_loaded"] == 0


def test_a_refund_that_came_before_its_order_counts_within_the_exports_sum(shop: Shop) -> None:
    shop.deliver("refunds/create", shop.a_refund("1001", "9", "4.00"))
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(hours=1))
    row = as_exported(shop)(Refunded_Amount="10.00")
    (missing,) = told(shop, row)["missing"]
    assert missing["code"] == "webhook_missing"
    told(shop, row, query="?load=true")
    drained(shop)
    assert shop.order("1001")["net"]["amount"] == "40.00"


def test_a_cancelled_order_is_loaded_as_one(shop: Shop) -> None:
    row = as_exported(shop)
    at = row()["Created at"]
    assert told(shop, row(Cancelled_at=at), query="?load=true")["orders_loaded"] == 1
    drained(shop)
    assert shop.order("1001")["net"]["amount"] == "0.00"


def test_loading_is_done_in_portions_that_add_up(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(reconcile, "MOST_LOADED", 2)
    rows = [as_exported(shop)(n) for n in range(1001, 1006)]
    answers = [told(shop, *rows, query="?load=true") for _ in range(4)]
    assert [(a["orders_loaded"], a["left_to_load"]) for a in answers] == [
        (2, 3),
        (2, 1),
        (1, 0),
        (0, 0),
    ]


def test_a_woocommerce_export_is_loaded_and_its_report_is_only_compared(shop: Shop) -> None:
    now = (shop.cloud.clock.now() - timedelta(hours=5)).strftime("%Y-%m-%d %H:%M:%S")
    row = written.plugin(order_date=now)
    assert told(shop, row, header=written.PLUGIN, query="?load=true")["orders_loaded"] == 1
    drained(shop)
    assert shop.order("1001", "woocommerce")["net"]["amount"] == "50.00"
    rows = [written.analytics(Date=now), written.analytics(1002, Date=now)]
    answer = told(shop, *rows, header=written.ANALYTICS, query="?load=true")
    assert (answer["format"], answer["differ"]) == ("woocommerce-analytics", [])
    (missing,) = answer["missing"]
    assert (missing["id"], missing["loaded"]) == ("1002", False)
    assert "no total" in missing["cannot_load"]


def test_the_buyers_address_is_stored_and_logged_nowhere(shop: Shop, capfd: Any) -> None:
    row = as_exported(shop)
    rows = [row(Email="secret-ann@example.com"), row(1002, Email="secret-ann@example.com", Id="?")]
    answer = send_export(shop, written.text(written.SHOPIFY, *rows), "?load=true")
    assert answer.json["orders_loaded"] == 1
    names = [name for key, name in shop.cloud.template.environment.items() if "_TABLE" in key]
    client = boto3.client("dynamodb")
    stored = json.dumps([client.scan(TableName=name)["Items"] for name in names], default=str)
    assert '"placed"' in stored
    assert "secret-ann" not in stored + answer.body.decode() + "".join(capfd.readouterr())
    shop.buy("1003", email="secret-ann@example.com")
    facts = [shop.order(order)["facts"][0]["sale"]["email_hash"] for order in ("1001", "1003")]
    assert facts[0] == facts[1]


def test_any_shops_export_is_loaded_and_its_webhook_moves_no_money_later(shop: Shop) -> None:
    click, now = shop.click(shop.share().json["code"]), shop.cloud.clock.now()
    row = written.standard(
        "2026/0001#7",
        placed_at=now.isoformat(timespec="milliseconds"),
        total="64.40",
        trail=click,
        email="a@example.com",
    )
    header = written.STANDARD_WITH_ALL
    assert told(shop, row, header=header, query="?load=true")["orders_loaded"] == 1
    drained(shop)
    data = {"order_id": "2026/0001#7", "currency": "USD", "subtotal": "50.00", "total": "64.40"}
    told_later = {"type": "order.placed", "timestamp": now.isoformat(), "data": data}
    assert post_standard(shop, told_later).json["new"] is False
    answer = told(shop, row, header=header)
    assert (answer["format"], answer["missing"], answer["differ"]) == ("standard", [], [])
    assert answer["currencies"]["USD"]["here_after_refunds"] == {
        "orders": 1,
        "summed": "net",
        "sum": usd("50.00"),
    }
    assert answer["uncredited"] == []


# ── repairing ────────────────────────────────────────────────────────────────────────────────────
def rows(shop: Shop) -> dict[str, Any]:
    """What shops told, as it is stored: by its whole key."""
    name = shop.cloud.template.environment["ORDERS_TABLE"]
    items = boto3.client("dynamodb").scan(TableName=name)["Items"]
    return {f"{i['pk']['S']} {i['sk']['S']}": i for i in items if "kind" in i}


def wait(shop: Shop, **time: int) -> None:
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**time))


def test_what_differs_is_repaired_by_adding_facts_and_once(shop: Shop) -> None:
    row = as_exported(shop)
    for order in ("1001", "1002", "1003", "1004", "1005"):
        shop.buy(order)
    shop.deliver("refunds/create", shop.a_refund("1003", "9", "20.00"))
    gone = {**shop.an_order("1004"), "cancelled_at": shop.cloud.clock.now().isoformat()}
    shop.deliver("orders/cancelled", gone)
    wait(shop, minutes=5)
    drained(shop)
    at = row()["Created at"]
    exported = [
        row(1001, Subtotal="40.00", Total="45.00", Shipping="5.00"),
        row(1002, Cancelled_at=at),
        row(1003, Refunded_Amount="5.00"),
        row(1004),
        row(1005, Currency="EUR"),
    ]
    before = rows(shop)
    dry = told(shop, *exported)
    assert (dry["orders_repaired"], rows(shop)) == (0, before)
    facts = {each["id"]: [fact["kind"] for fact in each["repair"]] for each in dry["differ"]}
    assert facts == {
        "1001": ["updated"],
        "1002": ["cancelled"],
        "1003": ["refund"],
        "1004": ["restored"],
        "1005": [],
    }
    (sum_,) = dry["differ"][2]["repair"]
    assert sum_["paid_back"]["amount"] == "5.00"
    assert sum_["sentence"] == "Refunds until now come to 5.00 USD in all."
    (hindrance,) = dry["differ"][4]["cannot_repair"]
    assert hindrance["field"] == "currency"
    answer = told(shop, *exported, query="?repair=true")
    assert (answer["orders_repaired"], answer["left_to_repair"]) == (4, 0)
    assert [each["repaired"] for each in answer["differ"]] == [True] * 4 + [False]
    drained(shop)
    nets = [shop.order(order)["net"]["amount"] for order in ("1001", "1002", "1003", "1004")]
    assert nets == ["40.00", "0.00", "45.00", "50.00"]
    after = rows(shop)
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 4
    assert all(after[key]["source"]["S"] == "export" for key in after.keys() - before)
    again = told(shop, *exported, query="?repair=true")
    assert ([each["id"] for each in again["differ"]], again["orders_repaired"]) == (["1005"], 0)
    assert rows(shop) == after


def test_repairing_is_done_in_portions_that_add_up(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(reconcile, "MOST_REPAIRED", 2)
    exported = [as_exported(shop)(n, Refunded_Amount="5.00") for n in (1001, 1002, 1003)]
    for order in ("1001", "1002", "1003"):
        shop.buy(order)
    wait(shop, minutes=5)
    drained(shop)
    counts = []
    for _ in range(3):
        answer = told(shop, *exported, query="?repair=true")
        counts.append((answer["orders_repaired"], answer["left_to_repair"]))
        drained(shop)
    assert counts == [(2, 1), (1, 0), (0, 0)]


def test_what_was_repaired_a_moment_ago_is_not_told_to_differ(shop: Shop) -> None:
    row = as_exported(shop)(Refunded_Amount="5.00")
    shop.buy("1001")
    wait(shop, minutes=5)
    drained(shop)
    assert told(shop, row, query="?repair=true")["orders_repaired"] == 1
    assert told(shop, row)["differ"] == []


def test_a_newer_webhook_takes_a_repairs_place(shop: Shop) -> None:
    placed_at = shop.cloud.clock.now()
    order = a_woo_order(placed_at)
    refunded = later(order, placed_at, refunds=[a_woo_refund(5, "-26.78")])
    send_woo(shop, "order.created", order)
    send_woo(shop, "order.updated", refunded)
    wait(shop, minutes=5)
    drained(shop)
    row = written.plugin(
        price="45.00",
        order_date=placed_at.isoformat(),
        order_total="59.50",
        shipping_total="5.00",
        tax_total="9.50",
    )
    answer = told(shop, row, header=written.PLUGIN, query="?repair=true")
    assert [each["repaired"] for each in answer["differ"]] == [True]
    drained(shop)
    assert shop.order("1001", "woocommerce")["net"]["amount"] == "45.00"
    wait(shop, minutes=5)
    gone = later(order, shop.cloud.clock.now(), status="cancelled")
    send_woo(shop, "order.updated", gone)
    drained(shop)
    assert shop.order("1001", "woocommerce")["net"]["amount"] == "0.00"
    wait(shop, minutes=5)
    answer = told(shop, row, header=written.PLUGIN, query="?repair=true")
    assert [fact["kind"] for fact in answer["differ"][0]["repair"]] == ["restored"]
    drained(shop)
    assert shop.order("1001", "woocommerce")["net"]["amount"] == "45.00"


def test_analytics_is_asked_by_when_orders_were_paid(shop: Shop) -> None:
    placed_at = shop.cloud.clock.now()
    wait(shop, days=10)
    paid_at = shop.cloud.clock.now()
    times = {"date_paid_gmt": gmt(paid_at), "date_modified_gmt": gmt(paid_at)}
    send_woo(shop, "order.updated", a_woo_order(placed_at, 1001, **times))
    send_woo(shop, "order.created", a_woo_order(placed_at, 1002))
    unpaid = {"date_paid_gmt": None, "status": "on-hold"}
    send_woo(shop, "order.created", a_woo_order(paid_at, 1003, **unpaid))
    send_woo(shop, "order.created", a_woo_order(paid_at, 1004))
    drained(shop)
    day = (paid_at - timedelta(hours=5)).strftime("%Y-%m-%d")
    row = written.analytics(1004, "45", Date=f"{day} 10:00:00")
    answer = told(shop, row, header=written.ANALYTICS, query=f"?from={day}&to={day}")
    assert [each["id"] for each in answer["not_in_export"]] == ["1001"]
    assert any(each.startswith("times: of payment") for each in answer["assumed"])
    plugin = written.plugin(1004, "45.00", order_date=f"{day} 10:00:00")
    answer = told(shop, plugin, header=written.PLUGIN, query=f"?from={day}&to={day}")
    assert [each["id"] for each in answer["not_in_export"]] == ["1003"]


# ── refusing ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "query",
    [
        "?format=excel",
        "?load=maybe",
        "?repair=maybe",
        "?colour=red",
        "?from=monday",
        "?from=2026-11-02&to=2026-11-01",
        "?from=0001-01-01",
        "?to=9999-12-31",
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(shop: Shop, query: str) -> None:
    body = written.text(written.SHOPIFY, as_exported(shop)())
    assert is_problem(send_export(shop, body, query), 400)


def test_an_unknown_header_names_what_is_missing(shop: Shop) -> None:
    answer = send_export(shop, b"Name,Total\n#1,5.00\n")
    assert is_problem(answer, 422)
    fields = {each["field"]: each["detail"] for each in answer.json["errors"]}
    assert fields["shopify"].startswith("lacks financial status, currency")


def test_no_text_is_a_problem_and_not_a_failure(shop: Shop) -> None:
    assert is_problem(send_export(shop, b"\xff\xfe\x00"), 400)
    assert is_problem(send_export(shop, b""), 422)
    assert is_problem(send_export(shop, b"x" * 4_000_001), 413)


def test_a_publishable_key_may_not_reconcile(shop: Shop) -> None:
    body = written.text(written.SHOPIFY, as_exported(shop)())
    headers = {"authorization": f"Bearer {shop.facts['publishable_key']}"}
    assert is_problem(send_export(shop, body, **headers), 403)
    assert is_problem(send_export(shop, body, authorization="Bearer sk_no"), 401)


def test_orders_of_a_shop_that_the_merchant_does_not_have_are_not_loaded(shop: Shop) -> None:
    other = Shop.onboard(shop.cloud, shop_host="other.example", shopify_domain=None)
    body = written.text(written.SHOPIFY, as_exported(shop)())
    for writing in ("?load=true", "?repair=true"):
        assert is_problem(send_export(other, body, writing), 422)
    assert send_export(other, body).status == 200
