"""The big merchant's links and influencers."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

from bench.weekly.merchant import FIRST, INFLUENCERS, LINKS, MERCHANT
from sharetrail import base32, calendars
from sharetrail.aws.items import Item
from sharetrail.sharing import influencers
from sharetrail.sharing.influencers import Influencer
from sharetrail.sharing.link import Link

NETWORKS = ("whatsapp", "facebook", "pinterest", "x", "reddit", "telegram", "email", "copy")
_WEIGHTS = list(accumulate(1 / (n + 50) for n in range(LINKS)))
"""Few have many: the n-th link is followed as often as 1/(n + 50)."""


def draw(chance: Random, links: list[Link], number: int) -> list[Link]:
    """As often as they are followed."""
    return chance.choices(links, cum_weights=_WEIGHTS, k=number)


def link(n: int) -> Link:
    return Link(
        code=base32.encode(n, 10),
        merchant=MERCHANT.id,
        influencer=f"influencer-{n % INFLUENCERS:05}",
        url="https://shop.example/products/kettle",
        network=NETWORKS[n % len(NETWORKS)],
        campaign=("", "autumn")[n % 2],
        parent_code=base32.encode(n // 7, 10) if n % 5 == 4 else None,
        created_at=calendars.start_of(FIRST, MERCHANT.tz),
    )


def influencer_rows() -> Iterator[tuple[str, Item]]:
    for n in range(INFLUENCERS):
        who = f"influencer-{n:05}"
        since = calendars.start_of(FIRST, MERCHANT.tz)
        influencer = Influencer(id=who, name=f"Influencer {n}", reach=n, created_at=since)
        yield who, influencers.item(MERCHANT.id, influencer)
