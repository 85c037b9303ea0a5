"""What the code under the functions remembers in its process, and how to begin as if cold."""

import sys
from collections.abc import Iterator
from typing import Any

_KNOW_AWS = ("sharetrail.aws", "sharetrail.credentials", "sharetrail.wire")


def forget_clients() -> None:
    """What speaks to AWS knows the emulator and the outbox of the day it was made."""
    for module in filter(None, map(sys.modules.get, _KNOW_AWS)):
        for each in list(vars(module).values()):
            if hasattr(each, "cache_clear"):
                each.cache_clear()


def forget_facts() -> None:
    """Merchants, keys and salts that a warm instance keeps for a while."""
    caches = sys.modules.get("sharetrail.caches")
    for value in _module_values() if caches else ():
        if isinstance(value, caches.Aged):  # type: ignore[union-attr]
            value.clear()


def _module_values() -> Iterator[Any]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("sharetrail", "functions") and module:
            yield from list(vars(module).values())
