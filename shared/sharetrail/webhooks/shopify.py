"""Shopify: orders/create, orders/paid, orders/updated, orders/cancelled, refunds/create,
disputes/create, disputes/update.

Shopify signs the body and nothing else: topic, shop and time are the sender's word. So the body
must fit its topic, the shop must be the merchant's, and the facts' keys are the business's own.
Payloads: https://shopify.dev/docs/api/webhooks (2024-10).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sharetrail import money
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import MAX_LINES, LineItem, Refund, Sale
from sharetrail.webhooks import shopify_payloads, signature
from sharetrail.webhooks.delivery import Delivery, Mismatch, OrderFact
from sharetrail.webhooks.payload import P, chargeback, understood
from sharetrail.webhooks.shopify_payloads import Adjustment, Line, OrderPayload, RefundPayload

SIGNATURE = "x-shopify-hmac-sha256"
TOPIC = "x-shopify-topic"
HEADERS = (TOPIC, "x-shopify-shop-domain", "x-shopify-test")
_ON_LINES = ("_sharetrail", "_sharetrail_visit")


# ── verifying ────────────────────────────────────────────────────────────────────────────────────
def verify(headers: dict[str, str], body: bytes, secrets: tuple[bytes, ...], _: datetime) -> None:
    """Unsigned unless one of the secrets signed the raw body."""
    signature.check(body, secrets, [signature.of_base64(headers.get(SIGNATURE, ""))])


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def read(delivery: Delivery) -> OrderFact | None:
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


def _placed(delivery: Delivery) -> OrderFact:
    order = _read(OrderPayload, delivery)
    fact = delivery.fact("placed", order.created_at, sale=_sale(delivery, order))
    return delivery.order(order.id), fact


def _paid(delivery: Delivery) -> OrderFact:
    order = _read(OrderPayload, delivery)
    at = order.processed_at or order.created_at
    return delivery.order(order.id), delivery.fact("paid", at, sale=_sale(delivery, order))


def _updated(delivery: Delivery) -> OrderFact:
    """The order as it stands, edits and all. What it says of refunds is left to refunds/create."""
    order = _read(OrderPayload, delivery)
    at, sale = order.updated_at or order.created_at, _sale(delivery, order)
    if order.current_subtotal_price is not None:
        sale = replace(sale, net=_edited_net(order, order.current_subtotal_price))
    return delivery.order(order.id), delivery.fact("updated", at, sale=sale)


def _cancelled(delivery: Delivery) -> OrderFact:
    if isinstance(delivery.payload, dict) and delivery.payload.get("cancelled_at") is None:
        raise Mismatch("The order is not cancelled.")
    order = _read(OrderPayload, delivery)
    assert order.cancelled_at
    return delivery.order(order.id), delivery.fact("cancelled", order.cancelled_at)


def _refunded(delivery: Delivery) -> OrderFact:
    """A refund's body names its currency in its transactions alone."""
    refund = _read(RefundPayload, delivery)
    named = (each.currency for each in refund.transactions if each.currency)
    told = _refund(refund, next(named, delivery.merchant.currency))
    return delivery.order(refund.order_id), delivery.fact("refund", refund.created_at, refund=told)


def _disputed(delivery: Delivery) -> OrderFact | None:
    """A chargeback; an inquiry moves no money."""
    dispute = _read(shopify_payloads.DisputePayload, delivery)
    if dispute.type != "chargeback":
        return None
    amount = money.minor(dispute.amount, dispute.currency)
    told = chargeback(dispute.id, amount, dispute.currency, dispute.status)
    fact = delivery.fact("chargeback", dispute.initiated_at, chargeback=told)
    return delivery.order(dispute.order_id), fact


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


def _sale(delivery: Delivery, order: OrderPayload) -> Sale:
    said, currency, landing = _attributes(order), order.currency, order.landing_site or ""
    customer = order.customer or shopify_payloads.Customer()
    shipping = order.total_shipping_price_set
    return Sale(
        name=order.name or order.id,
        currency=currency,
        lines=tuple(_line(line, order) for line in order.line_items[:MAX_LINES]),
        net=max(0, money.minor(order.subtotal_price, currency) - _tax(order.line_items, order)),
        total=money.minor(order.total_price, currency),
        discounts=_discounts(order.line_items, currency),
        tax=money.minor(order.total_tax, currency),
        shipping=money.minor(shipping.shop_money.amount, currency) if shipping else 0,
        placed_at=order.created_at,
        paid_in=sale_fields.paid_in(order.presentment_currency, currency),
        tax_included=order.taxes_included,
        trail=said.get("sharetrail"),
        visit=said.get("sharetrail_visit"),
        landing_click=sale_fields.landing_click(landing),
        landing_code=sale_fields.landing_code(landing),
        customer=delivery.customer(customer.id),
        email=delivery.email(order.email or customer.email),
        codes=sale_fields.codes(each.code for each in order.discount_codes),
        ad=sale_fields.ad(landing),
        referrer=sale_fields.host(order.referring_site or ""),
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
    net = gross - _discounts([line], order.currency) - _tax([line], order)
    product = line.product_id or line.sku or line.title
    return sale_fields.line_item(product, line.title, line.quantity, net)


def _tax(lines: Sequence[Line], order: OrderPayload) -> int:
    """The tax in the lines' prices, where the shop's carry it."""
    taxes = (tax.price for line in lines for tax in line.tax_lines)
    return _sum(taxes, order.currency) if order.taxes_included else 0


def _discounts(lines: Sequence[Line], currency: str) -> int:
    return _sum((d.amount for line in lines for d in line.discount_allocations), currency)


def _edited_net(order: OrderPayload, current: str) -> int:
    """An edited order's items as sold: those that are still there, and those that refunds took,
    since the refunds are facts of their own.
    """
    returned = [line.subtotal for refund in order.refunds for line in refund.refund_line_items]
    return max(0, _sum([current, *returned], order.currency) - _tax(order.line_items, order))


def _refund(refund: RefundPayload, currency: str) -> Refund:
    """Items returned, less what a discrepancy says was not paid back for them.

    Shopify's adjustments are negative where the buyer got more than the items' price. A refund
    that names no item and no discrepancy tells only an amount.
    """
    lines, adjustments = refund.refund_line_items, refund.order_adjustments
    discrepancies = [each.amount for each in adjustments if _is_discrepancy(each)]
    if lines or discrepancies:
        items = _sum((line.subtotal for line in lines), currency) - _sum(discrepancies, currency)
        return Refund(id=refund.id, items=items, tax=_sum((e.total_tax for e in lines), currency))
    paid_back = [t for t in refund.transactions if (t.kind, t.status) == ("refund", "success")]
    is_of_shipping = any(each.kind == "shipping_refund" for each in adjustments)
    amount = 0 if is_of_shipping else _sum((each.amount for each in paid_back), currency)
    return Refund(id=refund.id, amount=amount)


def _is_discrepancy(adjustment: Adjustment) -> bool:
    named = adjustment.kind or adjustment.reason or ""
    return named.lower().replace(" ", "_") == "refund_discrepancy"


def _sum(amounts: Iterable[str], currency: str) -> int:
    return sum(money.minor(each, currency) for each in amounts)
