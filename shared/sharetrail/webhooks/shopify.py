"""Shopify: orders/create, orders/paid, orders/updated, orders/fulfilled, orders/cancelled,
refunds/create, disputes/create, disputes/update.

Shopify signs the body and nothing else: topic, shop and time are the sender's word. So the body
must fit its topic, the shop must be the merchant's, and the facts' keys are the business's own.
Payloads: https://shopify.dev/docs/api/webhooks
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sharetrail import money
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import MAX_LINES, LineItem, Origin, Refund, Sale
from sharetrail.web.bodies import in_reach
from sharetrail.webhooks import shopify_refunds, signature
from sharetrail.webhooks.delivery import AnotherShop, Delivery, Mismatch, OrderFact
from sharetrail.webhooks.payload import P, chargeback, digest_of, understood
from sharetrail.webhooks.payloads.shopify import (
    Cancellation,
    DisputePayload,
    Line,
    OrderPaid,
    OrderPayload,
    OrderUpdate,
    RefundTold,
)

SIGNATURE = "x-shopify-hmac-sha256"
TOPIC = "x-shopify-topic"
_TRIGGERED = "x-shopify-triggered-at"
HEADERS = (TOPIC, "x-shopify-shop-domain", _TRIGGERED)
_ON_LINES = ("_sharetrail", "_sharetrail_visit")
_PAID = ("paid", "partially_refunded", "refunded")
_UNPAID = ("pending", "authorized", "voided")
"""What no order says that was paid: its body is another topic's."""
_ORIGINS: dict[str, Origin] = {
    "shopify_draft_order": "hand",
    "pos": "hand",
    "subscription_contract": "renewal",
}
"""What made the order, where it was no page."""


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
        raise AnotherShop(shop)
    topic = delivery.headers.get(TOPIC, "")
    if topic not in _TOPICS:
        raise Mismatch(f"Send {', '.join(_TOPICS)}, not {topic[:40]!r}.")
    return _TOPICS[topic](delivery)


def _placed(delivery: Delivery) -> OrderFact:
    order = _read(OrderPayload, delivery)
    sale = _sale(delivery, order, order.created_at)
    return delivery.order(order.id), delivery.fact("placed", order.created_at, sale=sale)


def _paid(delivery: Delivery) -> OrderFact:
    order = _read(OrderPaid, delivery)
    if order.financial_status in _UNPAID:
        raise Mismatch("The order is not paid.")
    at = order.updated_at or order.processed_at or order.created_at
    sale = _sale(delivery, order, at)
    return delivery.order(order.id), delivery.fact("paid", at, sale=sale)


def _updated(delivery: Delivery) -> OrderFact:
    """The order as it stands, edits and refunds and all. Of two that differ and have the same
    second, what Shopify set out to tell last is the newer."""
    order = _read(OrderUpdate, delivery)
    at = order.updated_at or order.created_at
    sale = _edited(order, _sale(delivery, order, at))
    told = [shopify_refunds.refund(each) for each in order.refunds]
    refunds = tuple(told[: sale_fields.MAX_REFUNDS])
    fact = delivery.fact(
        "updated",
        at,
        triggered=_triggered(delivery),
        digest=digest_of(sale, *refunds),
        sale=sale,
        refunds=refunds,
    )
    return delivery.order(order.id), fact


def _cancelled(delivery: Delivery) -> OrderFact:
    if isinstance(delivery.payload, dict) and delivery.payload.get("cancelled_at") is None:
        raise Mismatch("The order is not cancelled.")
    order = _read(Cancellation, delivery)
    return delivery.order(order.id), delivery.fact("cancelled", order.cancelled_at)


def _refunded(delivery: Delivery) -> OrderFact:
    told = _read(RefundTold, delivery)
    refund: Refund = shopify_refunds.refund(told)
    fact = delivery.fact("refund", told.created_at, refund=refund, triggered=_triggered(delivery))
    return delivery.order(told.order_id), fact


def _disputed(delivery: Delivery) -> OrderFact | None:
    """A chargeback; an inquiry moves no money."""
    dispute = _read(DisputePayload, delivery)
    if dispute.type != "chargeback":
        return None
    amount = money.minor(dispute.amount, dispute.currency)
    told = chargeback(dispute.id, amount, dispute.currency, dispute.status)
    at = dispute.finalized_on or dispute.initiated_at
    return delivery.order(dispute.order_id), delivery.fact("chargeback", at, chargeback=told)


_TOPICS = {
    "orders/create": _placed,
    "orders/paid": _paid,
    "orders/updated": _updated,
    "orders/fulfilled": _updated,
    "orders/cancelled": _cancelled,
    "refunds/create": _refunded,
    "disputes/create": _disputed,
    "disputes/update": _disputed,
}


def _read(model: type[P], delivery: Delivery) -> P:
    topic = delivery.headers[TOPIC]
    return understood(model, delivery.payload, f"The body is no {topic} of Shopify's.")


def _triggered(delivery: Delivery) -> datetime | None:
    """When Shopify set out to tell it: nobody signed that. None where it is no time."""
    try:
        return in_reach(datetime.fromisoformat(delivery.headers.get(_TRIGGERED, "")))
    except ValueError:
        return None


# ── the sale ─────────────────────────────────────────────────────────────────────────────────────
def _sale(delivery: Delivery, order: OrderPayload, at: datetime) -> Sale:
    said, currency, landing = _attributes(order), order.currency, order.landing_site
    return Sale(
        name=(order.name or order.id)[: sale_fields.MAX_NAME],
        currency=currency,
        lines=tuple(_line(each, order) for each in order.line_items[:MAX_LINES] if not each.is_tip),
        net=max(0, money.minor(order.subtotal_price, currency) - _items_tax_in(order)),
        cost=money.minor(order.subtotal_price, currency) + _items_tax_on_top(order),
        total=money.minor(order.total_price, currency),
        discounts=_discounts(order.line_items, currency),
        tax=money.minor(order.total_tax, currency),
        shipping=money.minor(order.total_shipping_price_set.shop_money.amount, currency),
        tip=money.minor(order.total_tip_received, currency),
        placed_at=order.created_at,
        paid_at=at if order.financial_status in _PAID else None,
        fulfilled_at=at if order.fulfillment_status == "fulfilled" else None,
        paid_in=sale_fields.paid_in(order.presentment_currency or None, currency),
        paid_total=_paid_total(order),
        tax_included=order.taxes_included,
        trail=said.get("sharetrail"),
        visit=said.get("sharetrail_visit"),
        landing_click=sale_fields.landing_click(landing),
        landing_code=sale_fields.landing_code(landing),
        **delivery.buyer(
            order.customer.id,
            order.email or order.customer.email,
            order.shipping_address.house,
        ),
        codes=sale_fields.codes(each.code for each in order.discount_codes),
        code_discounts=sale_fields.code_discounts(_off_by_code(order)),
        ad=sale_fields.ad(landing),
        referrer=sale_fields.host(order.referring_site),
        origin=_ORIGINS.get(order.source_name, "page"),
        test=order.test,
    )


def _edited(order: OrderUpdate, sale: Sale) -> Sale:
    """An edited order's items as sold: those that are still there, and those that refunds took,
    since the refunds are told by themselves."""
    if order.current_subtotal_price is None:
        return sale
    currency, tax = order.currency, _items_tax(order)
    current = money.minor(order.current_subtotal_price, currency)
    returned = money.total(
        (line.subtotal for refund in order.refunds for line in refund.refund_line_items), currency
    )
    sold, placed = current + returned, money.minor(order.subtotal_price, currency)
    on_top, owing = (0 if order.taxes_included else tax), order.total_outstanding
    cost = sold + on_top
    return replace(
        sale,
        net=max(0, sold - (tax - on_top)),
        cost=cost,
        gained=round(max(0, sold - placed) * cost / sold) if sold else 0,
        taken_out=max(0, max(placed, _label(order)) - sold),
        owing=None if owing is None else money.minor(owing, currency),
    )


def _label(order: OrderPayload) -> int:
    """What all lines came to as they were sold: a line that was taken out keeps its quantity."""
    prices = [money.minor(line.price, order.currency) * line.quantity for line in order.line_items]
    return sum(prices) - _discounts(order.line_items, order.currency)


def _paid_total(order: OrderPayload) -> int | None:
    """The total as the buyer paid it, where that was in another currency and both are told."""
    shown = order.total_price_set.presentment_money
    paid_in = sale_fields.paid_in(order.presentment_currency, order.currency)
    return money.minor(shown.amount, paid_in) if paid_in == shown.currency_code else None


def _off_by_code(order: OrderPayload) -> Iterator[tuple[str, int | None]]:
    """Without tax, in the proportion that the items have it."""
    currency = order.currency
    items, tax = money.minor(order.subtotal_price, currency), _items_tax_in(order)
    without = Fraction(max(0, items - tax), items) if items else Fraction(1)
    for each in order.discount_codes:
        off = None if each.amount is None else money.minor(each.amount, currency)
        yield each.code, None if off is None else round(off * without)


def _attributes(order: OrderPayload) -> dict[str, str]:
    """What the script wrote: as cart attributes, and where a button skipped the cart, on a line."""
    on_lines = [each for line in order.line_items[:MAX_LINES] for each in line.properties]
    said = {each.name.removeprefix("_"): each.value for each in on_lines if each.name in _ON_LINES}
    said |= {each.name: each.value for each in order.note_attributes if each.value}
    return {name: value[: sale_fields.MAX_TRAIL] for name, value in said.items()}


def _line(line: Line, order: OrderPayload) -> LineItem:
    gross = money.minor(line.price, order.currency) * line.quantity
    net = gross - _discounts([line], order.currency) - _tax_in([line], order)
    product = line.product_id or line.sku or line.title
    return sale_fields.line_item(product, line.title, line.quantity, net)


def _tax_in(lines: Sequence[Line], order: OrderPayload) -> int:
    """The tax in the lines' prices, where the shop's carry it."""
    return _tax(lines, order.currency) if order.taxes_included else 0


def _items_tax_in(order: OrderPayload) -> int:
    return _items_tax(order) if order.taxes_included else 0


def _items_tax_on_top(order: OrderPayload) -> int:
    return 0 if order.taxes_included else _items_tax(order)


def _items_tax(order: OrderPayload) -> int:
    """The items' tax: as their lines tell it, else what shipping leaves of all."""
    if any(line.tax_lines for line in order.line_items):
        return _tax(order.line_items, order.currency)
    of_shipping = [tax.price for line in order.shipping_lines for tax in line.tax_lines]
    whole = money.minor(order.total_tax, order.currency)
    return max(0, whole - money.total(of_shipping, order.currency)) if of_shipping else 0


def _tax(lines: Sequence[Line], currency: str) -> int:
    return money.total((tax.price for line in lines for tax in line.tax_lines), currency)


def _discounts(lines: Sequence[Line], currency: str) -> int:
    return money.total((d.amount for line in lines for d in line.discount_allocations), currency)
