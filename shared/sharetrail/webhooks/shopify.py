"""Shopify: orders/create, orders/paid, orders/updated, orders/cancelled, refunds/create,
disputes/create, disputes/update.

Shopify signs the body and nothing else: topic, shop and time are the sender's word. So the body
must fit its topic, the shop must be the merchant's, and the facts' keys are the business's own.
Payloads: https://shopify.dev/docs/api/webhooks (2024-10).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sharetrail import money
from sharetrail.merchants import person_hashes
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import (
    MAX_LINES,
    Chargeback,
    Fact,
    LineItem,
    OrderRef,
    Refund,
    Sale,
)
from sharetrail.webhooks.delivery import Delivery, Mismatch, check, of_base64
from sharetrail.webhooks.payload import P, understood
from sharetrail.webhooks.shopify_payloads import (
    Customer,
    DisputePayload,
    Line,
    OrderPayload,
    RefundPayload,
)

SIGNATURE = "x-shopify-hmac-sha256"
TOPIC = "x-shopify-topic"
HEADERS = (TOPIC, "x-shopify-shop-domain", "x-shopify-test")
_ON_LINES = ("_sharetrail", "_sharetrail_visit")


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def verify(
    headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], _now: datetime
) -> None:
    """Unsigned unless one of the secrets signed the raw body."""
    check(body, secrets, [of_base64(headers.get(SIGNATURE, ""))])


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> tuple[OrderRef, Fact] | None:
    """Mismatch where shop, topic and body do not belong together; NotUnderstood where they do, and
    the body cannot be read.
    """
    shop = delivery.headers.get("x-shopify-shop-domain", "").lower()
    if shop != delivery.merchant.shopify_domain:
        raise Mismatch("The webhook is another shop's than this endpoint's.")
    topic = delivery.headers.get(TOPIC, "")
    if topic not in _TOPICS:
        raise Mismatch(f"Send {', '.join(_TOPICS)}, not {topic[:40]!r}.")
    return _TOPICS[topic](delivery)


def _placed(delivery: Delivery) -> tuple[OrderRef, Fact]:
    order = _read(OrderPayload, delivery)
    return _ref(delivery, order.id), Fact(
        kind="placed", at=order.created_at, sale=_sale(delivery, order)
    )


def _paid(delivery: Delivery) -> tuple[OrderRef, Fact]:
    order = _read(OrderPayload, delivery)
    at = order.processed_at or order.created_at
    return _ref(delivery, order.id), Fact(kind="paid", at=at, sale=_sale(delivery, order))


def _cancelled(delivery: Delivery) -> tuple[OrderRef, Fact]:
    if isinstance(delivery.payload, dict) and delivery.payload.get("cancelled_at") is None:
        raise Mismatch("The order is not cancelled.")
    order = _read(OrderPayload, delivery)
    assert order.cancelled_at
    return _ref(delivery, order.id), Fact(kind="cancelled", at=order.cancelled_at)


def _updated(delivery: Delivery) -> tuple[OrderRef, Fact]:
    """The order as it stands, edits and all. What it says of refunds is left to refunds/create."""
    order = _read(OrderPayload, delivery)
    sale = _sale(delivery, order)
    if order.current_subtotal_price is not None:
        sale = replace(sale, net=_edited_net(order, order.current_subtotal_price))
    return _ref(delivery, order.id), Fact(
        kind="updated", at=order.updated_at or order.created_at, sale=sale
    )


def _disputed(delivery: Delivery) -> tuple[OrderRef, Fact] | None:
    """A chargeback; an inquiry moves no money."""
    dispute = _read(DisputePayload, delivery)
    if dispute.type != "chargeback":
        return None
    told = Chargeback(
        id=dispute.id,
        amount=money.minor(dispute.amount, dispute.currency),
        currency=dispute.currency,
        state=_DISPUTES.get(dispute.status, "open"),
    )
    return _ref(delivery, dispute.order_id), Fact(
        kind="chargeback", at=dispute.initiated_at, chargeback=told
    )


_DISPUTES: dict[str, Literal["won", "lost"]] = {
    "won": "won",
    "prevented": "won",
    "charge_refunded": "won",  # and refunds/create tells the refund
    "lost": "lost",
    "accepted": "lost",
}


def _refunded(delivery: Delivery) -> tuple[OrderRef, Fact]:
    refund = _read(RefundPayload, delivery)
    currency = _currency(delivery, refund)
    return _ref(delivery, refund.order_id), Fact(
        kind="refund", at=refund.created_at, refund=_refund(refund, currency)
    )


_TOPICS = {
    "orders/create": _placed,
    "orders/paid": _paid,
    "orders/updated": _updated,
    "orders/cancelled": _cancelled,
    "refunds/create": _refunded,
    "disputes/create": _disputed,
    "disputes/update": _disputed,
}


def _read(model: type[P], delivery: Delivery) -> P:
    topic = delivery.headers[TOPIC]
    return understood(model, delivery.payload, f"The body is no {topic} of Shopify's.")


def _ref(delivery: Delivery, order_id: str) -> OrderRef:
    return OrderRef(merchant=delivery.merchant.id, platform="shopify", id=order_id)


def _sale(delivery: Delivery, order: OrderPayload) -> Sale:
    said = _attributes(order)
    merchant, now = delivery.merchant.id, delivery.now
    customer = order.customer or Customer()
    lines = tuple(_line(line, order) for line in order.line_items[:MAX_LINES])
    tax = _tax(order.line_items, order.currency) if order.taxes_included else 0
    landing = order.landing_site or ""
    return Sale(
        name=order.name or order.id,
        currency=order.currency,
        lines=lines,
        net=max(0, money.minor(order.subtotal_price, order.currency) - tax),
        total=money.minor(order.total_price, order.currency),
        discounts=_discounts(order.line_items, order.currency),
        tax=money.minor(order.total_tax, order.currency),
        shipping=_shipping(order),
        placed_at=order.created_at,
        paid_in=_paid_in(order),
        tax_included=order.taxes_included,
        trail=said.get("sharetrail"),
        visit=said.get("sharetrail_visit"),
        landing_click=sale_fields.landing_click(landing),
        landing_code=sale_fields.landing_code(landing),
        customer=person_hashes.of_customer(merchant, "shopify", customer.id, now),
        email=person_hashes.of_email(merchant, order.email or customer.email, now),
        codes=sale_fields.codes(each.code for each in order.discount_codes),
        ad=sale_fields.ad(landing),
        referrer=sale_fields.host(order.referring_site or ""),
        earlier_orders=customer.orders_count and customer.orders_count - 1,
        test=order.test or delivery.headers.get("x-shopify-test") == "true",
    )


def _attributes(order: OrderPayload) -> dict[str, str]:
    """What the script wrote: as cart attributes, and where a button skipped the cart, on a line."""
    on_lines = [each for line in order.line_items[:MAX_LINES] for each in line.properties]
    said = {each.name.removeprefix("_"): each.value for each in on_lines if each.name in _ON_LINES}
    said |= {each.name: each.value for each in order.note_attributes}
    return {name: (value or "")[: sale_fields.MAX_TRAIL] for name, value in said.items()}


def _line(line: Line, order: OrderPayload) -> LineItem:
    gross = money.minor(line.price, order.currency) * line.quantity
    discounts = _discounts([line], order.currency)
    tax = _tax([line], order.currency) if order.taxes_included else 0
    return sale_fields.line_item(
        line.product_id or line.sku or line.title,
        line.title,
        line.quantity,
        gross - discounts - tax,
    )


def _tax(lines: Sequence[Line], currency: str) -> int:
    return sum(money.minor(tax.price, currency) for line in lines for tax in line.tax_lines)


def _discounts(lines: Sequence[Line], currency: str) -> int:
    return sum(money.minor(d.amount, currency) for each in lines for d in each.discount_allocations)


def _shipping(order: OrderPayload) -> int:
    paid = order.total_shipping_price_set
    return money.minor(paid.shop_money.amount, order.currency) if paid else 0


def _paid_in(order: OrderPayload) -> str | None:
    seen = order.presentment_currency
    return seen if seen != order.currency else None


def _edited_net(order: OrderPayload, current: str) -> int:
    """An edited order's items as sold: those that are still there, and those that refunds took,
    since the refunds are facts of their own.
    """
    returned = [line for refund in order.refunds for line in refund.refund_line_items]
    kept = money.minor(current, order.currency) + sum(
        money.minor(line.subtotal, order.currency) for line in returned
    )
    tax = _tax(order.line_items, order.currency) if order.taxes_included else 0
    return max(0, kept - tax)


def _currency(delivery: Delivery, refund: RefundPayload) -> str:
    """A refund's body names its currency in its transactions alone."""
    named = (each.currency for each in refund.transactions if each.currency)
    return next(named, delivery.merchant.currency)


def _refund(refund: RefundPayload, currency: str) -> Refund:
    """Items returned, less what a discrepancy says was not paid back for them.

    Shopify's adjustments are negative where the buyer got more than the items' price. A refund
    that names no item and no discrepancy tells only an amount.
    """
    discrepancies = [
        money.minor(each.amount, currency)
        for each in refund.order_adjustments
        if (each.kind or each.reason or "").lower().replace(" ", "_") == "refund_discrepancy"
    ]
    if refund.refund_line_items or discrepancies:
        items = sum(money.minor(line.subtotal, currency) for line in refund.refund_line_items)
        tax = sum(money.minor(line.total_tax, currency) for line in refund.refund_line_items)
        return Refund(id=refund.id, items=items - sum(discrepancies), tax=tax)
    paid_back = sum(
        money.minor(each.amount, currency)
        for each in refund.transactions
        if each.kind == "refund" and each.status == "success"
    )
    shipping = [a for a in refund.order_adjustments if a.kind == "shipping_refund"]
    return Refund(id=refund.id, amount=0 if shipping else paid_back)
