"""Shop systems as an installation meets them: what they are called, which of their webhooks' topics
tell which facts, and how an order of theirs comes to carry the trail. Pure."""

from collections.abc import Mapping

from sharetrail.orders.order_fact import FactKind, Platform
from sharetrail.words.speech import mark, sentence

_NAMES: dict[str, str] = {
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "stripe": "Stripe",
    "standard": mark("your shop’s own program"),
}
Kinds = tuple[FactKind, ...]
_TOPICS: dict[Platform, dict[str, Kinds]] = {
    "shopify": {
        "orders/create, orders/paid": ("placed", "paid"),
        "orders/updated": ("updated",),
        "refunds/create": ("refund",),
        "orders/cancelled": ("cancelled",),
    },
    "woocommerce": {
        "order.created": ("placed", "paid", "snapshot"),
        "order.updated": ("updated",),
    },
    "stripe": {
        "checkout.session.completed": ("placed", "paid"),
        "charge.refunded": ("refund",),
    },
    "standard": {
        "order.placed, order.paid": ("placed", "paid"),
        "order.updated": ("updated",),
        "order.refunded": ("refund",),
        "order.cancelled": ("cancelled",),
    },
}
_KEEP: dict[str, str] = {
    "shopify": mark(
        "Mostly an app replaces the order’s note attributes, or a buy button skips the cart: keep"
        " the attribute sharetrail, and the script on the page that has the button."
    ),
    "woocommerce": mark(
        "The script’s tag needs data-cookie, and the shop the few lines of PHP that keep the cookie"
        " with the order."
    ),
    "stripe": mark(
        "The checkout session has to be made with the trail in its metadata: read the cookie that"
        " data-cookie on the tag writes."
    ),
    "standard": mark(
        "Where the page places the order, send sharetrail.trail and sharetrail.visit along, and"
        " keep both with the order."
    ),
}


def name(platform: str) -> str:
    return sentence(_NAMES[platform])


def topics(platform: str) -> Mapping[str, Kinds]:
    """What a shop system needs to tell, by its topics, without those of what seldom happens: a
    dispute, an order that is moved to the trash."""
    return next((of for name, of in _TOPICS.items() if name == platform), {})


def keep_trail(platform: str) -> str:
    """How its orders carry the trail."""
    return sentence(_KEEP.get(platform, _KEEP["standard"]))
