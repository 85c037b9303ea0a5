"""A shop system as whoever mends an installation meets it: told in shop_systems.toml, in English.
Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from sharetrail.orders.order_fact import Platform


@dataclass(frozen=True, kw_only=True)
class Topic:
    happens: str
    code: str
    """What the system calls it."""


@dataclass(frozen=True, kw_only=True)
class ShopSystem:
    name: str
    look: str
    """Where its webhooks stand, and what to look for there."""
    tag: str
    """Where the script's tag goes."""
    topics: tuple[Topic, ...]


@cache
def systems() -> Mapping[Platform, ShopSystem]:
    """In the order in which they are offered."""
    told = tomllib.loads(Path(__file__).with_name("shop_systems.toml").read_text("utf-8"))
    return {cast(Platform, platform): _read(**fields) for platform, fields in told.items()}


def _read(topics: list[dict[str, str]], **fields: str) -> ShopSystem:
    return ShopSystem(topics=tuple(Topic(**each) for each in topics), **fields)
