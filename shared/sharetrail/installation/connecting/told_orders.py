"""An order as its system lists it, read as if its webhooks had come: by the same readers, into
facts of the same keys. So what a webhook tells too, before or after, is the same fact, and the
first stands.

- Shopify's order is the body of `orders/create`, `orders/updated` and, where it is cancelled,
  `orders/cancelled`: an update tells its refunds.
- WooCommerce's is the body of `order.updated`.
- Stripe's events are the webhooks themselves. A Checkout Session of before there are events is
  told as completed when its charge was made, and as refunded by as much as its charge says.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Vendor
from sharetrail.webhooks import shopify, store_fact, woocommerce
from sharetrail.webhooks.delivery import Delivery, Mismatch, NotUnderstood

SOURCE = "connection"
"""What told these facts: Fact.source."""
_LONGEST = 40


class Unread(Exception):
    """An order that cannot be understood; it is named."""


def store(merchant: Merchant, platform: Vendor, told: Any, now: datetime) -> bool:
    """Store what it tells; whether any of that was new. Unread where it cannot be read: a webhook
    of it would stand in quarantine."""
    try:
        read = [store_fact.read(each) for each in _deliveries(merchant, platform, told, now)]
        facts = [(order, replace(fact, source=SOURCE)) for order, fact in filter(None, read)]
        stored = [store_fact.store(order, fact, now) for order, fact in facts]
    except (NotUnderstood, Mismatch) as why:
        raise Unread(name_of(told)) from why
    return any(each["new"] for each in stored)


def name_of(told: Any) -> str:
    name = str(told.get("id", "") if isinstance(told, dict) else "")[:_LONGEST]
    return name.encode(errors="replace").decode()  # JSON has halves of letters, which no row takes


def _deliveries(
    merchant: Merchant, platform: Vendor, told: Any, now: datetime
) -> Iterator[Delivery]:
    for headers, payload in _WAYS[platform](merchant, told):
        yield Delivery(
            platform=platform, merchant=merchant, headers=headers, payload=payload, now=now
        )


_Told = Iterator[tuple[dict[str, str], Any]]


def _of_shopify(merchant: Merchant, told: Any) -> _Told:
    is_cancelled = isinstance(told, dict) and told.get("cancelled_at") is not None
    topics = ["orders/create", "orders/updated", *(["orders/cancelled"] if is_cancelled else [])]
    shop = {"x-shopify-shop-domain": merchant.shopify_domain or ""}
    for topic in topics:
        yield {**shop, shopify.TOPIC: topic}, told


def _of_woocommerce(_merchant: Merchant, told: Any) -> _Told:
    yield {woocommerce.TOPIC: "order.updated"}, told


def _of_stripe(_merchant: Merchant, told: Any) -> _Told:
    if not isinstance(told, dict) or told.get("object") != "checkout.session":
        yield {}, told
        return
    charge = _charge_of(told)
    at = charge.get("created", told.get("created"))
    yield {}, _event("checkout.session.completed", at, told)
    if charge.get("amount_refunded"):
        yield {}, _event("charge.refunded", at, charge)


def _charge_of(session: dict[str, Any]) -> dict[str, Any]:
    """What was paid by; nothing where nothing was."""
    intent = session.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, dict) else None
    return charge if isinstance(charge, dict) else {}


def _event(kind: str, at: Any, about: dict[str, Any]) -> dict[str, Any]:
    live = about.get("livemode")
    return {"type": kind, "created": at, "livemode": live, "data": {"object": about}}


_WAYS = {"shopify": _of_shopify, "woocommerce": _of_woocommerce, "stripe": _of_stripe}
