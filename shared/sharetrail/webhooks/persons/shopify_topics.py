"""Shopify: customers/data_request, customers/redact, shop/redact.

Who can cause it? The body alone is signed, so whoever saw a signed body may send it again under
another topic. What would they gain? To have a shop forget its buyers. So the body's own shape must
be that topic's, and no other's, and the shop that it names itself must be the merchant's. Whoever
has the secret that orders are signed with, or an old body of a shop that is back, could have all of
a shop erased: so that waits, and the operator is told.
"""

from datetime import timedelta

from sharetrail.merchants import person_hashes
from sharetrail.questions.privacy_request import Act, PrivacyRequest
from sharetrail.webhooks.delivery import AnotherShop, Delivery
from sharetrail.webhooks.payload import understood
from sharetrail.webhooks.payloads.shopify_persons import (
    Customer,
    CustomerGone,
    DataRequested,
    ShopGone,
)
from sharetrail.webhooks.shopify import TOPIC

WITHDRAWN_WITHIN = timedelta(days=3)
"""The erasure of a shop. Shopify gives 30 days, and asks two days after the app is gone."""
_SHAPES: dict[str, type[DataRequested | CustomerGone | ShopGone]] = {
    "customers/data_request": DataRequested,
    "customers/redact": CustomerGone,
    "shop/redact": ShopGone,
}


def is_one(delivery: Delivery) -> bool:
    """Whether it says that it is about a person, and not about an order."""
    return delivery.platform == "shopify" and delivery.headers.get(TOPIC) in _SHAPES


def read(delivery: Delivery) -> PrivacyRequest | None:
    """None where it names nobody. Mismatch where shop, topic and body do not belong together;
    NotUnderstood where they may, and it cannot be read: somebody has to look at it."""
    topic = delivery.headers[TOPIC]
    told = understood(_SHAPES[topic], delivery.payload, f"The body is no {topic} of Shopify's.")
    domains = {told.shop_domain, delivery.headers.get("x-shopify-shop-domain", "").lower()}
    if domains != {delivery.merchant.shopify_domain}:
        raise AnotherShop(told.shop_domain)
    match told:
        case DataRequested():
            return _of_buyer(delivery, "export", told.customer, told.orders_requested)
        case CustomerGone():
            return _of_buyer(delivery, "erase", told.customer, told.orders_to_redact)
    return PrivacyRequest(
        merchant=delivery.merchant.id,
        act="erase",
        whose="shop",
        asked_at=delivery.now,
        due=delivery.now + WITHDRAWN_WITHIN,
    )


def _of_buyer(
    delivery: Delivery, act: Act, customer: Customer, orders: list[str]
) -> PrivacyRequest | None:
    merchant_id, now = delivery.merchant.id, delivery.now
    emails = person_hashes.of_emails(merchant_id, customer.email, now)
    ids = person_hashes.of_customers(merchant_id, {"shopify": customer.id}, now)
    if not (emails or ids or orders):
        return None
    return PrivacyRequest(
        merchant=merchant_id,
        act=act,
        whose="buyer",
        asked_at=now,
        names=(*emails, *ids),
        orders=tuple(sorted({f"shopify#{each}" for each in orders})),
    )
