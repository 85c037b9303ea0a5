"""The big merchant's orders, credited by the product's own code."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

from bench.weekly import links
from bench.weekly.days import click_id
from bench.weekly.links import NETWORKS
from bench.weekly.merchant import DAYS, FIRST, MERCHANT, ORDERS
from sharetrail.attribution import credits
from sharetrail.attribution.credit import compute_credits
from sharetrail.attribution.models import CreditRule
from sharetrail.attribution.touch import OrderTouches, Touch
from sharetrail.aws.items import Item
from sharetrail.clicks import verdict
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef, Sale
from sharetrail.sharing.link import Link


class Orders:
    def __init__(self, chance: Random, links: list[Link]) -> None:
        self._chance, self._links = chance, links

    def rows(self) -> Iterator[tuple[str, Item]]:
        rule = CreditRule()
        for n in range(ORDERS):
            day = FIRST + timedelta(days=self._chance.randrange(DAYS))
            at = datetime.combine(day, time(), UTC) + timedelta(
                seconds=self._chance.randrange(86_400)
            )
            net = self._chance.randrange(500, 30_000)
            sale = Sale(name=f"#{n}", currency="USD", lines=(), net=net, total=net, trail="none")
            order = Order(sale=sale, placed_at=at, net=net, refunded=0, fact_count=2)
            ref = OrderRef(merchant=MERCHANT.id, platform="shopify", id=f"{4_900_000_000_000 + n}")
            touches = tuple(sorted(self._touches(at), key=lambda touch: (touch.at, touch.id)))
            effects = dict.fromkeys(NETWORKS, 0.1) if n % 2 else None
            resolved = OrderTouches(touches=touches)
            order_credits = compute_credits(ref, order, resolved, rule, removal_effects=effects)
            yield f"{day}#shopify#{ref.id}", credits.item_of(MERCHANT, ref, order_credits)

    def _touches(self, before: datetime) -> Iterator[Touch]:
        number = self._chance.choice((1, 1, 2, 4))
        for link in links.draw(self._chance, self._links, number):
            at = before - timedelta(seconds=self._chance.randrange(60, 28 * 86_400))
            yield Touch(
                id=click_id(self._chance, at),
                at=at,
                link=link.code,
                influencer=link.influencer,
                name=link.influencer.title(),
                network=link.network,
                campaign=link.campaign,
                evidence="trail",
                verdict="human",
                reason="",
                verdict_version=verdict.VERSION,
            )
