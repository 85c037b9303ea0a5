"""Order webhooks: one module a provider, each with the same three names.

`verify(headers, body, secrets, now)` raises Unsigned unless the body is the sender's.
`read(delivery)` turns a verified body into the order it speaks of and one fact about it, or None
where it asks for nothing. `HEADERS` are all that `read` asks for, none of which is a secret: first
the one that names the topic; of a sender that names it in the body, none. Everything after is
shared.
"""

from types import ModuleType
from typing import get_args

from sharetrail.orders.order_fact import Platform
from sharetrail.problems import NotFound
from sharetrail.webhooks import shopify, standard, stripe, woocommerce
from sharetrail.webhooks.delivery import Delivery


class UnknownProvider(NotFound):
    """No such provider sends us webhooks."""


PROVIDERS: dict[Platform, ModuleType] = {
    "shopify": shopify,
    "woocommerce": woocommerce,
    "stripe": stripe,
    "standard": standard,
}


assert tuple(PROVIDERS) == get_args(Platform)


def provider(name: str) -> ModuleType:
    if name not in PROVIDERS:
        raise UnknownProvider(f"Webhooks come from {', '.join(PROVIDERS)}.")
    return PROVIDERS[name]


def topic_of(delivery: Delivery) -> str:
    """What the delivery says that it is about."""
    if headers := provider(delivery.platform).HEADERS:
        return delivery.headers.get(headers[0], "")
    return str(delivery.payload.get("type") if isinstance(delivery.payload, dict) else None)


def is_ping(name: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the body only tries the address, unsigned: it gets a 200, and changes nothing."""
    return name == "woocommerce" and woocommerce.is_ping(headers, body)
