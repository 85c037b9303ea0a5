"""A period's clicks, page events and orders side by side, and their sums by whatever one asks.

Pure; periods.py reads one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Literal

from sharetrail.analysis.visits import Visits
from sharetrail.attribution.credit import CreditLine, OrderFigures
from sharetrail.attribution.touch import Touch
from sharetrail.sharing.link import Link
from sharetrail.totals.tally import (
    FOLLOWED,
    Counts,
    Tally,
    raw_clicks,
    unique_visitors,
    valid_clicks,
)

Grouping = Literal["network", "influencer", "campaign", "product", "link"]
UNKNOWN = "unknown"
"""The group of a link that is not known."""
DISAGREE = 2.0
"""Models disagree where one gives more than so many times what another does …"""
NOTABLE = 0.02
"""… of a group that has more than this part of the influenced revenue under some model."""


@dataclass(frozen=True, kw_only=True)
class Period:
    first: date
    last: date
    as_of: datetime
    tally: Tally
    """Of all days: links without countries and devices, which `visits` have of all of them."""
    visits: Visits
    links: dict[str, Link]
    orders: tuple[OrderFigures, ...]
    """Sales placed in the period, in the merchant's currency; test orders are not among them."""
    foreign: tuple[OrderFigures, ...]
    """Sales in other currencies: never added to these."""

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard of the shop."""
        return not self.tally.fact_count and not self.orders and not self.foreign


@dataclass(kw_only=True)
class Sums:
    """What a group comes to. Money in minor units of the merchant's currency.

    What was shared is links of which at least one address's click is proof; what pages say of
    shares, anybody can send. `revenue`, by model, `held`, `upheld`, `last_click` and `closer` add
    up over groups; the others overlap, since an order with touches of several groups is an order of
    each.
    """

    links_followed: int = 0
    raw: int = 0
    valid: int = 0
    unique: int | None = 0
    """None where a day with people's clicks is still open."""
    orders: int = 0
    last_click: int = 0
    """Net of the orders whose own visit its touch began."""
    assisted: int = 0
    """Net of every other order with a touch of it."""
    closer: int = 0
    """Net of the orders whose last touch was its own."""
    on_path: int = 0
    """Net of every other order with a touch of it: on the path, not the closer."""
    revenue: Counter[str] = field(default_factory=Counter)
    held: int = 0
    """Of the linear model's revenue, what waits for its date or for the merchant's word. What is
    withheld from the models is in neither."""
    upheld: int = 0
    """Of it, what the merchant decided is not earned."""

    @property
    def is_of_people(self) -> bool:
        """Whether a person followed a link of it or ordered: anybody's program can follow one."""
        return bool(self.valid or self.orders)

    @property
    def influenced(self) -> int:
        return self.last_click + self.assisted

    @property
    def model_range(self) -> tuple[int, int]:
        """The least and the most that any model gives."""
        given = self.revenue.values()
        return min(given, default=0), max(given, default=0)

    def add_clicks(self, counts: Counts) -> None:
        """One link's; not whether it was followed, which counts once a link."""
        self.raw += raw_clicks(counts)
        self.valid += valid_clicks(counts)
        new = unique_visitors(counts)
        self.unique = None if self.unique is None or new is None else self.unique + new

    def is_disputed(self, whole: int) -> bool:
        """Whether the models disagree; `whole` is the period's influenced revenue."""
        low, high = self.model_range
        return high > DISAGREE * low and high > NOTABLE * whole


def sums_by(period: Period, by: Grouping) -> dict[str, Sums]:
    """Sums by group. An order counts once in each group that has a touch of it, so orders of
    several groups overlap; a model's revenue never does.
    """
    groups: dict[str, Sums] = defaultdict(Sums)
    for code, counts in period.tally.links.items():
        sums = groups[group_of(period.links.get(code), by)]
        sums.links_followed += FOLLOWED in counts
        sums.add_clicks(counts)
    for order in period.orders:
        add_order(groups, order, by, period.as_of)
    return groups


def group_of(link: Link | None, by: Grouping) -> str:
    """As a touch has it under the grouping's very name; UNKNOWN of no link."""
    if link is None:
        return UNKNOWN
    if by == "product":
        return link.product.id if link.product else ""
    group: str = getattr(link, _OF_LINK.get(by, by))
    return group


_OF_LINK = {"link": "code", "network": "shared_on"}
"""What else than in a touch something is called in a link."""


def add_order(groups: dict[str, Sums], order: OrderFigures, by: Grouping, now: datetime) -> None:
    """To each group that has a touch of it; `now` is as of when credits are held."""
    of_touch: Callable[[Touch], str] = attrgetter(by)
    models = order.details.models
    path = models.get("last", ())
    closer = of_touch(path[-1].touch) if path else None
    began = {of_touch(line.touch) for line in path if line.touch.id == order.visit_touch}
    for group in {of_touch(line.touch) for line in path}:
        sums = groups[group]
        sums.orders += 1
        sums.last_click += order.net if group in began else 0
        sums.assisted += 0 if group in began else order.net
        sums.closer += order.net if group == closer else 0
        sums.on_path += 0 if group == closer else order.net
    for model, lines in models.items():
        for line in lines:
            groups[of_touch(line.touch)].revenue[model] += line.amount
    for line in models.get("linear", ()) if order.decisions else ():
        _add_doubts(groups[of_touch(line.touch)], line, order, now)


def _add_doubts(sums: Sums, line: CreditLine, order: OrderFigures, now: datetime) -> None:
    """What was upheld is held no longer, whatever else is said of it."""
    about = [each for each in order.decisions if each.is_about(line.touch)]
    if any(each.is_upheld for each in about):
        sums.upheld += line.amount
    elif any(each.is_holding(now) for each in about):
        sums.held += line.amount


def influenced(orders: Iterable[OrderFigures]) -> list[OrderFigures]:
    """The orders with a touch in the window; those that were cancelled stay, with nothing."""
    return [order for order in orders if order.influence != "none"]


def revenue_of(orders: Iterable[OrderFigures], influence: str) -> int:
    return sum(order.net for order in orders if order.influence == influence)
