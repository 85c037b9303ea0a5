"""Stripe: Checkout sessions, charges that are refunded, refunds that fail, disputes.

- checkout.session.completed, once it is paid or free; a payment that takes days is placed by
  checkout.session.async_payment_succeeded. Until then there is no fact, so
  checkout.session.async_payment_failed has none to take back and is not read.
- charge.refunded tells how much of a charge is refunded by now. What failed of it afterwards,
  refund.failed tells (refund.updated, charge.refund.updated), one refund at a time.
- charge.dispute.*: the dispute's status decides. A warning is an inquiry and moves no money.

An order is its payment intent, else its session; a charge without a payment intent belongs to no
session. Every other event is answered and passed over.
Events: https://docs.stripe.com/api/events/types; amounts: https://docs.stripe.com/currencies
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sharetrail import money
from sharetrail.clicks.click import is_click_id
from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import Refund, Sale
from sharetrail.webhooks import signature
from sharetrail.webhooks.delivery import Delivery, Mismatch, NotUnderstood, OrderFact
from sharetrail.webhooks.payload import P, chargeback, understood
from sharetrail.webhooks.payloads.stripe import (
    Charge,
    DisputePayload,
    Event,
    RefundPayload,
    Session,
    TotalDetails,
)

HEADERS = ()
SIGNATURE = "stripe-signature"
_PAID = ("paid", "no_payment_required")
_FAILED = ("failed", "canceled")
_LATE = "checkout.session.async_payment_succeeded"

# Where Stripe's decimals are not 2. ISK and UGX have none any more and are sent with two all the
# same; HUF and TWD have none in payouts alone; MGA has none, and two at ISO.
_NO_DECIMALS = frozenset(re.findall("...", "BIFCLPDJFGNFJPYKMFKRWMGAPYGRWFVNDVUVXAFXOFXPF"))
_THREE_DECIMALS = frozenset(re.findall("...", "BHDJODKWDOMRTND"))


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def verify(headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], now: datetime) -> None:
    """Unsigned unless one of the secrets signed time and raw body within five minutes.

    `t=1492774577,v1=5257a869…,v1=…`: several while a secret is rotated; v0 is not read.
    """
    parts = [p.partition("=") for p in headers.get(SIGNATURE, "")[: signature.LONGEST].split(",")]
    stamp = next((value for name, _, value in parts if name == "t"), "")
    given = [value for name, _, value in parts if name == "v1"][: signature.MOST]
    signed = stamp.encode(errors="replace") + b"." + body
    signature.check(signed, secrets, map(signature.of_hex, given))
    signature.check_time(stamp, now, f"t in {SIGNATURE}")


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> OrderFact | None:
    """None for what asks for nothing; NotUnderstood where an event is not what its type says;
    Mismatch for what is no event."""
    payload = delivery.payload
    if not isinstance(payload, dict) or not isinstance(payload.get("type"), str):
        raise Mismatch("The body is no event of Stripe's.")
    if payload["type"] not in _TYPES:
        return None
    event = understood(Event, payload, "The body is no event of Stripe's.")
    return _TYPES[event.type](delivery, event)


def _completed(delivery: Delivery, event: Event) -> OrderFact | None:
    session = _object(Session, event)
    is_late = event.type == _LATE  # whatever its session says still: it may be older than the event
    if not (is_late or session.payment_status in _PAID) or session.amount_total is None:
        return None  # not yet; or it only set up a way of paying
    fact = delivery.fact("placed", event.created, sale=_sale(delivery, event, session))
    return delivery.order(session.payment_intent or session.id), fact


def _refunded(delivery: Delivery, event: Event) -> OrderFact | None:
    charge = _object(Charge, event)
    if charge.payment_intent is None:
        return None
    amount = _minor(charge.amount_refunded, charge.currency)
    telling = f"{event.created:%Y%m%dT%H%M%S}-{amount:015}"
    whole = _minor(charge.amount, charge.currency) or None
    told = Refund(
        id=charge.id, amount=amount, whole=whole, currency=charge.currency, telling=telling
    )
    return delivery.order(charge.payment_intent), delivery.fact(
        "refund", event.created, refund=told
    )


def _refund_failed(delivery: Delivery, event: Event) -> OrderFact | None:
    """The money that did not reach the buyer is the shop's again, and so is the revenue."""
    refund = _object(RefundPayload, event)
    if refund.status not in _FAILED or not (refund.payment_intent and refund.charge):
        return None
    amount, telling = _minor(refund.amount, refund.currency), f"failed-{refund.id}"
    told = Refund(id=refund.charge, failed=amount, currency=refund.currency, telling=telling)
    return delivery.order(refund.payment_intent), delivery.fact(
        "refund", event.created, refund=told
    )


def _disputed(delivery: Delivery, event: Event) -> OrderFact | None:
    dispute = _object(DisputePayload, event)
    if dispute.status.startswith("warning") or dispute.payment_intent is None:
        return None
    amount = _minor(dispute.amount, dispute.currency)
    told = chargeback(dispute.id, amount, dispute.currency, dispute.status)
    fact = delivery.fact("chargeback", event.created, chargeback=told)
    return delivery.order(dispute.payment_intent), fact


_TYPES = {
    "checkout.session.completed": _completed,
    _LATE: _completed,
    "charge.refunded": _refunded,
    "refund.failed": _refund_failed,
    "refund.updated": _refund_failed,
    "charge.refund.updated": _refund_failed,
    "charge.dispute.created": _disputed,
    "charge.dispute.updated": _disputed,
    "charge.dispute.funds_withdrawn": _disputed,
    "charge.dispute.funds_reinstated": _disputed,
    "charge.dispute.closed": _disputed,
}


def _object(model: type[P], event: Event) -> P:
    return understood(model, event.data.object, f"The event is no {event.type} of Stripe's.")


def _sale(delivery: Delivery, event: Event, session: Session) -> Sale:
    if session.currency is None:
        raise NotUnderstood("A sale has a currency.", errors={"currency": "is required"})
    said = {k: v for k, v in session.metadata.items() if isinstance(v, str)}
    reference = session.client_reference_id
    click, name = (reference, "") if is_click_id(reference) else ("", reference)
    return Sale(
        name=(name or session.payment_intent or session.id)[: sale_fields.MAX_NAME],
        lines=(),
        **_amounts(session, session.currency),
        # A payment that took days was ordered when its session was opened, or soon after.
        placed_at=session.created if event.type == _LATE else None,
        paid_at=event.created,
        trail=sale_fields.script_value(said.get("sharetrail") or click),
        visit=sale_fields.script_value(said.get("sharetrail_visit", "")),
        **delivery.buyer(
            session.customer,
            session.customer_details.email or session.customer_email,
            _house(session),
        ),
        codes=sale_fields.codes(each.code for each in session.discounts),
        code_discounts=sale_fields.code_discounts(_off_by_code(session, session.currency)),
        test=not (event.livemode and session.livemode),
    )


def _house(session: Session) -> DeliveryAddress | None:
    """By the name that the session's version has for it. Its customer's own is the bill's."""
    newest, before = session.collected_information.shipping_details, session.shipping_details
    told = [each.address.house for each in (newest, before, session.shipping)]
    return next((house for house in told if house.compared), None)


def _amounts(session: Session, shown: str) -> dict[str, Any]:
    """The session's amounts in the shop's own currency. Where the session is in the buyer's, the
    two totals convert what is told in that alone."""
    whole, totals = session.amount_total or 0, session.total_details or TotalDetails()
    currency, total, rate = _own_currency(session, shown)
    parts = {
        "net": max(0, whole - totals.amount_tax - _shipping(session)),
        "discounts": totals.amount_discount,
        "tax": totals.amount_tax,
        "shipping": _shipping(session),
    }
    amounts = {name: _minor(round(part * rate), currency) for name, part in parts.items()}
    seen = session.presentment_details
    paid, paid_in = (seen.presentment_amount, seen.presentment_currency) if seen else (whole, shown)
    is_other = paid_in != currency
    return {
        "currency": currency,
        "total": _minor(total, currency),
        **amounts,
        "paid_in": paid_in if is_other else None,
        "paid_total": _minor(paid, paid_in) if is_other else None,
    }


def _own_currency(session: Session, shown: str) -> tuple[str, int, Fraction]:
    """The shop's currency, the total in it, and what the session's minor units are worth there."""
    whole, told = session.amount_total or 0, session.currency_conversion
    if told is None:
        return shown, whole, Fraction(1)
    rate = Fraction(told.amount_total, whole) if whole else Fraction(1)
    return told.source_currency, told.amount_total, rate


def _off_by_code(session: Session, shown: str) -> Iterator[tuple[str, int | None]]:
    """As the breakdown tells it; without one all is the code's, where there is but one."""
    totals, (currency, _, rate) = session.total_details, _own_currency(session, shown)
    taken = (
        [(each.discount.code, each.amount) for each in totals.breakdown.discounts] if totals else []
    )
    if totals and not taken and len(session.discounts) == 1:
        taken = [(session.discounts[0].code, totals.amount_discount)]
    for code, amount in taken:
        yield code, _minor(round(amount * rate), currency)


def _shipping(session: Session) -> int:
    """Without its tax, which stands among the taxes, whether the rate carries it or not."""
    if session.shipping_cost:
        return max(0, session.shipping_cost.amount_total - session.shipping_cost.amount_tax)
    return (session.total_details and session.total_details.amount_shipping) or 0


def _minor(amount: int, currency: str) -> int:
    """Stripe's minor units as ISO's."""
    places = 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
    return money.minor(f"{Decimal(amount).scaleb(-places):f}", currency)
