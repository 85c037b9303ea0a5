"""A period's figures by network, influencer, campaign, product or link, and how far the models
agree. Pure."""

from collections.abc import Callable
from datetime import date
from typing import Literal

from sharetrail import calendars
from sharetrail.analysis.period import Period, Sums
from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.touch import Touch
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing.link import Link

Dimension = Literal[
    "day", "network", "influencer", "campaign", "product", "link", "country", "device", "referrer"
]
DISAGREE = 2.0
"""Models disagree where one gives more than so many times what another does …"""
NOTABLE = 0.02
"""… of a group that has more than this part of the influenced revenue under some model."""

GROUPS: dict[str, tuple[Callable[[Link], str], Callable[[Touch], str]]] = {
    "network": (lambda link: link.network, lambda touch: touch.network),
    "influencer": (lambda link: link.influencer, lambda touch: touch.influencer),
    "campaign": (lambda link: link.campaign, lambda touch: touch.campaign),
    "product": (lambda link: link.product.id if link.product else "", lambda touch: touch.product),
    "link": (lambda link: link.code, lambda touch: touch.link),
}


def one_day(period: Period, day: date, merchant: Merchant) -> Period:
    return Period(
        first=day,
        last=day,
        days={day: period.days[day]},
        links=period.links,
        orders=tuple(o for o in period.orders if _local_day(o, merchant) == day),
        foreign=(),
    )


def _local_day(order: OrderFigures, merchant: Merchant) -> date:
    return calendars.local_day(order.placed_at, merchant.tz)


def range_of(sums: Sums) -> tuple[int, int]:
    """The least and the most that any model gives."""
    given = sums.revenue.values()
    return min(given, default=0), max(given, default=0)
