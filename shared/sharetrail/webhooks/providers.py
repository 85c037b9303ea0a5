"""Order webhooks: one module a provider, each with the same two functions.

`verify(headers, body, secrets, now)` raises Unsigned unless the body is the sender's.
Where the sender first tries the address with something unsigned, `is_ping(headers, body)` knows it.
`read(delivery)` turns a verified body into the order it speaks of and one fact about it, or None
where it asks for nothing. Where headers tell something, `TOPIC` is the one that names the topic and
`HEADERS` are all that `read` asks for, none of which is a secret. Everything after is shared.
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


def topic_of(sender: ModuleType, delivery: Delivery) -> str:
    """What the delivery says that it is about: in a header or, of most senders, in its body."""
    if hasattr(sender, "TOPIC"):
        return delivery.headers.get(sender.TOPIC, "")
    return str(delivery.payload.get("type") if isinstance(delivery.payload, dict) else None)


def headers_read_by(sender: ModuleType) -> set[str]:
    return set(getattr(sender, "HEADERS", ()))


def is_ping(sender: ModuleType, headers: dict[str, str], body: bytes) -> bool:
    """Whether the body only tries the address: it gets a 200, and changes nothing."""
    return hasattr(sender, "is_ping") and bool(sender.is_ping(headers, body))
