"""WooCommerce: order.created, order.updated, order.restored, order.deleted.

WooCommerce signs the body and nothing else, as Shopify does, and every body but a deletion's is the
order as it stood when it was sent: a snapshot, whose refunds come along. Nothing is sent twice, so
the newest snapshot has to be enough, and it is. The state it tells:

- placed: `processing`, `on-hold` (a transfer is promised), `completed`, `refunded`;
- pending: `pending`, `checkout-draft` and drafts, for nobody paid or promised;
- cancelled: `cancelled`, `failed` and `trash`; where nobody had paid before, pending, which for an
  order that was placed comes to the same and for any other means that there never was one;
- any other is a plugin's: placed where the order is paid, otherwise pending.

Payloads: https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties (v3); what the
webhook does, by plugins/woocommerce/includes/class-wc-webhook.php.
"""

import hashlib
import json
import math
import re
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from sharetrail import money
from sharetrail.aws.items import dump
from sharetrail.merchants import person_hashes
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import MAX_LINES, Fact, LineItem, OrderRef, Refund, Sale, Snapshot
from sharetrail.webhooks import payload
from sharetrail.webhooks.delivery import Delivery, Mismatch, check, of_base64
from sharetrail.webhooks.payload import understood
from sharetrail.webhooks.woocommerce_payloads import Deletion, Line, OrderPayload

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
HEADERS = (TOPIC, "x-wc-webhook-source")
_PING = re.compile(rb"webhook_id=\d{1,20}")
_DIGEST = 16
_PLACED = ("processing", "on-hold", "completed", "refunded")
_PENDING = ("pending", "checkout-draft", "auto-draft", "draft", "new")
_DELETED = "order.deleted"
_GONE_STATUSES = ("cancelled", "failed", "trash")


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def is_ping(headers: dict[str, str], body: bytes) -> bool:
    """Whether it is the unsigned form that is sent when a webhook is saved, and wants a 200."""
    return SIGNATURE not in headers and _PING.fullmatch(body) is not None


def verify(
    headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], _now: datetime
) -> None:
    """Unsigned unless one of the secrets signed the raw body."""
    check(body, secrets, [of_base64(headers.get(SIGNATURE, ""))])


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> tuple[OrderRef, Fact]:
    """Mismatch where shop, topic and body do not belong together; NotUnderstood where they do, and
    the body cannot be read.
    """
    if not _is_of(delivery.merchant, delivery.headers.get("x-wc-webhook-source", "")):
        raise Mismatch("The webhook is another shop's than this endpoint's.")
    topic = delivery.headers.get(TOPIC, "")
    if topic not in _TOPICS:
        raise Mismatch(f"Send {', '.join(_TOPICS)}, not {topic[:40]!r}.")
    if isinstance(delivery.payload, dict) and _is_deletion(delivery.payload) != (topic == _DELETED):
        raise Mismatch(f"The body is no {topic} of WooCommerce's.")
    return _TOPICS[topic](delivery)


def _is_deletion(payload: dict[str, Any]) -> bool:
    """Only a deletion tells the id alone."""
    return payload.keys() == {"id"}


def _is_of(merchant: Merchant, source: str) -> bool:
    """Whether the address in the header is the merchant's, with or without www; none is enough."""
    try:
        host = urlsplit(source).netloc.lower()
    except ValueError:
        return False
    known = {each.removeprefix("www.") for each in merchant.hosts}
    return not source or host.removeprefix("www.") in known


def _stands(delivery: Delivery) -> tuple[OrderRef, Fact]:
    order = understood(OrderPayload, delivery.payload, "The body is no order of WooCommerce's.")
    sale, state, refunds = _sale(delivery, order), _state(order), _refunds(order)
    snapshot = Snapshot(state=state, refunds=refunds, digest=_digest(sale, state, refunds))
    return _ref(delivery, order.id), Fact(
        kind="snapshot", at=order.date_modified_gmt, sale=sale, snapshot=snapshot
    )


def _deleted(delivery: Delivery) -> tuple[OrderRef, Fact]:
    """Trashed. No time is told, so ours stands for it; a restored order's snapshot is newer."""
    gone = understood(Deletion, delivery.payload, "The body is no deletion of WooCommerce's.")
    return _ref(delivery, gone.id), Fact(kind="cancelled", at=delivery.now)


_TOPICS = {
    "order.created": _stands,
    "order.updated": _stands,
    "order.restored": _stands,
    _DELETED: _deleted,
}


def _ref(delivery: Delivery, order_id: str) -> OrderRef:
    return OrderRef(merchant=delivery.merchant.id, platform="woocommerce", id=order_id)


def _state(order: OrderPayload) -> Literal["pending", "placed", "cancelled"]:
    """The docstring above says why."""
    is_paid = order.date_paid_gmt is not None
    if order.status in _PLACED:
        return "placed"
    if order.status in _PENDING or not is_paid:
        return "pending"
    return "cancelled" if order.status in _GONE_STATUSES else "placed"


def _digest(sale: Sale, state: str, refunds: tuple[Refund, ...]) -> str:
    """Of what was read, not of the body: the same state told under another topic, or with other
    noise, is one fact; and nobody can try e-mail addresses on it, for they are hashed in it.
    """
    told = [dump(sale), state, [dump(each) for each in refunds]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:_DIGEST]


def _sale(delivery: Delivery, order: OrderPayload) -> Sale:
    merchant, now, currency = delivery.merchant.id, delivery.now, order.currency
    said = {each.key: each.value for each in order.meta_data if isinstance(each.value, str)}
    off = _fees_off(order)
    net = sum(money.minor(line.total, currency) for line in order.line_items)
    gross = sum(money.minor(line.subtotal, currency) for line in order.line_items)
    customer = None if order.customer_id == "0" else order.customer_id
    return Sale(
        name=f"#{order.number or order.id}"[: sale_fields.MAX_NAME],
        currency=currency,
        lines=tuple(_line(line, currency) for line in order.line_items[:MAX_LINES]),
        net=max(0, net - off),
        total=payload.not_negative(order.total, currency),
        discounts=max(0, gross - net) + off,
        tax=money.minor(order.total_tax, currency),
        shipping=money.minor(order.shipping_total, currency),
        placed_at=order.date_created_gmt,
        tax_included=order.prices_include_tax,
        trail=_meta(said, "_sharetrail"),
        visit=_meta(said, "_sharetrail_visit"),
        landing_click=sale_fields.landing_click(said.get(f"{_ATTRIBUTION_META}session_entry", "")),
        landing_code=_landing_code(said),
        ad=sale_fields.ad(said.get(f"{_ATTRIBUTION_META}session_entry", "")),
        referrer=sale_fields.host(said.get(f"{_ATTRIBUTION_META}referrer", "")),
        customer=person_hashes.of_customer(merchant, "woocommerce", customer, now),
        email=person_hashes.of_email(merchant, order.billing.email, now),
        codes=sale_fields.codes(each.code for each in order.coupon_lines),
    )


_ATTRIBUTION_META = "_wc_order_attribution_"
"""WooCommerce's own order attribution: where the visit began."""


def _meta(meta: dict[str, str], key: str) -> str | None:
    return meta.get(key, "")[: sale_fields.MAX_TRAIL] or None


def _landing_code(meta: dict[str, str]) -> str | None:
    tags = (meta.get(f"{_ATTRIBUTION_META}utm_{tag}", "") for tag in ("medium", "content"))
    return sale_fields.shared_code(*tags) or sale_fields.landing_code(
        meta.get(f"{_ATTRIBUTION_META}session_entry", "")
    )


def _fees_off(order: OrderPayload) -> int:
    """Fees below zero are how plugins take off a gift card or loyalty points."""
    fees = (money.minor(fee.total, order.currency) for fee in order.fee_lines)
    return -sum(fee for fee in fees if fee < 0)


def _line(line: Line, currency: str) -> LineItem:
    product = line.product_id if line.product_id != "0" else None
    return sale_fields.line_item(
        product or line.sku or line.name,
        line.name,
        math.ceil(line.quantity),
        money.minor(line.total, currency),
    )


def _refunds(order: OrderPayload) -> tuple[Refund, ...]:
    """Only amounts are told, as negative numbers: tax and shipping in them, so they count pro rata
    of the order's total.
    """
    return tuple(
        Refund(id=each.id, amount=abs(money.minor(each.total, order.currency)))
        for each in order.refunds
    )
