"""Standard Webhooks: any shop, in any language. https://www.standardwebhooks.com

`{"type": "order.placed", "timestamp": ISO, "data": {"order_id", "currency", "subtotal", "total",
…}}` with amounts as decimal text; signed as `v1,base64(HMAC-SHA256(secret, id.timestamp.body))`.
"""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from sharetrail import money
from sharetrail.clicks.trail import read_trail
from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import Chargeback, Fact, FactKind, LineItem, Refund, Sale
from sharetrail.problems import Problem
from sharetrail.web.bodies import field_of, in_words
from sharetrail.webhooks import signature
from sharetrail.webhooks.delivery import Delivery, Mismatch, NotUnderstood, OrderFact
from sharetrail.webhooks.payload import MAX_ERRORS, digest_of
from sharetrail.webhooks.payloads import standard as contract
from sharetrail.webhooks.payloads.standard import (
    MODELS,
    AnyMessage,
    CodeUsed,
    Customer,
    DisputeMessage,
    FailedRefundMessage,
    Item,
    RefundMessage,
    SaleMessage,
    TurnMessage,
    UpdateMessage,
    WonDisputeMessage,
)

HEADERS = ()
PREFIX = "whsec_"
_AHEAD = timedelta(days=1)
"""By how much a shop's clock may be ahead. What lies further would outdo every later word."""


class Contradiction(Problem):
    """Signed, and it cannot be true, or says what the contract has no words for. Refused and not
    kept: its sender can mend it at once, and nobody else can."""

    status = 422
    title = "The message contradicts itself or the contract"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("Nothing was kept. Mend the fields and send it again.", errors=errors)


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def verify(headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], now: datetime) -> None:
    """Unsigned unless one of the secrets signed id, time and raw body within five minutes."""
    message, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")[: signature.LONGEST].split(" ")[: signature.MOST]
    if not message or len(message) > signature.LONGEST:
        raise signature.Unsigned
    signed = f"{message}.{stamp}.".encode(errors="replace") + body
    digests = [signature.of_base64(each[3:]) for each in given if each.startswith("v1,")]
    signature.check(signed, secrets, digests)
    signature.check_time(stamp, now, "webhook-timestamp")


def secret_bytes(secret: str) -> bytes:
    """`whsec_…` as the bytes that sign."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def secret_text(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> OrderFact:
    """Mismatch where the body is no message of ours; Contradiction, naming the fields, where it is
    one that nothing can be made of; NotUnderstood, naming them too, where it cannot be read."""
    payload = delivery.payload
    kind = payload.get("type") if isinstance(payload, dict) else None
    if not isinstance(kind, str) or kind not in MODELS:
        raise Mismatch(f"Send a message whose type is one of {', '.join(MODELS)}.")
    message = _message(payload)
    if message.timestamp > delivery.now + _AHEAD:
        raise Contradiction({"timestamp": "lies in the future"})
    return delivery.order(message.data.order_id), _fact(delivery, message)


def _message(payload: dict[str, Any]) -> AnyMessage:
    try:
        return MODELS[payload["type"]].model_validate(payload)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        errors = {field_of(each["loc"]): in_words(each) for each in faults[:MAX_ERRORS]}
        if any(_is_contradiction(each["type"], each["loc"]) for each in faults):
            raise Contradiction(errors) from error
        raise NotUnderstood("The body is not what the contract gives.", errors=errors) from error


def _is_contradiction(kind: str, field: tuple[int | str, ...]) -> bool:
    """Whether the sender alone can mend it: no reader to come could make anything of it."""
    is_unpriced = kind == "missing" and field[-1] == "net"
    return is_unpriced or kind in ("extra_forbidden", "no_currency", "beyond_reason")


def _fact(delivery: Delivery, message: AnyMessage) -> Fact:
    at = message.timestamp
    match message:
        case SaleMessage(type=kind, data=data):
            return delivery.fact(_SALES[kind], at, sale=_sale(delivery, data))
        case UpdateMessage(data=data):
            sale = replace(_sale(delivery, data), after_refunds=bool(data.refunded_in_total))
            digest = digest_of(at.isoformat(), sale)
            return delivery.fact("updated", at, sale=sale, digest=digest)
        case TurnMessage(type=kind):
            return delivery.fact(_TURNS[kind], at)
        case RefundMessage(data=data):
            return delivery.fact("refund", at, refund=_refund(at, data))
        case FailedRefundMessage(data=data):
            failed = Refund(id=data.refund_id, amount=0, telling=_telling(at, "failed"))
            return delivery.fact("refund", at, refund=failed)
        case DisputeMessage(data=data):
            amount = money.minor(data.total, data.currency)
            told = Chargeback(
                id=data.dispute_id, amount=amount, currency=data.currency, state="open"
            )
            return delivery.fact("chargeback", at, chargeback=told)
        case WonDisputeMessage(data=data):
            won = Chargeback(id=data.dispute_id, amount=0, state="won")
            return delivery.fact("chargeback", at, chargeback=won)


_SALES: dict[str, FactKind] = {"order.placed": "placed", "order.paid": "paid"}
_TURNS: dict[str, FactKind] = {
    f"order.{kind}": kind for kind in ("fulfilled", "cancelled", "restored")
}


def _sale(delivery: Delivery, data: contract.Sale) -> Sale:
    if errors := _contradictions(data):
        raise Contradiction(errors)
    currency, customer = data.currency, data.customer or Customer()
    told = data.codes or ()
    used = [CodeUsed(code=each) if isinstance(each, str) else each for each in told]
    return Sale(
        name=(data.name or data.order_id)[: sale_fields.MAX_NAME],
        currency=currency,
        lines=tuple(_line(item, currency) for item in data.items or ()),
        net=money.minor(data.subtotal, currency),
        total=money.minor(data.total, currency),
        origin="renewal" if data.renewal else "hand" if data.made_by_hand else "page",
        trail=_trail(data.trail),
        visit=sale_fields.script_value(data.visit or ""),
        **delivery.buyer(customer.id, customer.email, _house(data.delivery_address)),
        codes=sale_fields.codes(each.code for each in used),
        code_discounts=sale_fields.code_discounts(
            (each.code, None if each.amount is None else money.minor(each.amount, currency))
            for each in used
        ),
        test=bool(data.test),
    )


def _house(told: contract.DeliveryAddress | None) -> DeliveryAddress | None:
    if told is None:
        return None
    return DeliveryAddress(
        lines=(told.line1 or "", told.line2 or ""),
        postcode=told.postcode or "",
        city=told.city or "",
        country=told.country or "",
    )


def _contradictions(data: contract.Sale) -> dict[str, str]:
    """What of a sale cannot all be true, by field. Items may be off by half a minor unit each."""
    subtotal, total = (money.minor(text, data.currency) for text in (data.subtotal, data.total))
    nets = [money.minor(item.net, data.currency) for item in data.items or ()]
    errors = {}
    if nets and abs(sum(nets) - subtotal) > len(nets) // 2:
        added = money.Amount(sum(nets), data.currency)
        errors["data.items"] = f"add up to {added}, and subtotal is {data.subtotal}"
    if total < subtotal:
        errors["data.total"] = f"is less than subtotal, {data.subtotal}"
    if data.renewal and data.made_by_hand:
        errors["data.made_by_hand"] = "cannot be true of a renewal"
    return errors


def _trail(clicks: list[str] | None) -> str | None:
    """As the script writes it: whatever is no click is left in it, for people to see."""
    if clicks is None:
        return None
    said = [click.strip() for click in clicks if click.strip()]
    if clicks and not said:
        return None
    text = ",".join(said) or "none"
    ids = read_trail(text).ids
    is_too_long = len(text) > sale_fields.MAX_TRAIL and ids
    return sale_fields.script_value(",".join(ids) if is_too_long else text)


def _line(item: Item, currency: str) -> LineItem:
    net, quantity = money.minor(item.net, currency), item.quantity or 1
    return sale_fields.line_item(item.product_id, item.title or "", quantity, net)


def _refund(at: datetime, data: contract.Refund) -> Refund:
    """By its items where they are told, else by the money."""
    items, amount = (
        None if text is None else money.minor(text, data.currency)
        for text in (data.subtotal, data.total)
    )
    return Refund(
        id=data.refund_id,
        items=items,
        amount=amount if items is None else None,
        currency=data.currency,
        telling=_telling(at, str(items), str(amount), data.currency),
    )


def _telling(at: datetime, *said: str) -> str:
    """By the shop's time, and two of one time that differ are two."""
    return f"{at:%Y%m%dT%H%M%S%f}-{digest_of(*said)}"
