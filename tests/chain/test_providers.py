"""WooCommerce and Stripe over HTTP: what a shop sends, what the order comes to, what is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest

from sharetrail.aws.tables import ORDERS
from tests.senders import (
    a_charge,
    a_dispute,
    a_session,
    a_stripe_refund,
    a_woo_order,
    a_woo_refund,
    an_event,
    later,
    meta,
    post_stripe,
    seconds,
    send_stripe,
    send_woo,
    stripe_signature,
    woo_signature,
)
from tests.shops import STRIPE_SECRET, Answer, Shop

COMPLETED = "checkout.session.completed"


@pytest.fixture
def now(shop: Shop) -> datetime:
    """The beginning of a second, which shops tell: what is done in it is as old as its order."""
    return shop.stand_still()


def facts(shop: Shop, platform: str, order: str) -> list[str]:
    rows = ORDERS.query(f"{shop.id}#{platform}#{order}")
    return [row["sk"] for row in rows if "kind" in row]


def everything(shop: Shop) -> list[Any]:
    name = shop.cloud.template.environment["ORDERS_TABLE"]
    return boto3.client("dynamodb").scan(TableName=name)["Items"]


def net(shop: Shop, platform: str, order: str = "1001") -> tuple[str, str]:
    """What the order is worth, and what its influencer is credited."""
    assert shop.cloud.drain()["failed"] == []
    told = shop.order(order, platform)
    return told["net"]["amount"], told["credits"]["last"][0]["credited"]["amount"]


# ── WooCommerce ──────────────────────────────────────────────────────────────────────────────────
def test_a_woocommerce_order_is_credited_refunded_and_cancelled(shop: Shop, now: datetime) -> None:
    click = shop.click(shop.share().json["code"])
    said = meta(_sharetrail=click, _sharetrail_visit=click)
    waiting = a_woo_order(now, status="pending", date_paid_gmt=None, meta_data=said)
    assert send_woo(shop, "order.created", waiting).json["new"]
    shop.cloud.drain()
    assert shop.order("1001", "woocommerce")["state"] == "unpaid"

    paid = later(a_woo_order(now, meta_data=said), now + timedelta(minutes=1))
    send_woo(shop, "order.updated", paid)
    assert net(shop, "woocommerce") == ("45.00", "45.00")
    assert shop.order("1001", "woocommerce")["influence"] == "last_click"

    part = later(paid, now + timedelta(minutes=2), refunds=[a_woo_refund(9, "-11.90")])
    send_woo(shop, "order.updated", part)
    assert net(shop, "woocommerce") == ("36.00", "36.00")

    more = [a_woo_refund(9, "-11.90"), a_woo_refund(10, "-47.60")]
    whole = later(part, now + timedelta(minutes=3), status="refunded", refunds=more)
    send_woo(shop, "order.updated", whole)
    assert net(shop, "woocommerce") == ("0.00", "0.00")

    undone = later(part, now + timedelta(minutes=4))  # the second refund was deleted
    send_woo(shop, "order.updated", undone)
    assert net(shop, "woocommerce") == ("36.00", "36.00")

    send_woo(shop, "order.updated", later(part, now + timedelta(minutes=5), status="cancelled"))
    assert net(shop, "woocommerce") == ("0.00", "0.00")
    assert shop.order("1001", "woocommerce")["cancelled"]


def test_a_woocommerce_order_in_the_trash_earns_nothing_until_it_is_back(
    shop: Shop, now: datetime
) -> None:
    click = shop.click(shop.share().json["code"])
    order = a_woo_order(now, meta_data=meta(_sharetrail=click))
    send_woo(shop, "order.created", order)
    send_woo(shop, "order.deleted", {"id": 1001})
    assert net(shop, "woocommerce") == ("0.00", "0.00")
    send_woo(shop, "order.restored", later(order, now + timedelta(hours=1)))
    assert net(shop, "woocommerce") == ("45.00", "45.00")


def test_without_the_script_an_order_is_credited_by_woocommerces_own_attribution(
    shop: Shop, now: datetime
) -> None:
    click = shop.click(shop.share().json["code"])
    entry = meta(_wc_order_attribution_session_entry=f"https://shop.example/mug?st={click}")
    send_woo(shop, "order.created", a_woo_order(now, meta_data=entry))
    assert net(shop, "woocommerce") == ("45.00", "45.00")
    (touch,) = shop.order("1001", "woocommerce")["touches"]
    assert touch["evidence"] == "landing"


def test_the_ping_is_answered_and_changes_nothing(shop: Shop) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    for provider, status in (("woocommerce", 200), ("stripe", 401), ("shopify", 401)):
        path = f"/v1/webhooks/{provider}/{shop.id}"
        assert shop.ask("POST", path, b"webhook_id=7", form).status == status
    unknown = shop.ask("POST", "/v1/webhooks/woocommerce/m_nobody", b"webhook_id=7", form)
    assert unknown.status == 200, "nothing is read for it"
    assert everything(shop) == []


def test_a_body_replayed_under_another_topic_or_shop_is_refused_or_the_same_fact(
    shop: Shop, now: datetime
) -> None:
    order = a_woo_order(now)
    send_woo(shop, "order.created", order)
    before = everything(shop)
    assert not send_woo(shop, "order.updated", order).json["new"]
    for answer in (
        send_woo(shop, "order.deleted", order),
        send_woo(shop, "order.updated", {"id": 1001}),
        send_woo(shop, "product.updated", order),
        send_woo(shop, "order.updated", order, x_wc_webhook_topic=None),
        send_woo(shop, "order.updated", order, x_wc_webhook_source="https://evil.example/"),
    ):
        assert answer.status == 422
    assert everything(shop) == before


# ── Stripe ───────────────────────────────────────────────────────────────────────────────────────
def test_a_stripe_order_is_credited_refunded_and_given_back_what_failed(
    shop: Shop, now: datetime
) -> None:
    click = shop.click(shop.share().json["code"])
    said = {"sharetrail": click, "sharetrail_visit": click}
    early = send_stripe(shop, "charge.refunded", a_charge(1_171), minutes=1)
    assert (early.status, early.json["new"]) == (200, True)
    shop.cloud.drain()
    assert shop.order("pi_1001", "stripe")["state"] == "untold"

    of_order = partial(net, shop, "stripe", "pi_1001")
    send_stripe(shop, COMPLETED, a_session(now, metadata=said))
    assert of_order() == ("36.00", "36.00")
    assert shop.order("pi_1001", "stripe")["influence"] == "last_click"
    send_stripe(shop, "charge.refunded", a_charge(2_342), minutes=2)
    assert of_order() == ("27.00", "27.00")
    for kind in ("refund.updated", "refund.failed"):
        send_stripe(shop, kind, a_stripe_refund(1_171), minutes=3)
    assert of_order() == ("36.00", "36.00")
    send_stripe(shop, "charge.refunded", a_charge(5_855), minutes=4)
    assert of_order() == ("0.00", "0.00")


def test_a_stripe_dispute_takes_the_credit_until_it_is_won(shop: Shop, now: datetime) -> None:
    click = shop.click(shop.share().json["code"])
    send_stripe(shop, COMPLETED, a_session(now, client_reference_id=click))
    of_order = partial(net, shop, "stripe", "pi_1001")
    warned = send_stripe(shop, "charge.dispute.created", a_dispute("warning_needs_response"))
    assert warned.json == {"order": None, "fact": None, "new": False}
    send_stripe(shop, "charge.dispute.created", a_dispute("needs_response"), minutes=1)
    assert of_order() == ("0.00", "0.00")
    send_stripe(shop, "charge.dispute.funds_reinstated", a_dispute("won"), minutes=2)
    send_stripe(shop, "charge.dispute.closed", a_dispute("won"), minutes=2)
    assert of_order() == ("45.00", "45.00")
    lost = {"id": "du_2"}
    send_stripe(shop, "charge.dispute.created", a_dispute("needs_response", **lost), minutes=3)
    send_stripe(shop, "charge.dispute.closed", a_dispute("lost", **lost), minutes=4)
    assert of_order() == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("currency", "sent", "text"), [("jpy", 500, "500"), ("kwd", 5_120, "5.120"), ("usd", 0, "0.00")]
)
def test_an_order_is_worth_what_its_currency_says(
    shop: Shop, now: datetime, currency: str, sent: int, text: str
) -> None:
    session = a_session(
        now, currency=currency, amount_total=sent, total_details=None, shipping_cost=None
    )
    send_stripe(shop, COMPLETED, session)
    line = {"product_id": 1, "name": "Mug", "quantity": 1, "subtotal": text, "total": text}
    order = a_woo_order(now, currency=currency.upper(), total=text, line_items=[line])
    send_woo(shop, "order.created", order)
    shop.cloud.drain()
    for platform, order_id in (("stripe", "pi_1001"), ("woocommerce", "1001")):
        told = shop.order(order_id, platform)
        assert (told["net"]["amount"], told["currency"]) == (text, currency.upper())


def test_a_stripe_test_order_is_stored_and_never_counted(shop: Shop, now: datetime) -> None:
    click = shop.click(shop.share().json["code"])
    session = a_session(now, livemode=False, metadata={"sharetrail": click})
    send_stripe(shop, COMPLETED, session, livemode=False)
    shop.cloud.drain()
    told = shop.order("pi_1001", "stripe")
    assert told["why_no_credit"] == "A test order is stored and never counted."
    assert shop.read("/v1/stats")["totals"]["orders"] == 0


def test_what_stripe_tells_and_we_do_not_use_is_received_and_not_stored(
    shop: Shop, now: datetime
) -> None:
    for answer in (
        send_stripe(shop, "customer.created", {"id": "cus_1", "object": "customer"}),
        send_stripe(shop, COMPLETED, a_session(now, payment_status="unpaid")),
        send_stripe(shop, "checkout.session.async_payment_failed", a_session(now)),
    ):
        assert (answer.status, answer.json["fact"]) == (200, None)
    assert everything(shop) == []


# ── both ─────────────────────────────────────────────────────────────────────────────────────────
def deliveries(shop: Shop, now: datetime) -> dict[str, Callable[[], Answer]]:
    return {
        "woocommerce": partial(send_woo, shop, "order.created", a_woo_order(now)),
        "stripe": partial(post_stripe, shop, an_event(COMPLETED, a_session(now), now)),
    }


@pytest.mark.parametrize(("provider", "order"), [("woocommerce", "1001"), ("stripe", "pi_1001")])
def test_the_same_delivery_at_once_and_a_month_later_is_one_fact(
    shop: Shop, now: datetime, provider: str, order: str
) -> None:
    deliver = deliveries(shop, now)[provider]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: deliver(), range(8)))
    assert {answer.status for answer in answers} == {200}
    assert [answer.json["new"] for answer in answers].count(True) == 1
    shop.cloud.clock.set_forward(now + timedelta(days=31))
    assert not deliver().json["new"]
    assert len(facts(shop, provider, order)) == 1


def odd_signatures(good: str) -> list[str | None]:
    return [
        None,
        "",
        "=",
        ",",
        good[:-4],
        good + good,
        good.swapcase(),
        "0" * 64,
        "a" * 8_000,
        "a," * 4_000,
        "é".encode().decode("latin-1"),
    ]


def test_an_odd_signature_is_refused_and_nothing_stored(shop: Shop, now: datetime) -> None:
    body = b'{"id": 1001}'
    signed = woo_signature(body)
    for odd in [*odd_signatures(signed), woo_signature(body, "another"), signed.encode().hex()]:
        answer = send_woo(shop, "order.deleted", body, x_wc_webhook_signature=odd)
        assert answer.status == 401, odd
    event = an_event(COMPLETED, a_session(now), now)
    body = str(event).encode()
    stamp = f"t={seconds(now)},v1="
    other = stripe_signature(body, now, "whsec_another")
    for odd in [*odd_signatures(other), *(f"{stamp}{o}" for o in odd_signatures(other))]:
        assert post_stripe(shop, event, stripe_signature=odd).status == 401, odd
    assert everything(shop) == []


@pytest.mark.parametrize(("off", "status"), [(-301, 401), (301, 401), (31_536_000, 401)])
def test_a_stripe_delivery_of_another_time_is_refused(shop: Shop, off: int, status: int) -> None:
    body = b'{"type": "ping"}'
    header = stripe_signature(body, shop.cloud.clock.now() + timedelta(seconds=off))
    assert post_stripe(shop, body, stripe_signature=header).status == status
    text = header.replace("t=", "t=soon")
    assert post_stripe(shop, body, stripe_signature=text).status == 401


BROKEN = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"id": NaN}',
    b"[" * 100_000,
    b'{"id": ' + b"1" * 5_000 + b"}",
    b'{"id": 1, "id": 2}',
    b"webhook_id=7",
]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_a_signed_body_that_is_no_json_is_refused(shop: Shop, body: bytes) -> None:
    assert send_woo(shop, "order.updated", body).status == 400
    text = body.decode(errors="ignore").encode()  # Stripe's library signs text alone
    if text == body:
        assert post_stripe(shop, body).status == 400


def test_half_a_letter_keeps_no_order_out(shop: Shop, now: datetime) -> None:
    """As JavaScript cuts "Mug 🫖" after five of its units."""
    line = {"product_id": 1, "name": "Mug \ud83e", "quantity": 1, "subtotal": "5", "total": "5"}
    assert send_woo(shop, "order.created", a_woo_order(now, line_items=[line])).status == 200
    shop.cloud.drain()
    order = shop.order("1001", "woocommerce")
    assert (order["net"]["amount"], order["facts"][0]["sale"]["lines"][0]["title"]) == (
        "5.00",
        "Mug ?",
    )


def test_a_body_over_a_megabyte_is_refused_before_its_signature_is_looked_at(shop: Shop) -> None:
    body = b" " * 1_000_001
    assert send_woo(shop, "order.updated", body, x_wc_webhook_signature="").status == 413
    assert post_stripe(shop, body, stripe_signature="").status == 413


@pytest.mark.parametrize(
    "change",
    [
        {"total": "-1.00"},
        {"total": "12,50"},
        {"total": "1e400"},
        {"total": None},
        {"currency": ""},
        {"currency": "dollars"},
        {"date_modified_gmt": "soon"},
    ],
)
def test_a_woocommerce_order_that_cannot_be_read_is_no_fact(
    shop: Shop, now: datetime, change: dict[str, Any]
) -> None:
    answer = send_woo(shop, "order.updated", {**a_woo_order(now), **change})
    assert answer.status in (202, 422)
    assert everything(shop) == []


@pytest.mark.parametrize(
    "change",
    [
        {"amount_total": -1},
        {"amount_total": "12,50"},
        {"amount_total": 1e400},
        {"amount_total": 12.5},
        {"currency": None},
        {"currency": "dollars"},
        {"id": "", "payment_intent": ""},
    ],
)
def test_a_stripe_session_that_cannot_be_read_is_no_fact(
    shop: Shop, now: datetime, change: dict[str, Any]
) -> None:
    answer = send_stripe(shop, COMPLETED, a_session(now, **change))
    assert answer.status in (202, 400, 422)  # Python writes 1e400 as Infinity, which is no JSON
    assert everything(shop) == []


def test_a_secret_that_is_rotated_signs_until_the_next_one(shop: Shop) -> None:
    for secret in ("whsec_2", "whsec_3"):
        shop.onboarded(webhook_secrets={"stripe": f" {secret}\n"})
        shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(minutes=2))
        at = shop.cloud.clock.now()
        header = stripe_signature(b'{"type": "x"}', at, secret)
        assert post_stripe(shop, b'{"type": "x"}', stripe_signature=header).status == 200
    old = stripe_signature(b'{"type": "x"}', at, "whsec_2")
    assert post_stripe(shop, b'{"type": "x"}', stripe_signature=old).status == 200
    oldest = stripe_signature(b'{"type": "x"}', at, STRIPE_SECRET)
    assert post_stripe(shop, b'{"type": "x"}', stripe_signature=oldest).status == 401


def test_onboarding_lists_every_providers_address(shop: Shop) -> None:
    for provider in ("shopify", "woocommerce", "stripe", "standard"):
        assert shop.facts["webhooks"][provider].endswith(f"/v1/webhooks/{provider}/{shop.id}")
    refused = shop.onboarded(webhook_secrets={"magento": "x"})
    assert refused["errors"]
