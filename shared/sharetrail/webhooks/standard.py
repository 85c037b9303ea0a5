"""Standard Webhooks: any shop, in any language. https://www.standardwebhooks.com

`{"type": "order.placed", "timestamp": ISO, "data": {"order_id", "currency", "subtotal", "total",
…}}` with amounts as decimal text; signed as `v1,base64(HMAC-SHA256(secret, id.timestamp.body))`.
"""

import base64
from datetime import datetime

from sharetrail import money
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import Fact, FactKind, LineItem, Refund, Sale
from sharetrail.webhooks import signature
from sharetrail.webhooks.delivery import Delivery, Mismatch, NotUnderstood, OrderFact
from sharetrail.webhooks.payload import not_negative, understood
from sharetrail.webhooks.standard_payloads import TYPES, Customer, Data, Item, Message

HEADERS = ()
PREFIX = "whsec_"
_SALES: dict[str, FactKind] = {f"order.{kind}": kind for kind in ("placed", "paid", "updated")}


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def verify(headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], now: datetime) -> None:
    """Unsigned unless one of the secrets signed id, time and raw body within five minutes."""
    message, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")[: signature.LONGEST].split(" ")[: signature.MOST]
    if not message or len(message) > signature.LONGEST or not signature.is_recent(stamp, now):
        raise signature.Unsigned
    signed = f"{message}.{stamp}.".encode(errors="replace") + body
    digests = [signature.of_base64(each[3:]) for each in given if each.startswith("v1,")]
    signature.check(signed, secrets, digests)


def secret_bytes(secret: str) -> bytes:
    """`whsec_…` as the bytes that sign."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def secret_text(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> OrderFact:
    """Mismatch where the body is no message of ours; NotUnderstood, naming the fields at fault,
    where it is, and cannot be read."""
    payload = delivery.payload
    if not isinstance(payload, dict) or payload.get("type") not in TYPES:
        raise Mismatch(f"Send a message whose type is one of {', '.join(TYPES)}.")
    message = understood(Message, payload, "The body is not what the contract gives.")
    return delivery.order(message.data.order_id), _fact(delivery, message)


def _fact(delivery: Delivery, message: Message) -> Fact:
    at, data = message.timestamp, message.data
    money.digits(data.currency)
    if message.type == "order.cancelled":
        return delivery.fact("cancelled", at)
    if message.type == "order.refunded":
        return delivery.fact("refund", at, refund=_refund(data))
    return delivery.fact(_SALES[message.type], at, sale=_sale(delivery, data))


def _sale(delivery: Delivery, data: Data) -> Sale:
    if data.subtotal is None or data.total is None:
        errors = dict.fromkeys(("data.subtotal", "data.total"), "is required")
        raise NotUnderstood("A sale has a subtotal and a total.", errors=errors)
    customer = data.customer or Customer()
    return Sale(
        name=data.name or data.order_id,
        currency=data.currency,
        lines=tuple(_line(item, data.currency) for item in data.items),
        net=not_negative(data.subtotal, data.currency),
        total=not_negative(data.total, data.currency),
        trail=",".join(data.trail) or "none" if isinstance(data.trail, list) else data.trail,
        visit=data.visit,
        customer=delivery.customer(customer.id),
        email=delivery.email(customer.email),
        codes=sale_fields.codes(data.codes),
        test=data.test,
    )


def _line(item: Item, currency: str) -> LineItem:
    net = not_negative(item.net, currency)
    return sale_fields.line_item(item.product_id, item.title, item.quantity, net)


def _refund(data: Data) -> Refund:
    told = data.total if data.subtotal is None else data.subtotal
    if data.refund_id is None or told is None:
        errors = {"data.refund_id": "is required", "data.subtotal": "or data.total is required"}
        raise NotUnderstood("A refund has a refund_id, and a subtotal or a total.", errors=errors)
    value = not_negative(told, data.currency)
    items, amount = (None, value) if data.subtotal is None else (value, None)
    return Refund(id=data.refund_id, items=items, amount=amount, currency=data.currency)
