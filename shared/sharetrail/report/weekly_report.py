"""The weekly influencer report as values: what stands in the mail, and nothing of how it looks.

All amounts are minor units of the report's currency. Pure; build_report.py builds one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from sharetrail.analysis.period import Sums
from sharetrail.analysis.seen_on import NOWHERE, SeenOn
from sharetrail.merchants.notice import Notice
from sharetrail.money import Amount


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What sharing earned in a week: two disjoint parts that add up to influenced revenue."""

    last_click: int = 0
    """Orders whose own visit began with a share click."""
    assisted: int = 0
    """Every other order with a share click in the window before it."""
    last_click_orders: int = 0
    assisted_orders: int = 0
    all_orders: int = 0
    """Every order of the week in the report's currency."""
    all_net: int = 0

    @property
    def influenced(self) -> int:
        return self.last_click + self.assisted

    @property
    def rest(self) -> int:
        return self.all_net - self.influenced

    @property
    def influenced_orders(self) -> int:
        return self.last_click_orders + self.assisted_orders


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """A network's, a product's or an influencer's week."""

    name: str
    links_followed: int = 0
    """Links that people followed this week; what pages say of shares stands in the funnel."""
    clicks: int = 0
    """People's clicks; bots, previews and repeats are not among them."""
    orders: int = 0
    """Orders with a click of the group's in the window; an order can count for several groups."""
    revenue: int = 0
    """Credited by the linear model: unlike orders, it never overlaps."""

    @classmethod
    def of(cls, name: str, sums: Sums, **more: Any) -> Self:
        return cls(
            name=name,
            links_followed=sums.links_followed,
            clicks=sums.valid,
            orders=sums.orders,
            revenue=sums.revenue.get("linear", 0),
            **more,
        )


@dataclass(frozen=True, kw_only=True)
class InfluencerLine(GroupLine):
    id: str
    closed: int = 0
    """Of the influenced revenue, what the last-click model gives them."""
    score: int | None = None
    """Expected credited net revenue over the next four weeks; None where not scored."""
    low: int | None = None
    high: int | None = None
    """The score's 80 % interval."""
    percentile: int | None = None
    seen_on: SeenOn = NOWHERE
    """Where people saw their links."""
    tier: str = ""
    """gold, rising, steady, unproven or review."""
    advice: str = ""


@dataclass(frozen=True, kw_only=True)
class Funnel:
    views: int = 0
    opens: int = 0
    shares: int = 0
    clicks: int = 0
    orders: int = 0


@dataclass(frozen=True, kw_only=True)
class Restatement:
    """Last week's figure as it was mailed, and what it has become by refunds and late orders."""

    mailed: int
    now: int


@dataclass(frozen=True, kw_only=True)
class OtherCurrency:
    """Orders in a currency that the report cannot add: listed apart."""

    currency: str
    orders: int
    net: int


@dataclass(frozen=True, kw_only=True)
class WeeklyReport:
    merchant: str
    shop: str
    currency: str
    zone: str
    language: str
    first: date
    last: date
    earned: Earned
    before: Earned | None = None
    """The week before; None in a merchant's first week."""
    influencers: tuple[InfluencerLine, ...] = ()
    """Everyone with a share, click or order this week, best first."""
    networks: tuple[GroupLine, ...] = ()
    device_seen_on: SeenOn = NOWHERE
    """Where people saw the links that were passed on by a device's own share sheet."""
    products: tuple[GroupLine, ...] = ()
    funnel: Funnel
    funnel_before: Funnel | None = None
    other_currencies: tuple[OtherCurrency, ...] = ()
    restatement: Restatement | None = None
    notices: tuple[Notice, ...] = ()
    """What the week's days were short of."""
    last_event: datetime | None = None
    """When anything was last heard from the shop; None for never."""
    window_days: int = 30
    rule: str = ""
    """The credits' rule version and hash."""

    def amount(self, minor: int) -> Amount:
        """Minor units of the report's currency, on their way out."""
        return Amount(minor, self.currency)

    @property
    def is_empty(self) -> bool:
        """Nothing was seen this week: no event, no click, no order."""
        return self.funnel == Funnel() and not self.earned.all_orders and not self.other_currencies

    @property
    def top(self) -> tuple[InfluencerLine, ...]:
        """The ten the mail shows in full."""
        return self.influencers[:10]

    @property
    def others(self) -> tuple[InfluencerLine, ...]:
        """Below the top ten, whoever has an order this week: a line each."""
        return tuple(line for line in self.influencers[10:] if line.orders)
