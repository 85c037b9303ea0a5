"""All that was counted of a shop's sharing in some days, from who saw it to who bought. Pure.

Whole numbers, and money in minor units of the merchant's currency. None is what is not known: it is
never a zero.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sharetrail.analysis.period import Period, group_of, influenced
from sharetrail.analysis.share_tree import KFactor
from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.touch import COUPON
from sharetrail.costs.cost import Cost
from sharetrail.kpis.network_figure import NetworkSpan
from sharetrail.totals.believed_events import (
    LEAD_BY_SHARE,
    MEASURED,
    VISIBLE_SECONDS,
    WENT_ON,
)
from sharetrail.totals.tally import Counts, valid_clicks

ONE_VISIT = timedelta(minutes=30)
"""Clicks of a buyer's that are no further apart began one visit: as the script's visits last."""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """What pages say happened on them; anybody may say it, so an address is believed up to a limit
    (totals/believed_events.py)."""

    views: int = 0
    opens: int = 0
    shares: int = 0
    visits: int = 0
    """Of browsers that carry a share click of the last 30 days, with consent."""
    measured: int = 0
    """Of them, those whose pages said how long they were looked at: of those below."""
    went_on: int = 0
    """Measured ones that came to a second page."""
    seconds: int = 0
    """In which the pages of measured ones were visible."""
    leads: int = 0
    """Of whom the page knew that a share click had brought them."""
    all_leads: int = 0

    @classmethod
    def of(cls, events: Counts) -> "Pages":
        return cls(
            views=events.get("view", 0),
            opens=events.get("open", 0),
            shares=events.get("share", 0),
            visits=events.get("visit", 0),
            measured=events.get(MEASURED, 0),
            went_on=events.get(WENT_ON, 0),
            seconds=events.get(VISIBLE_SECONDS, 0),
            leads=events.get(LEAD_BY_SHARE, 0),
            all_leads=events.get("lead", 0),
        )


@dataclass(frozen=True, kw_only=True)
class Sales:
    """Orders through sharing, and beside them all. Cancelled orders stay, with nothing."""

    orders: int = 0
    standing: int = 0
    """Of them, those that were not cancelled."""
    net: int = 0
    gross: int = 0
    """Before refunds and chargebacks."""
    all_orders: int = 0
    all_net: int = 0
    journeys: int = 0
    """Orders that a share click led to, as against a code alone …"""
    journey_visits: int = 0
    """… and the visits that are known of their buyers, up to the one that they bought in."""
    new_buyers: int = 0
    returning_buyers: int = 0


@dataclass(frozen=True, kw_only=True)
class Outlay:
    """What the sharing of the days cost, and what came back: as costs tell it."""

    spent: int
    orders: int
    """Paid for, and not cancelled."""
    earned: int
    """What was paid for and is neither held nor rejected."""
    apart: tuple[Cost, ...] = ()
    """Costs in a currency of which no rate is known: not in what was spent."""
    untold: int = 0
    """Uses of codes of which the shop does not tell what they took off, likewise."""

    @property
    def is_whole(self) -> bool:
        """Whether all that it cost could be added up."""
        return not self.apart and not self.untold


@dataclass(frozen=True, kw_only=True)
class Funnel:
    first: date
    last: date
    currency: str
    heard: bool = True
    """Whether anything was heard of the shop: of days before it came nothing is known."""
    told_leads: bool = False
    """Whether pages told of leads in the days that these are compared with, so would have in these.
    """
    is_whole: bool = True
    """Whether the shop was with us on all of the days: a part compares with no whole."""
    networks: tuple[NetworkSpan, ...] = ()
    pages: Pages = field(default_factory=Pages)
    clicks: int = 0
    """People's, on share links."""
    clicks_by_network: Counts = field(default_factory=dict)
    sharers: int = 0
    recruits: int = 0
    """Who began to share by another's link."""
    sales: Sales = field(default_factory=Sales)
    outlay: Outlay | None = None
    """None where no cost was told."""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def funnel_of(
    period: Period,
    currency: str,
    tree: KFactor,
    networks: tuple[NetworkSpan, ...] = (),
    outlay: Outlay | None = None,
) -> Funnel:
    return Funnel(
        first=period.first,
        last=period.last,
        currency=currency,
        heard=not period.is_silent,
        networks=networks,
        pages=Pages.of(period.tally.events),
        clicks=sum(period.visits.by_day.values()),
        clicks_by_network=_clicks_by_network(period),
        sharers=tree.sharers,
        recruits=tree.recruits,
        sales=sales_of(period.orders),
        outlay=outlay,
    )


def _clicks_by_network(period: Period) -> Counts:
    found: Counter[str] = Counter()
    for code, counts in period.tally.links.items():
        found[group_of(period.links.get(code), "network")] += valid_clicks(counts)
    return dict(found)


def sales_of(orders: Iterable[OrderFigures]) -> Sales:
    everybody = [*orders]
    through = influenced(everybody)
    visits = [n for n in map(visits_before, through) if n]
    returning = [order.is_returning for order in through]
    return Sales(
        orders=len(through),
        standing=sum(not order.cancelled for order in through),
        net=sum(order.net for order in through),
        gross=sum(map(gross_of, through)),
        all_orders=len(everybody),
        all_net=sum(order.net for order in everybody),
        journeys=len(visits),
        journey_visits=sum(visits),
        new_buyers=returning.count(False),
        returning_buyers=returning.count(True),
    )


def gross_of(order: OrderFigures) -> int:
    """What was sold, before it was refunded or charged back; nothing of a cancelled order."""
    return 0 if order.cancelled else order.net + order.refunded + order.charged_back


def visits_before(order: OrderFigures) -> int:
    """How many visits are known of its buyer, up to the one it was bought in: share clicks that
    count, those within half an hour of the one before as one, and where the order's own visit began
    otherwise, that. Of an order that no click led to, none."""
    clicks = [line.touch for line in order.details.lines("last") if line.touch.network != COUPON]
    visits = _visits(each.at for each in clicks)
    is_own = any(each.id == order.visit_touch for each in clicks)
    return visits + (visits > 0 and not is_own)


def _visits(times: Iterable[datetime]) -> int:
    visits, before = 0, None
    for at in sorted(times):
        visits += before is None or at - before > ONE_VISIT
        before = at
    return visits
