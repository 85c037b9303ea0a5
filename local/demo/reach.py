"""What the demo shop's networks say of it, and what it aims at, as its owner told it."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from sharetrail.calendars import WEEK
from sharetrail.kpis import network_figures, own_targets
from sharetrail.kpis.network_figure import NetworkFigure
from sharetrail.kpis.target import Target

_SEED = 11
_FOLLOWERS = {"instagram": 8_400, "tiktok": 2_300, "pinterest": 1_150}
_TARGETS = (
    Target(kpi="followers", value="12500"),
    Target(kpi="engagement_rate", value="0.03"),
    Target(kpi="visits", value="1500", per="month"),
    Target(kpi="revenue_net", value="12000", currency="USD", per="month"),
    Target(kpi="conversion", value="0.03"),
    Target(kpi="returning_customers", value="0.25"),
)


def tell(merchant_id: str, start: datetime, until: datetime) -> None:
    """Each week's sums under its Sunday, from the one before `start` on."""
    network_figures.tell(merchant_id, _figures(start, until))
    own_targets.put(merchant_id, _TARGETS)


def _figures(start: datetime, until: datetime) -> Iterator[NetworkFigure]:
    chance, followers = random.Random(_SEED), dict(_FOLLOWERS)
    sunday = start - timedelta(hours=12)
    while sunday < until:
        for network in followers:
            followers[network] += chance.randint(-10, 60)
            posts = chance.randint(2, 5)
            impressions = round(posts * followers[network] * chance.uniform(0.9, 1.6))
            yield NetworkFigure(
                network=network,
                day=sunday.date(),
                followers=followers[network],
                posts=posts,
                impressions=impressions,
                engagements=round(impressions * chance.uniform(0.015, 0.045)),
                told_at=sunday,
            )
        sunday += WEEK
