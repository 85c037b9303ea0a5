"""The table of KPIs: what each is called, in which unit, whether more is better, and its formula.

Page, API, targets and definitions read it. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from sharetrail.kpis import formulas as of
from sharetrail.kpis.figure import Reading, Unit
from sharetrail.kpis.funnel import Funnel
from sharetrail.words.speech import mark

Pillar = Literal["awareness", "engagement", "acquisition", "sales", "loyalty"]
PILLARS: tuple[Pillar, ...] = get_args(Pillar)
PILLAR_NAMES: Mapping[Pillar, str] = MappingProxyType(
    {
        "awareness": mark("Awareness"),
        "engagement": mark("Engagement"),
        "acquisition": mark("Acquisition"),
        "sales": mark("Sales"),
        "loyalty": mark("Loyalty"),
    }
)
PILLAR_QUESTIONS: Mapping[Pillar, str] = MappingProxyType(
    {
        "awareness": mark("Who could know of you?"),
        "engagement": mark("Who does something with it?"),
        "acquisition": mark("Who comes to the shop?"),
        "sales": mark("Who buys, and for how much?"),
        "loyalty": mark("Who comes back, and who passes it on?"),
    }
)


Read = Callable[[Funnel], Reading]


@dataclass(frozen=True, kw_only=True)
class Kpi:
    read: Read
    """Its formula."""
    name: str
    """English, to be said by speech.say."""
    pillar: Pillar
    unit: Unit
    more_is_better: bool | None = True
    """None where neither is: visits before buying may be patience or doubt."""
    is_sum: bool = False
    """Whether longer days have more of it: then a target is for so many days."""

    @property
    def id(self) -> str:
        """Its formula's name."""
        return self.read.__name__

    @property
    def anchor(self) -> str:
        """On the page of definitions."""
        return f"kpi_{self.id}"


def _sum(read: Read, name: str, pillar: Pillar, unit: Unit = "count") -> Kpi:
    return Kpi(read=read, name=name, pillar=pillar, unit=unit, is_sum=True)


def _level(read: Read, name: str, pillar: Pillar, unit: Unit, is_better: bool | None = True) -> Kpi:
    return Kpi(read=read, name=name, pillar=pillar, unit=unit, more_is_better=is_better)


_TABLE = (
    _sum(of.button_views, mark("Button views"), "awareness"),
    _sum(of.impressions, mark("Post impressions"), "awareness"),
    _level(of.followers, mark("Followers"), "awareness", "count"),
    _level(of.follower_growth, mark("Follower growth"), "awareness", "share"),
    _level(of.engagement_rate, mark("Engagement rate"), "engagement", "share"),
    _level(of.engagement_per_post, mark("Engagement a post"), "engagement", "share"),
    _sum(of.shares, mark("Shares"), "engagement"),
    _level(of.share_rate, mark("Share rate"), "engagement", "share"),
    _level(of.clicks_per_share, mark("Clicks a share"), "engagement", "ratio"),
    _level(of.k_factor, mark("K-factor"), "engagement", "ratio"),
    _sum(of.clicks, mark("Clicks on share links"), "acquisition"),
    _level(of.click_through, mark("Click-through"), "acquisition", "share"),
    _sum(of.visits, mark("Visits by sharing"), "acquisition"),
    _level(of.bounce_rate, mark("Bounce rate"), "acquisition", "share", is_better=False),
    _level(of.time_on_site, mark("Time on site"), "acquisition", "seconds"),
    _sum(of.leads, mark("Leads"), "acquisition"),
    _level(of.lead_rate, mark("Lead rate"), "acquisition", "share"),
    _sum(of.transactions, mark("Orders through sharing"), "sales"),
    _level(of.conversion, mark("Conversion"), "sales", "share"),
    _sum(of.revenue_net, mark("Net revenue"), "sales", "money"),
    _sum(of.revenue_gross, mark("Gross revenue"), "sales", "money"),
    _level(of.revenue_share, mark("Share of all revenue"), "sales", "share"),
    _level(of.order_value, mark("Order value"), "sales", "money"),
    _level(of.revenue_per_share, mark("Revenue a share"), "sales", "money"),
    _level(of.visits_before_buying, mark("Visits before buying"), "sales", "ratio", is_better=None),
    _level(of.cost_per_action, mark("Cost an order"), "sales", "money", is_better=False),
    _level(of.return_on_spend, mark("Return on spend"), "sales", "share"),
    _level(of.returning_customers, mark("Returning customers"), "loyalty", "share"),
    _sum(of.sharers, mark("People who share"), "loyalty"),
)
KPIS: Mapping[str, Kpi] = MappingProxyType({each.id: each for each in _TABLE})
"""By id, in the order in which they are told."""
OF_NETWORK = (
    "followers",
    "follower_growth",
    "impressions",
    "engagement_rate",
    "engagement_per_post",
    "click_through",
)
"""Those that one network has."""
