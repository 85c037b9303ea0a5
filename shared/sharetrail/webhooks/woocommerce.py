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
from typing import Literal

from sharetrail import money
from sharetrail.aws.items import dump
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import MAX_LINES, LineItem, Refund, Sale, Snapshot
from sharetrail.webhooks import signature
from sharetrail.webhooks.delivery import Delivery, Mismatch, OrderFact
from sharetrail.webhooks.payload import not_negative, understood
from sharetrail.webhooks.woocommerce_payloads import Deletion, Line, OrderPayload

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
HEADERS = (TOPIC, "x-wc-webhook-source")
_PING = re.compile(rb"webhook_id=\d{1,20}")
_DIGEST = 16
_PLACED = ("processing", "on-hold", "completed", "refunded")
_PENDING = ("pending", "checkout-draft", "auto-draft", "draft", "new")
_TOPICS = ("order.created", "order.updated", "order.restored", "order.deleted")
_GONE_STATUSES = ("cancelled", "failed", "trash")


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def is_ping(headers: dict[str, str], body: bytes) -> bool:
    """Whether it is the unsigned form that is sent when a webhook is saved, and wants a 200."""
    return SIGNATURE not in headers and _PING.fullmatch(body) is not None


def verify(headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], _: datetime) -> None:
    """Unsigned unless one of the secrets signed the raw body."""
    signature.check(body, secrets, [signature.of_base64(headers.get(SIGNATURE, ""))])


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> OrderFact:
    """Mismatch where shop, topic and body do not belong together; NotUnderstood where they do, and
    the body cannot be read.
    """
    if not _is_of(delivery.merchant, delivery.headers.get("x-wc-webhook-source", "")):
        raise Mismatch("The webhook is another shop's than this endpoint's.")
    topic = delivery.headers.get(TOPIC, "")
    if topic not in _TOPICS:
        raise Mismatch(f"Send {', '.join(_TOPICS)}, not {topic[:40]!r}.")
    body, is_deletion = delivery.payload, topic == "order.deleted"
    if isinstance(body, dict) and (body.keys() == {"id"}) != is_deletion:  # it tells the id alone
        raise Mismatch(f"The body is no {topic} of WooCommerce's.")
    return _deleted(delivery) if is_deletion else _stands(delivery)


def _is_of(merchant: Merchant, source: str) -> bool:
    """Whether the address in the header is the merchant's, with or without www; none is enough."""
    host = sale_fields.url_parts(source).netloc.lower()
    known = {each.removeprefix("www.") for each in merchant.hosts}
    return not source or host.removeprefix("www.") in known


def _stands(delivery: Delivery) -> OrderFact:
    order = understood(OrderPayload, delivery.payload, "The body is no order of WooCommerce's.")
    sale, state, refunds = _sale(delivery, order), _state(order), _refunds(order)
    snapshot = Snapshot(state=state, refunds=refunds)
    digest = _digest(sale, state, refunds)
    fact = delivery.fact(
        "snapshot", order.date_modified_gmt, sale=sale, snapshot=snapshot, digest=digest
    )
    return delivery.order(order.id), fact


def _deleted(delivery: Delivery) -> OrderFact:
    """Trashed. No time is told, so ours stands for it; a restored order's snapshot is newer."""
    gone = understood(Deletion, delivery.payload, "The body is no deletion of WooCommerce's.")
    return delivery.order(gone.id), delivery.fact("deleted", delivery.now)


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
    currency, off = order.currency, _fees_off(order)
    meta = {each.key: each.value for each in order.meta_data if isinstance(each.value, str)}
    began = {name: meta.get(f"_wc_order_attribution_{name}", "") for name in _ATTRIBUTION}
    landing = began["session_entry"]
    net = sum(money.minor(line.total, currency) for line in order.line_items)
    gross = sum(money.minor(line.subtotal, currency) for line in order.line_items)
    return Sale(
        name=f"#{order.number or order.id}"[: sale_fields.MAX_NAME],
        currency=currency,
        lines=tuple(_line(line, currency) for line in order.line_items[:MAX_LINES]),
        net=max(0, net - off),
        total=not_negative(order.total, currency),
        discounts=max(0, gross - net) + off,
        tax=money.minor(order.total_tax, currency),
        shipping=money.minor(order.shipping_total, currency),
        placed_at=order.date_created_gmt,
        tax_included=order.prices_include_tax,
        trail=sale_fields.script_value(meta.get("_sharetrail", "")),
        visit=sale_fields.script_value(meta.get("_sharetrail_visit", "")),
        landing_click=sale_fields.landing_click(landing),
        landing_code=sale_fields.shared_code(began["utm_medium"], began["utm_content"])
        or sale_fields.landing_code(landing),
        ad=sale_fields.ad(landing),
        referrer=sale_fields.host(began["referrer"]),
        customer=delivery.customer(order.customer_id if order.customer_id != "0" else None),
        email=delivery.email(order.billing.email),
        codes=sale_fields.codes(each.code for each in order.coupon_lines),
    )


_ATTRIBUTION = ("session_entry", "utm_medium", "utm_content", "referrer")
"""Of WooCommerce's own order attribution: where the visit began."""


def _fees_off(order: OrderPayload) -> int:
    """Fees below zero are how plugins take off a gift card or loyalty points."""
    return -sum(min(0, money.minor(fee.total, order.currency)) for fee in order.fee_lines)


def _line(line: Line, currency: str) -> LineItem:
    product = (line.product_id != "0" and line.product_id) or line.sku or line.name
    net = money.minor(line.total, currency)
    return sale_fields.line_item(product, line.name, math.ceil(line.quantity), net)


def _refunds(order: OrderPayload) -> tuple[Refund, ...]:
    """Only amounts are told, as negative numbers: tax and shipping in them, so they count pro rata
    of the order's total.
    """
    totals = ((each.id, money.minor(each.total, order.currency)) for each in order.refunds)
    return tuple(Refund(id=refund_id, amount=abs(total)) for refund_id, total in totals)
