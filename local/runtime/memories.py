"""What the code under the functions remembers in its process, and how to begin as if cold."""

import sys
from collections.abc import Iterator
from typing import Any


def forget_clients() -> None:
    """AWS clients know the emulator and the outbox of the day they were made."""
    _clear("sharetrail.aws.clients")


def forget_mail_client() -> None:
    """The one of them that an outbox watches; to make all anew takes a tenth of a second."""
    clients = sys.modules.get("sharetrail.aws.clients")
    if clients:
        clients.sesv2.cache_clear()


def forget_whereabouts() -> None:
    """The redirect's own client keeps what it read of the environment."""
    _clear("sharetrail.aws.fast.signing")
    _clear("sharetrail.aws.fast.client")


def _clear(module: str) -> None:
    loaded = sys.modules.get(module)
    for each in list(vars(loaded).values()) if loaded else ():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


def forget_facts() -> None:
    """Merchants, keys and salts that a warm instance keeps for a while, and what failed there."""
    caches = sys.modules.get("sharetrail.aws.warm_cache")
    for value in _module_values() if caches else ():
        if isinstance(value, caches.Aged | caches.Fuse | caches.Once):  # type: ignore[union-attr]
            value.clear()


def _module_values() -> Iterator[Any]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("sharetrail", "functions") and module:
            yield from list(vars(module).values())
