"""Standard Webhooks: any shop, in any language. https://www.standardwebhooks.com

`{"type": "order.placed", "timestamp": ISO, "data": {"order_id", "currency", "subtotal", "total",
…}}` with amounts as decimal text; signed as `v1,base64(HMAC-SHA256(secret, id.timestamp.body))`.
"""

import base64
from datetime import datetime

from sharetrail import money
from sharetrail.merchants import person_hashes
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import Fact, LineItem, OrderRef, Refund, Sale
from sharetrail.webhooks import payload
from sharetrail.webhooks.delivery import (
    MAX_SIGNATURE,
    MAX_SIGNATURES,
    Delivery,
    Mismatch,
    NotUnderstood,
    Unsigned,
    check,
    is_recent,
    of_base64,
)
from sharetrail.webhooks.payload import understood
from sharetrail.webhooks.standard_payloads import TYPES, Customer, Data, Item, Message

PREFIX = "whsec_"


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def verify(headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], now: datetime) -> None:
    """Unsigned unless one of the secrets signed id, time and raw body within five minutes."""
    message, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")[:MAX_SIGNATURE].split(" ")[:MAX_SIGNATURES]
    if not message or len(message) > MAX_SIGNATURE or not is_recent(stamp, now):
        raise Unsigned
    signed = f"{message}.{stamp}.".encode(errors="replace") + body
    check(signed, secrets, [of_base64(each[3:]) for each in given if each.startswith("v1,")])


def secret_bytes(secret: str) -> bytes:
    """`whsec_…` as the bytes that sign."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def secret_text(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> tuple[OrderRef, Fact]:
    """Mismatch where the body is no message of ours; NotUnderstood, naming the fields at fault,
    where it is, and cannot be read."""
    payload = delivery.payload
    if not isinstance(payload, dict) or payload.get("type") not in TYPES:
        raise Mismatch(f"Send a message whose type is one of {', '.join(TYPES)}.")
    message = understood(Message, payload, "The body is not what the contract gives.")
    order = OrderRef(merchant=delivery.merchant.id, platform="standard", id=message.data.order_id)
    return order, _fact(delivery, message)


def _fact(delivery: Delivery, message: Message) -> Fact:
    at = message.timestamp
    money.digits(message.data.currency)
    match message.type:
        case "order.placed":
            return Fact(kind="placed", at=at, sale=_sale(delivery, message.data))
        case "order.paid":
            return Fact(kind="paid", at=at, sale=_sale(delivery, message.data))
        case "order.updated":
            return Fact(kind="updated", at=at, sale=_sale(delivery, message.data))
        case "order.cancelled":
            return Fact(kind="cancelled", at=at)
        case "order.refunded":
            return Fact(kind="refund", at=at, refund=_refund(message.data))


def _sale(delivery: Delivery, data: Data) -> Sale:
    if data.subtotal is None or data.total is None:
        raise NotUnderstood(
            "A sale has a subtotal and a total.",
            errors={"data.subtotal": "is required", "data.total": "is required"},
        )
    customer = data.customer or Customer()
    merchant, now = delivery.merchant.id, delivery.now
    trail = ",".join(data.trail) or "none" if isinstance(data.trail, list) else data.trail
    return Sale(
        name=data.name or data.order_id,
        currency=data.currency,
        lines=tuple(_line(item, data.currency) for item in data.items),
        net=payload.not_negative(data.subtotal, data.currency),
        total=payload.not_negative(data.total, data.currency),
        trail=trail,
        visit=data.visit,
        customer=person_hashes.of_customer(merchant, "standard", customer.id, now),
        email=person_hashes.of_email(merchant, customer.email, now),
        codes=sale_fields.codes(data.codes),
        test=data.test,
    )


def _line(item: Item, currency: str) -> LineItem:
    net = payload.not_negative(item.net, currency)
    return sale_fields.line_item(item.product_id, item.title, item.quantity, net)


def _refund(data: Data) -> Refund:
    currency = data.currency
    if data.refund_id is None or (data.subtotal is None and data.total is None):
        raise NotUnderstood(
            "A refund has a refund_id, and a subtotal or a total.",
            errors={"data.refund_id": "is required", "data.subtotal": "or data.total is required"},
        )
    if data.subtotal is not None:
        items = payload.not_negative(data.subtotal, currency)
        return Refund(id=data.refund_id, items=items, currency=currency)
    assert data.total is not None
    amount = payload.not_negative(data.total, currency)
    return Refund(id=data.refund_id, amount=amount, currency=currency)
