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

import re
from datetime import datetime
from fractions import Fraction
from typing import Literal

from sharetrail import money
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import MAX_LINES, LineItem, Origin, Sale, Snapshot
from sharetrail.webhooks import signature, woocommerce_refunds
from sharetrail.webhooks.delivery import AnotherShop, Delivery, Mismatch, NotUnderstood, OrderFact
from sharetrail.webhooks.payload import digest_of, not_negative, understood
from sharetrail.webhooks.payloads.woocommerce import Deletion, Line, OrderPayload, error_of

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
HEADERS = (TOPIC, "x-wc-webhook-source")
_PING = re.compile(rb"webhook_id=\d{1,20}")
_PLACED = ("processing", "on-hold", "completed", "refunded")
_PENDING = ("pending", "checkout-draft", "auto-draft", "draft", "new")
_TOPICS = ("order.created", "order.updated", "order.restored", "order.deleted")
_GONE_STATUSES = ("cancelled", "failed", "trash")
_ERRORS = {
    "woocommerce_rest_cannot_view": "The user who saved the webhooks may not read orders any more:"
    " let an administrator open each webhook in WooCommerce and save it again, then save this day's"
    " orders once, or load them from an export: they are not in what was kept.",
    "woocommerce_rest_shop_order_invalid_id": "It could not find what it was to tell of: an order"
    " that was deleted for good, or a refund of one that stands. Compare this day's orders with an"
    " export (POST /v1/reconciliations).",
}
_ANY_ERROR = (
    "Open WooCommerce → Status → Logs for its time, mend the cause, and save the order once."
)


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
    shop = delivery.headers.get("x-wc-webhook-source", "")
    if not _is_of(delivery.merchant, shop):
        raise AnotherShop(shop)
    topic = delivery.headers.get(TOPIC, "")
    if topic not in _TOPICS:
        raise Mismatch(f"Send {', '.join(_TOPICS)}, not {topic[:40]!r}.")
    body, is_deletion = delivery.payload, topic == "order.deleted"
    if code := error_of(body):
        mend = _ERRORS.get(code, _ANY_ERROR)
        raise NotUnderstood(f"WooCommerce sent an error instead of an order ({code[:80]}). {mend}")
    if isinstance(body, dict) and (body.keys() == {"id"}) != is_deletion:  # it tells the id alone
        raise Mismatch(f"The body is no {topic} of WooCommerce's.")
    return _deleted(delivery) if is_deletion else _stands(delivery, topic)


def _is_of(merchant: Merchant, source: str) -> bool:
    """Whether the address in the header is the merchant's, with or without www; none is enough."""
    host = sale_fields.url_parts(source).netloc.lower()
    known = {each.removeprefix("www.") for each in merchant.hosts}
    return not source or host.removeprefix("www.") in known


def _stands(delivery: Delivery, topic: str) -> OrderFact:
    order = understood(OrderPayload, delivery.payload, "The body is no order of WooCommerce's.")
    sale = _sale(delivery, order)
    snapshot = Snapshot(
        state=_state(order),
        refunds=woocommerce_refunds.refunds(order),
        is_refunded=woocommerce_refunds.is_refunded_unpaid(order),
    )
    fact = delivery.fact(
        "restored" if topic == "order.restored" else "snapshot",
        order.date_modified_gmt,
        digest=digest_of(sale, snapshot),
        sale=sale,
        snapshot=snapshot,
    )
    return delivery.order(order.id), fact


def _deleted(delivery: Delivery) -> OrderFact:
    """Trashed. No time is told, so ours stands for it."""
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


def _sale(delivery: Delivery, order: OrderPayload) -> Sale:
    currency, lines = order.currency, order.line_items
    meta = {each.key: each.value for each in order.meta_data if isinstance(each.value, str)}
    began = {name: meta.get(f"_wc_order_attribution_{name}", "") for name in _ATTRIBUTION}
    landing = began["session_entry"]
    off = [fee.total for fee in order.fee_lines if money.minor(fee.total, currency) < 0]
    net = max(0, money.total([*(line.total for line in lines), *off], currency))
    gross = money.total((line.subtotal for line in lines), currency)
    return Sale(
        name=f"#{order.number or order.id}"[: sale_fields.MAX_NAME],
        currency=currency,
        lines=_lines(lines[:MAX_LINES], currency),
        net=net,
        total=not_negative(order.total, currency),
        discounts=max(0, gross - net),
        tax=money.minor(order.total_tax, currency),
        shipping=money.minor(order.shipping_total, currency),
        placed_at=order.date_created_gmt,
        paid_at=order.date_paid_gmt,
        fulfilled_at=order.date_completed_gmt if order.status == "completed" else None,
        tax_included=order.prices_include_tax,
        trail=sale_fields.script_value(meta.get("_sharetrail", "")),
        visit=sale_fields.script_value(meta.get("_sharetrail_visit", "")),
        landing_click=sale_fields.landing_click(landing),
        landing_code=sale_fields.shared_code(began["utm_medium"], began["utm_content"])
        or sale_fields.landing_code(landing),
        ad=sale_fields.ad(landing),
        referrer=sale_fields.host(began["referrer"]),
        **delivery.buyer(
            order.customer_id if order.customer_id != "0" else None,
            order.billing.email,
            order.house,
        ),
        codes=sale_fields.codes(each.code for each in order.coupon_lines),
        code_discounts=sale_fields.code_discounts(
            (each.code, None if each.discount is None else money.minor(each.discount, currency))
            for each in order.coupon_lines
        ),
        origin=_origin(order, is_renewal="_subscription_renewal" in meta),
    )


_ATTRIBUTION = ("session_entry", "utm_medium", "utm_content", "referrer")
"""Of WooCommerce's own order attribution: where the visit began."""


def _origin(order: OrderPayload, is_renewal: bool) -> Origin:
    """A renewal copies its first order's meta, trail and all."""
    if is_renewal or order.created_via == "subscription":
        return "renewal"
    return "hand" if order.created_via == "admin" else "page"


def _lines(lines: tuple[Line, ...], currency: str) -> tuple[LineItem, ...]:
    """Rounded together: shops may reckon with more decimals than their currency has."""
    exact = [max(Fraction(0), Fraction(line.total)) for line in lines]
    whole = money.total((line.total for line in lines), currency)
    nets = money.share_out(max(0, whole), exact) if any(exact) else [0] * len(lines)
    return tuple(map(_line, lines, nets))


def _line(line: Line, net: int) -> LineItem:
    product = line.product_id if line.product_id not in ("", "0") else line.sku or line.name
    return sale_fields.line_item(product, line.name, line.quantity, net)
