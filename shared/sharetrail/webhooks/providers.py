"""Order webhooks: one module a provider, each with the same two functions.

`verify(headers, body, secrets, now)` raises Unsigned unless the body is the sender's.
Where the sender first tries the address with something unsigned, `is_ping(headers, body)` knows it.
`read(delivery)` turns a verified body into the order it speaks of and one fact about it, or None
where it asks for nothing. Everything after that is shared.
"""

from types import ModuleType

import boto3  # noqa: F401  while Lambda starts it is at full speed; at the first call it is not

from sharetrail.problems import NotFound
from sharetrail.webhooks import shopify, standard, stripe, woocommerce


class UnknownProvider(NotFound):
    """No such provider sends us webhooks."""


PROVIDERS: dict[str, ModuleType] = {
    "shopify": shopify,
    "woocommerce": woocommerce,
    "stripe": stripe,
    "standard": standard,
}


def provider(name: str) -> ModuleType:
    if name not in PROVIDERS:
        raise UnknownProvider(f"Webhooks come from {', '.join(PROVIDERS)}.")
    return PROVIDERS[name]


def is_ping(sender: ModuleType, headers: dict[str, str], body: bytes) -> bool:
    """Whether the body only tries the address: it gets a 200, and changes nothing."""
    return hasattr(sender, "is_ping") and bool(sender.is_ping(headers, body))
