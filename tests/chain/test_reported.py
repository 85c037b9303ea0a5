"""What others reported of comparable products, over HTTP as it happened: who is credited."""

import base64
import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from sharetrail.aws.tables import ORDERS
from tests.chain.test_coupons import give
from tests.senders import (
    a_charge,
    a_session,
    a_woo_order,
    gmt,
    later,
    meta,
    seconds,
    send_stripe,
    send_woo,
)
from tests.shops import SHOPIFY_DOMAIN, SHOPIFY_SECRET, Answer, Shop

COMPLETED = "checkout.session.completed"
NOTIFICATIONS_SECRET = "shpss_of_the_shops_own_notifications"


@pytest.fixture
def now(shop: Shop) -> datetime:
    """The beginning of a second, which shops tell: what is done in it is as old as its order."""
    return shop.stand_still()


def passed(shop: Shop, **time: float) -> datetime:
    return shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(**time))


def clicked(shop: Shop, by: str) -> str:
    return shop.click(shop.share(by).json["code"])


def credited(shop: Shop, platform: str = "shopify", order: str = "1001") -> Any:
    """The order's net, and whose it is by the last click; who has nothing of it is left out."""
    assert shop.cloud.drain()["failed"] == []
    told = shop.order(order, platform)
    lines = told["credits"].get("last", [])
    shares = {line["influencer"]: line["credited"]["amount"] for line in lines}
    return told["net"]["amount"], {who: share for who, share in shares.items() if float(share)}


def attributes(click: str) -> list[dict[str, str]]:
    return [
        {"name": "sharetrail", "value": click},
        {"name": "sharetrail_visit", "value": click},
    ]


def orders(shop: Shop) -> tuple[int, int]:
    """All of them, and the influenced."""
    totals = shop.read("/v1/stats")["totals"]
    return totals["orders"], totals["influenced_orders"]


# ── Shopify ──────────────────────────────────────────────────────────────────────────────────────
# ShopifySharp#919
def test_one_update_that_comes_many_times_at_once_by_two_subscriptions_is_one_order(
    shop: Shop, now: datetime
) -> None:
    shop.onboarded(webhook_secrets={"shopify": NOTIFICATIONS_SECRET})
    click = clicked(shop, "ana")
    order = shop.an_order("1", "150.00", updated_at=now.isoformat(), note_attributes=[])
    order |= {"created_at": now.isoformat(), "note_attributes": attributes(click)}
    told_elsewhere = {"admin_graphql_api_id": "gid://shopify/Order/1", **reversed_keys(order)}
    sends = [
        partial(deliver, shop, body, secret, str(n))
        for body, secret in ((order, SHOPIFY_SECRET), (told_elsewhere, NOTIFICATIONS_SECRET))
        for n in range(8)
    ]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda send: send(), sends))
    assert {answer.status for answer in answers} == {200}
    assert [answer.json["new"] for answer in answers].count(True) == 1
    assert credited(shop, order="1") == ("150.00", {"ana": "150.00"})
    assert orders(shop) == (1, 1)
    facts = [row for row in ORDERS.query(f"{shop.id}#shopify#1") if "kind" in row]
    assert len(facts) == 1


def deliver(shop: Shop, payload: dict[str, Any], secret: str, webhook: str) -> Answer:
    body = json.dumps(payload).encode()
    digest = hmac.digest(secret.encode(), body, hashlib.sha256)
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": "orders/updated",
        "x-shopify-shop-domain": SHOPIFY_DOMAIN,
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
        "x-shopify-webhook-id": webhook,
    }
    return shop.ask("POST", f"/v1/webhooks/shopify/{shop.id}", body, headers)


def reversed_keys(payload: dict[str, Any]) -> dict[str, Any]:
    return dict(reversed(payload.items()))


# shopify-api-js#916
def test_a_payment_that_is_told_twice_makes_one_credit(shop: Shop, now: datetime) -> None:
    said = {"note_attributes": attributes(clicked(shop, "ana"))}
    order = partial(shop.an_order, "1001", "100.00", **said)
    shop.deliver("orders/create", order(financial_status="pending", updated_at=now.isoformat()))
    for late in (1, 60):
        at = (now + timedelta(seconds=late)).isoformat()
        paid = order(financial_status="paid", updated_at=at, confirmation_number=str(late))
        answer = shop.deliver("orders/paid", paid, x_shopify_webhook_id=str(late))
        assert (answer.status, answer.json["new"]) == (200, late == 1)
    assert credited(shop) == ("100.00", {"ana": "100.00"})
    assert orders(shop) == (1, 1)


# ecommerce_integrations#425
@pytest.mark.parametrize("is_paid_first", [True, False])
def test_an_order_told_after_its_payment_keeps_the_payments_credit(
    shop: Shop, now: datetime, is_paid_first: bool
) -> None:
    click = clicked(shop, "ana")
    at = passed(shop, seconds=2)
    order = shop.an_order("1001", "100.00", created_at=at.isoformat(), updated_at=at.isoformat())
    created = partial(shop.deliver, "orders/create", order | {"financial_status": "pending"})
    after = (at + timedelta(seconds=2)).isoformat()
    of_payment = {"financial_status": "paid", "updated_at": after}
    paid = partial(
        shop.deliver, "orders/paid", order | of_payment | {"note_attributes": attributes(click)}
    )
    for send in (paid, created) if is_paid_first else (created, paid):
        assert send().status == 200
        shop.cloud.drain()
    assert credited(shop) == ("100.00", {"ana": "100.00"})
    assert shop.order("1001")["paid_at"] is not None


# goaffpro#112
def test_twenty_percent_are_due_on_goods_and_not_on_postage(shop: Shop, now: datetime) -> None:
    said = {"note_attributes": attributes(clicked(shop, "ana"))}
    shop.buy("1001", "511.67", total_price="576.67", **said)
    net, lines = credited(shop)
    assert (net, lines) == ("511.67", {"ana": "511.67"})


# AffiliateWP#2514
def test_somebodys_code_that_is_nobodys_leaves_the_click_its_credit(
    shop: Shop, now: datetime
) -> None:
    codes = [{"code": "WELCOME10", "amount": "5.00", "type": "fixed_amount"}]
    said = {"note_attributes": attributes(clicked(shop, "ana"))}
    shop.buy("1001", "50.00", discount_codes=codes, **said)
    assert credited(shop) == ("50.00", {"ana": "50.00"})


# ── WooCommerce ──────────────────────────────────────────────────────────────────────────────────
def stood(at: datetime, net: str = "100.00", **changes: Any) -> dict[str, Any]:
    """An order of goods alone."""
    line = {"product_id": 1, "name": "Mug", "quantity": 1, "subtotal": net, "total": net}
    alone = {"shipping_total": "0.00", "shipping_tax": "0.00", "total_tax": "0.00"}
    told = {"total": net, "line_items": [line], "coupon_lines": [], **alone, **changes}
    return a_woo_order(at, **told)


def said(trail: str, visit: str) -> list[dict[str, Any]]:
    return meta(_sharetrail=trail, _sharetrail_visit=visit)


# woocommerce-admin#5131
def test_an_open_checkout_is_counted_nowhere_until_it_is_paid(shop: Shop, now: datetime) -> None:
    click = clicked(shop, "ana")
    opened = passed(shop, seconds=1)
    told = {"status": "checkout-draft", "date_paid_gmt": None, "total": "110.00"}
    draft = stood(opened, shipping_total="10.00", meta_data=said(click, click), **told)
    send_woo(shop, "order.created", draft)
    send_woo(shop, "order.created", {**draft, "id": 1002})
    assert shop.cloud.drain()["failed"] == []
    assert orders(shop) == (0, 0)
    send_woo(shop, "order.deleted", {"id": 1002})
    paid_at = passed(shop, hours=2)
    changes = {"status": "processing", "date_paid_gmt": gmt(paid_at)}
    send_woo(shop, "order.updated", later(draft, paid_at, **changes))
    assert credited(shop, "woocommerce") == ("100.00", {"ana": "100.00"})
    assert orders(shop) == (1, 1)
    placed = datetime.fromisoformat(shop.order("1001", "woocommerce")["placed_at"])
    assert placed == paid_at


# woocommerce#68698
def test_an_error_for_a_deleted_refund_is_kept_and_asks_for_a_comparison(
    shop: Shop, now: datetime
) -> None:
    code = "woocommerce_rest_shop_order_invalid_id"
    error = {"code": code, "message": "Invalid ID.", "data": {"status": 404}}
    answer = send_woo(shop, "order.updated", error)
    assert answer.status == 202
    assert "reconciliations" in answer.json["reason"]
    assert "user" not in answer.json["reason"]
    (kept,) = shop.read("/v1/quarantine")["items"]
    assert kept["id"] == answer.json["quarantined"]


# woocommerce#58864
def test_a_coupon_in_capitals_that_takes_nothing_off_credits_its_owner(
    shop: Shop, now: datetime
) -> None:
    shop.share("ana")
    assert give(shop, "ti-p19k4klh2x", "ana").status == 201
    at = passed(shop, seconds=1)
    coupon = [{"id": 1, "code": "TI-P19K4KLH2X", "discount": "0", "discount_tax": "0"}]
    order = stood(at, "13784.00", coupon_lines=coupon, meta_data=said("none", "other"))
    order["line_items"][0]["subtotal"] = "19434.00"
    send_woo(shop, "order.created", order)
    assert credited(shop, "woocommerce") == ("13784.00", {"ana": "13784.00"})


# AffiliateWP#2708
@pytest.mark.parametrize("is_drained", [True, False])
def test_an_order_edited_by_hand_stays_with_whom_it_was(
    shop: Shop, now: datetime, is_drained: bool
) -> None:
    click = clicked(shop, "ana")
    at = passed(shop, seconds=1)
    order = stood(at, meta_data=said(click, click))
    send_woo(shop, "order.created", order)
    if is_drained:
        shop.cloud.drain()
    after = passed(shop, days=9)
    edited = stood(at, "80.00", status="completed")
    edited["line_items"][0]["subtotal"] = "100.00"
    send_woo(shop, "order.updated", later(edited, after, meta_data=[]))
    assert credited(shop, "woocommerce") == ("80.00", {"ana": "80.00"})


# AffiliateWP#614
@pytest.mark.parametrize("is_created_first", [True, False])
@pytest.mark.parametrize("is_clicked_before", [False, True])
def test_a_pending_order_that_was_taken_up_again_is_whose_click_led_to_its_payment(
    shop: Shop, now: datetime, is_clicked_before: bool, is_created_first: bool
) -> None:
    before = clicked(shop, "ben") if is_clicked_before else "none"
    opened = passed(shop, seconds=1)
    pending = stood(
        opened,
        "75.00",
        status="pending",
        date_paid_gmt=None,
        meta_data=said(before, before if is_clicked_before else "other"),
    )
    passed(shop, hours=2)
    click = clicked(shop, "ana")
    paid_at = passed(shop, minutes=5)
    trail = f"{before},{click}" if is_clicked_before else click
    paid = stood(opened, "2175.00", date_paid_gmt=gmt(paid_at), meta_data=said(trail, click))
    sends = [
        partial(send_woo, shop, "order.created", pending),
        partial(send_woo, shop, "order.updated", later(paid, paid_at)),
    ]
    for send in sends if is_created_first else sends[::-1]:
        assert send().status == 200
        shop.cloud.drain()
    assert credited(shop, "woocommerce") == ("2175.00", {"ana": "2175.00"})
    told = shop.order("1001", "woocommerce")
    assert told["influence"] == "last_click"
    linear = {line["influencer"] for line in told["credits"]["linear"]}
    assert linear == ({"ana", "ben"} if is_clicked_before else {"ana"})


# woocommerce#24086
def test_half_a_line_without_its_tax_says_that_it_was_read_pro_rata(
    shop: Shop, now: datetime
) -> None:
    taxed = {"total": "11.00", "total_tax": "1.00"}
    order = stood(now, "10.00", **taxed)
    order["line_items"][0] |= {"total_tax": "1.00"}
    refund = {"id": 9, "reason": "", "total": "-5.00", "total_tax": "0.00"}
    send_woo(shop, "order.created", order | {"refunds": [refund]})
    assert credited(shop, "woocommerce")[0] == "5.45"
    (told,) = shop.order("1001", "woocommerce")["refunds"]
    assert "pro rata" in told["sentence"]


# ── Stripe ───────────────────────────────────────────────────────────────────────────────────────
def opened(at: datetime, click: str, **changes: Any) -> dict[str, Any]:
    """A session of goods alone."""
    carried = {"sharetrail": click, "sharetrail_visit": click}
    alone = {"shipping_cost": None, "total_details": None, "metadata": carried}
    told = {"amount_total": 10_000, "created": seconds(at), **alone, **changes}
    return a_session(at, **told)


# superset#3995
def test_a_subscriptions_first_sale_is_credited_and_its_refund_is_told_as_waiting(
    shop: Shop, now: datetime
) -> None:
    click = clicked(shop, "ana")
    at = passed(shop, seconds=1)
    of_subscription = {"mode": "subscription", "payment_intent": None, "subscription": "sub_1"}
    first = opened(at, click, amount_total=2_000, invoice="in_1", **of_subscription)
    invoice = {"object": "invoice", "id": "in_1", "amount_paid": 2_000, "metadata": {}}
    assert send_stripe(shop, "invoice.paid", invoice).json["fact"] is None
    send_stripe(shop, COMPLETED, first)
    again = {**invoice, "id": "in_2", "billing_reason": "subscription_cycle"}
    assert send_stripe(shop, "invoice.paid", again, minutes=43_200).json["fact"] is None
    charge = a_charge(2_000, 2_000, payment_intent="pi_9")
    back = send_stripe(shop, "charge.refunded", charge, minutes=44_640)
    assert (back.status, back.json["new"]) == (200, True)
    assert credited(shop, "stripe", "cs_live_a1b2c3") == ("20.00", {"ana": "20.00"})
    assert shop.order("pi_9", "stripe")["state"] == "untold"
    assert orders(shop) == (1, 1)


# AI-Shipping-Labs#1423, PayumStripe#23
@pytest.mark.parametrize("is_late_first", [False, True])
@pytest.mark.parametrize("status", ["paid", "unpaid"])
def test_a_payment_that_took_days_is_credited_once_it_is_there(
    shop: Shop, now: datetime, status: str, is_late_first: bool
) -> None:
    click = clicked(shop, "ana")
    at = passed(shop, seconds=1)
    after = "checkout.session.async_payment_succeeded"
    sends = [
        partial(send_stripe, shop, COMPLETED, opened(at, click, payment_status="unpaid")),
        partial(send_stripe, shop, after, opened(at, click, payment_status=status), minutes=4_320),
    ]
    for n, send in enumerate(sends[::-1] if is_late_first else sends):
        assert send().status == 200
        shop.cloud.drain()
        assert orders(shop)[0] == int(is_late_first or n == 1)
    assert credited(shop, "stripe", "pi_1001") == ("100.00", {"ana": "100.00"})


# console#2438
def test_what_was_refunded_of_a_charge_takes_its_sum_of_the_credit(
    shop: Shop, now: datetime
) -> None:
    click = clicked(shop, "ana")
    at = passed(shop, seconds=1)
    send_stripe(shop, COMPLETED, opened(at, click))
    for minutes, amount in ((1, 1_000), (2, 1_500)):
        send_stripe(shop, "charge.refunded", a_charge(amount, 10_000), minutes=minutes)
    assert credited(shop, "stripe", "pi_1001") == ("85.00", {"ana": "85.00"})
