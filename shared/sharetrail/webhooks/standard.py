"""Standard Webhooks: any shop, in any language. https://www.standardwebhooks.com

`{"type": "order.placed", "timestamp": ISO, "data": {"order_id", "currency", "subtotal", "total",
…}}` with amounts as decimal text; signed as `v1,base64(HMAC-SHA256(secret, id.timestamp.body))`.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sharetrail import identities, money
from sharetrail.orders import MAX_LINES, MAX_TITLE, Fact, LineItem, OrderRef, Refund, Sale
from sharetrail.webhooks.deliveries import (
    MAX_SIGNATURE,
    TOLERANCE,
    Delivery,
    NotUnderstood,
    Unsigned,
    matches,
)

PREFIX = "whsec_"
_SIGNATURES = 5
_Text = Annotated[str, Field(min_length=1, max_length=200, coerce_numbers_to_str=True)]


class _Payload(BaseModel):
    """Fields we do not know are passed over: a shop may send more than we ask for."""

    model_config = ConfigDict(extra="ignore")


class _Customer(_Payload):
    id: _Text | None = None
    email: _Text | None = None


class _Item(_Payload):
    product_id: _Text
    title: str = Field(default="", max_length=2_000)
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    net: str = "0"
    """What the line earned: after discounts, without tax."""


class _Data(_Payload):
    order_id: _Text
    name: str = Field(default="", max_length=100)
    refund_id: _Text | None = None
    currency: str
    subtotal: str | None = None
    """Items after discounts, without tax and shipping; in a refund what the items give back."""
    total: str | None = None
    trail: list[_Text] | Literal["none", "denied"] | None = Field(default=None, max_length=50)
    visit: _Text | None = None
    customer: _Customer | None = None
    codes: list[_Text] = Field(default=[], max_length=50)
    items: list[_Item] = Field(default=[], max_length=MAX_LINES)
    test: bool = False


class _Message(_Payload):
    type: Literal[
        "order.placed", "order.paid", "order.updated", "order.refunded", "order.cancelled"
    ]
    timestamp: AwareDatetime
    data: _Data


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def verify(headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], now: datetime) -> None:
    """Unsigned unless one of the secrets signed id, time and raw body within five minutes."""
    message, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")[:MAX_SIGNATURE].split(" ")[:_SIGNATURES]
    if not message or len(message) > MAX_SIGNATURE or not _is_recent(stamp, now):
        raise Unsigned
    candidates = [each[3:] for each in given if each.startswith("v1,")]
    signed = f"{message}.{stamp}.".encode(errors="replace") + body
    fits = [matches(hmac.digest(secret, signed, hashlib.sha256), candidates) for secret in secrets]
    if not any(fits):
        raise Unsigned


def _is_recent(stamp: str, now: datetime) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()


def secret_bytes(secret: str) -> bytes:
    """`whsec_…` as the bytes that sign."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def secret_text(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> tuple[OrderRef, Fact]:
    """NotUnderstood, naming the fields at fault, where the body is no message of ours."""
    try:
        message = _Message.model_validate(delivery.payload)
    except ValidationError as error:
        fields = {".".join(map(str, e["loc"])) or "body": e["msg"] for e in error.errors()}
        raise NotUnderstood("The body is not what the contract gives.", errors=fields) from error
    order = OrderRef(merchant=delivery.merchant.id, platform="standard", id=message.data.order_id)
    return order, _fact(delivery, message)


def _fact(delivery: Delivery, message: _Message) -> Fact:
    at = message.timestamp.astimezone(UTC)
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


def _sale(delivery: Delivery, data: _Data) -> Sale:
    if data.subtotal is None or data.total is None:
        raise NotUnderstood(
            "A sale has a subtotal and a total.",
            errors={"data.subtotal": "is required", "data.total": "is required"},
        )
    customer = data.customer or _Customer()
    merchant, now = delivery.merchant.id, delivery.now
    trail = ",".join(data.trail) or "none" if isinstance(data.trail, list) else data.trail
    return Sale(
        name=data.name or data.order_id,
        currency=data.currency,
        lines=tuple(_line(item, data.currency) for item in data.items),
        net=_not_negative(data.subtotal, data.currency),
        total=_not_negative(data.total, data.currency),
        trail=trail,
        visit=data.visit,
        customer=identities.of_customer(merchant, "standard", customer.id, now),
        email=identities.of_email(merchant, customer.email, now),
        codes=tuple(data.codes),
        test=data.test,
    )


def _line(item: _Item, currency: str) -> LineItem:
    return LineItem(
        product=item.product_id,
        title=item.title[:MAX_TITLE],
        quantity=item.quantity,
        net=_not_negative(item.net, currency),
    )


def _refund(data: _Data) -> Refund:
    if data.refund_id is None or (data.subtotal is None and data.total is None):
        raise NotUnderstood(
            "A refund has a refund_id, and a subtotal or a total.",
            errors={"data.refund_id": "is required", "data.subtotal": "or data.total is required"},
        )
    if data.subtotal is not None:
        return Refund(id=data.refund_id, items=_not_negative(data.subtotal, data.currency))
    assert data.total is not None
    return Refund(id=data.refund_id, amount=_not_negative(data.total, data.currency))


def _not_negative(amount: str, currency: str) -> int:
    value = money.minor(amount, currency)
    if value < 0:
        raise NotUnderstood(f"{amount} is negative: a refund names what goes back, as a plus.")
    return value
