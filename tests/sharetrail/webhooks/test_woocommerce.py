"""WooCommerce's snapshots, read: what an order comes to, and what it is worth when."""

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharetrail.aws.items import dump
from sharetrail.clicks.click import mint_click_id
from sharetrail.merchants import person_hashes, vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact, Sale
from sharetrail.webhooks import woocommerce
from sharetrail.webhooks.delivery import Delivery, Mismatch, NotUnderstood
from sharetrail.webhooks.signature import Unsigned
from tests.senders import Payload, a_merchant, a_woo_order, a_woo_refund, later, meta, woo_signature
from tests.shops import HOST, WOOCOMMERCE_SECRET

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
CLICK = mint_click_id(AT, 0, 0)
CODE = "0123456789"


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return a_merchant(AT, "shop.example.de")


def delivery(merchant: Merchant, payload: Any, topic: str, **headers: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {"x-wc-webhook-topic": topic, "x-wc-webhook-source": f"https://{HOST}/", **named}
    return Delivery(
        platform="woocommerce",
        merchant=merchant,
        headers=told,
        payload=payload,
        now=AT + timedelta(hours=1),
    )


def read(merchant: Merchant, payload: Any, topic: str = "order.updated", **headers: str) -> Fact:
    order, fact = woocommerce.read(delivery(merchant, payload, topic, **headers))
    assert (order.merchant, order.platform) == (merchant.id, "woocommerce")
    return fact


def sale(merchant: Merchant, **changes: Any) -> Sale:
    told = read(merchant, a_woo_order(AT, **changes)).sale
    assert told
    return told


def order_of(merchant: Merchant, *payloads: Payload) -> Order | None:
    return fold_facts(read(merchant, payload) for payload in payloads)


# ── what an order is worth ───────────────────────────────────────────────────────────────────────
def test_net_is_the_items_after_discounts_without_tax_and_shipping(merchant: Merchant) -> None:
    told = sale(merchant)
    assert (told.net, told.discounts) == (4_500, 500)
    assert (told.total, told.tax, told.shipping) == (5_950, 950, 500)
    (line,) = told.lines
    assert (line.product, line.title, line.quantity, line.net) == ("93", "Mug", 2, 4_500)
    assert (told.name, told.codes, told.placed_at) == ("#1001", ("spring5",), AT)


def test_items_come_without_tax_whatever_the_shops_prices_carry(merchant: Merchant) -> None:
    told = sale(merchant, prices_include_tax=True)
    assert (told.net, told.tax_included) == (4_500, True)


def test_a_fee_below_zero_is_a_discount_and_one_above_is_no_revenue(merchant: Merchant) -> None:
    fees = [{"id": 1, "name": "Gift card", "total": "-20.00"}, {"id": 2, "total": "3.00"}]
    told = sale(merchant, fee_lines=fees)
    assert (told.net, told.discounts) == (2_500, 2_500)


@pytest.mark.parametrize(
    ("currency", "total", "net"),
    [("JPY", "4500", 4_500), ("KWD", "4.500", 4_500), ("USD", "0.00", 0), ("JPY", "4500.00", 4500)],
)
def test_amounts_are_minor_units_of_their_currency(
    merchant: Merchant, currency: str, total: str, net: int
) -> None:
    line = {"name": "Mug", "product_id": 1, "quantity": 1, "subtotal": total, "total": total}
    told = sale(merchant, currency=currency, line_items=[line], total=total)
    assert (told.net, told.total, told.currency) == (net, net, currency)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"total": "12,50"}, None),
        ({"total": "1e400"}, None),
        ({"total": 1e308}, None),
        ({"total": "-1.00"}, None),
        ({"currency": ""}, None),
        ({"currency": None}, "currency"),
        ({"date_modified_gmt": None}, "date_modified_gmt"),
        ({"date_modified_gmt": "0001-01-01T00:00:00"}, "date_modified_gmt"),
        ({"date_created_gmt": "9999-12-31T23:59:59-14:00"}, "date_created_gmt"),
        ({"id": ""}, "id"),
        ({"line_items": {}}, "line_items"),
    ],
)
def test_what_cannot_be_read_says_why(
    merchant: Merchant, change: Payload, field: str | None
) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        read(merchant, a_woo_order(AT, **change))
    assert getattr(raised.value, "status", 500) == 422
    assert field is None or field in raised.value.errors  # type: ignore[attr-defined]


def test_what_is_long_is_cropped_and_fits_a_table(merchant: Merchant) -> None:
    payload = a_woo_order(AT, number="9" * 9_000, coupon_lines=[{"code": "c" * 100}] * 50)
    payload["coupon_lines"][3] = {"code": "c" * 101}
    line = {**payload["line_items"][0], "name": "😀" * 5_000, "quantity": 0.5}
    payload |= {"line_items": [line] * 900, "meta_data": meta(_sharetrail="x" * 9_000)}
    payload["refunds"] = [a_woo_refund(10**90 + n, "-1.00") for n in range(200)]
    fact = read(merchant, payload)
    assert len(json.dumps(dump(fact), ensure_ascii=False).encode()) < 400_000
    told = fact.sale
    assert told
    assert (len(told.lines), told.lines[0].title, told.lines[0].quantity) == (500, "😀" * 60, 1)
    # What is longer than any code is none: cropped, it could read as another.
    assert (len(told.name), told.codes) == (100, ("c" * 100,) * 19)
    assert (told.net, len(told.trail or "")) == (900 * 4_500, 1_000)


# ── what its status says ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("status", "paid", "unpaid"),
    [
        ("processing", "placed", "placed"),
        ("on-hold", "placed", "placed"),
        ("completed", "placed", "placed"),
        ("refunded", "placed", "placed"),
        ("pending", "pending", "pending"),
        ("checkout-draft", "pending", "pending"),
        ("failed", "cancelled", "pending"),
        ("cancelled", "cancelled", "pending"),
        ("trash", "cancelled", "pending"),
        ("shipped", "placed", "pending"),
    ],
)
def test_a_status_is_a_state(merchant: Merchant, status: str, paid: str, unpaid: str) -> None:
    for payload, state in (
        (a_woo_order(AT, status=status), paid),
        (a_woo_order(AT, status=status, date_paid_gmt=None), unpaid),
    ):
        snapshot = read(merchant, payload).snapshot
        assert snapshot
        assert snapshot.state == state


def test_an_order_is_none_until_somebody_pays_or_promises_to(merchant: Merchant) -> None:
    waiting = a_woo_order(AT, status="pending", date_paid_gmt=None)
    assert order_of(merchant, waiting) is None
    gone = later(waiting, AT + timedelta(hours=1), status="cancelled")
    assert order_of(merchant, waiting, gone) is None, "the hold on its stock ran out"
    held = later(waiting, AT + timedelta(hours=1), status="on-hold")
    order = order_of(merchant, held, waiting)
    assert order
    assert (order.net, order.placed_at, order.cancelled_at) == (
        4_500,
        AT + timedelta(hours=1),
        None,
    )
    never = later(waiting, AT + timedelta(hours=2), status="cancelled")
    order = order_of(merchant, never, held)
    assert order
    assert (order.net, order.cancelled_at) == (0, AT + timedelta(hours=2))


def test_a_trashed_order_is_worth_nothing_until_it_is_restored(merchant: Merchant) -> None:
    placed = read(merchant, a_woo_order(AT), "order.created")
    trashed = read(merchant, {"id": 1001}, "order.deleted")
    order = fold_facts([trashed, placed])
    assert order
    assert (order.net, order.cancelled_at) == (0, AT + timedelta(hours=1))
    back = read(merchant, later(a_woo_order(AT), AT + timedelta(hours=2)), "order.restored")
    order = fold_facts([trashed, back, placed])
    assert order
    assert (order.net, order.cancelled_at) == (4_500, None)


# ── refunds ──────────────────────────────────────────────────────────────────────────────────────
def test_refunds_are_amounts_and_count_pro_rata_of_what_was_paid(merchant: Merchant) -> None:
    placed = a_woo_order(AT)
    some = [a_woo_refund(1, "-11.90")]
    part = later(placed, AT + timedelta(days=1), refunds=some)
    order = order_of(merchant, part, placed)
    assert order
    assert (order.net, order.refunded) == (3_600, 900)
    whole = later(
        placed,
        AT + timedelta(days=2),
        status="refunded",
        refunds=[*some, a_woo_refund(2, "-47.60")],
    )
    order = order_of(merchant, whole, placed, part)
    assert order
    assert (order.net, order.refunded) == (0, 4_500)
    again = later(placed, AT + timedelta(days=3), refunds=some)  # the second was deleted
    order = order_of(merchant, whole, placed, again, part)
    assert order
    assert order.refunded == 900


# ── the digest ───────────────────────────────────────────────────────────────────────────────────
def test_the_same_state_is_one_fact_whatever_the_topic_and_the_noise(merchant: Merchant) -> None:
    payload = a_woo_order(AT)
    noisy = {**payload, "customer_note": "Ring twice", "_links": {}, "version": "9.9"}
    told = [
        read(merchant, payload, "order.created"),
        read(merchant, noisy),
        read(merchant, copy.deepcopy(payload)),
    ]
    assert len({fact.sk for fact in told}) == 1
    assert told[0].sk.startswith("snapshot#20261102T120000#")


def test_two_states_of_one_second_are_two_facts(merchant: Merchant) -> None:
    payload = a_woo_order(AT)
    states = [
        payload,
        {**payload, "status": "on-hold", "total": "59.51"},
        {**payload, "status": "cancelled"},
        {**payload, "refunds": [a_woo_refund(1, "-1.00")]},
    ]
    assert len({read(merchant, each).sk for each in states}) == 4


# ── who, and by which way ────────────────────────────────────────────────────────────────────────
def test_people_are_kept_as_hashes_and_a_guest_has_no_number(merchant: Merchant) -> None:
    known, guest = sale(merchant), sale(merchant, customer_id=0)
    assert known.customer
    assert guest.customer is None
    assert known.email == person_hashes.of_email(merchant.id, " Buyer@Example.com", AT)
    assert "example.com" not in repr(read(merchant, a_woo_order(AT)))


def test_the_trail_is_in_the_orders_meta(merchant: Merchant) -> None:
    told = sale(merchant, meta_data=meta(_sharetrail=CLICK, _sharetrail_visit="other"))
    assert (told.trail, told.visit) == (CLICK, "other")
    odd = [{"key": "_sharetrail", "value": {"a": 1}}, {"key": "x", "value": ["y"]}, {"key": "z"}]
    assert sale(merchant, meta_data=odd).trail is None


def test_without_the_script_woocommerces_own_attribution_names_the_click(
    merchant: Merchant,
) -> None:
    seen = {"_wc_order_attribution_session_entry": f"https://{HOST}/mug?a=b&st={CLICK}"}
    told = sale(merchant, meta_data=meta(**seen))
    assert (told.landing_click, told.landing_code) == (CLICK, None)
    tags = {
        "_wc_order_attribution_utm_medium": "share",
        "_wc_order_attribution_utm_content": CODE,
    }
    assert sale(merchant, meta_data=meta(**tags)).landing_code == CODE
    entry = f"https://{HOST}/?utm_medium=share&utm_content={CODE}"
    by_entry = meta(_wc_order_attribution_session_entry=entry)
    assert sale(merchant, meta_data=by_entry).landing_code == CODE


@pytest.mark.parametrize("page", ["http://[", f"//[st={CLICK}", "", "?st=x", "\x00?st=%ff"])
def test_a_landing_page_that_is_none_says_nothing(merchant: Merchant, page: str) -> None:
    told = sale(merchant, meta_data=meta(_wc_order_attribution_session_entry=page))
    assert (told.landing_click, told.landing_code) == (None, None)


# ── what does not belong together ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("order.deleted", a_woo_order(AT)),
        ("order.updated", {"id": 1001}),
        ("product.updated", a_woo_order(AT)),
        ("action.woocommerce_order_refunded", {"action": "x", "arg": 1}),
        ("", a_woo_order(AT)),
    ],
)
def test_a_body_under_another_topic_is_refused(
    merchant: Merchant, topic: str, payload: Payload
) -> None:
    with pytest.raises(Mismatch):
        read(merchant, payload, topic)


@pytest.mark.parametrize("payload", [None, [], "x", 7, {"code": "woocommerce_rest_cannot_view"}])
def test_a_body_that_is_no_order_is_not_understood(merchant: Merchant, payload: Any) -> None:
    for topic in ("order.created", "order.deleted"):
        with pytest.raises((Mismatch, NotUnderstood)):
            read(merchant, payload, topic)


@pytest.mark.parametrize(
    "source", ["https://shop.example/", "http://WWW.shop.example/blog/", "https://shop.example.de"]
)
def test_the_shop_is_one_of_the_merchants_hosts(merchant: Merchant, source: str) -> None:
    assert read(merchant, a_woo_order(AT), x_wc_webhook_source=source)


@pytest.mark.parametrize(
    "source", ["https://evil.example/", "https://shop.example.evil/", "http://[", "shop.example"]
)
def test_another_shop_is_refused(merchant: Merchant, source: str) -> None:
    with pytest.raises(Mismatch):
        read(merchant, a_woo_order(AT), x_wc_webhook_source=source)


def test_a_header_that_names_no_shop_is_no_objection(merchant: Merchant) -> None:
    assert read(merchant, a_woo_order(AT), x_wc_webhook_source="")


# ── signatures ───────────────────────────────────────────────────────────────────────────────────
def test_any_active_secret_signs_and_no_other() -> None:
    body, secrets = b'{"id": 1}', (b"new", WOOCOMMERCE_SECRET.encode())
    signed = {woocommerce.SIGNATURE: woo_signature(body)}
    woocommerce.verify(signed, body, secrets, AT)
    for headers, secret, given in (
        (signed, (b"new",), body),
        (signed, (), body),
        (signed, secrets, body + b" "),
        ({}, secrets, body),
        ({woocommerce.SIGNATURE: ""}, secrets, body),
        ({woocommerce.SIGNATURE: "a" * 8_192}, secrets, body),
    ):
        with pytest.raises(Unsigned):
            woocommerce.verify(headers, given, secret, AT)


@pytest.mark.parametrize(
    ("headers", "body", "is_ping"),
    [
        ({}, b"webhook_id=7", True),
        ({}, b"webhook_id=", False),
        ({}, b"webhook_id=7&webhook_id=8", False),
        ({}, b"webhook_id=" + b"7" * 500, False),
        ({}, "webhook_id=٧".encode(), False),
        ({}, b'{"id": 7}', False),
        ({}, b"", False),
        ({woocommerce.SIGNATURE: ""}, b"webhook_id=7", False),
    ],
)
def test_the_ping_is_a_form_of_one_number(
    headers: dict[str, str], body: bytes, is_ping: bool
) -> None:
    assert woocommerce.is_ping(headers, body) is is_ping
