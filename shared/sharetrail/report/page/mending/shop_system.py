"""A shop system as whoever mends an installation meets it, told in shop_systems.toml. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from sharetrail.orders.order_fact import Platform


@dataclass(frozen=True, kw_only=True)
class ShopSystem:
    name: str
    where: str
    """How one comes to its webhooks."""
    look: str
    """What to look for there."""
    tag: str
    """Where the script's tag goes."""
    topics: list[tuple[str, str]]
    """What happens, and what the system calls it."""


@cache
def systems() -> Mapping[Platform, ShopSystem]:
    """In the order in which they are offered."""
    told = tomllib.loads(Path(__file__).with_name("shop_systems.toml").read_text("utf-8"))
    return {cast(Platform, platform): ShopSystem(**fields) for platform, fields in told.items()}
