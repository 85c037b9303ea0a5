"""A period's clicks, page events and orders side by side, and their sums by whatever one asks.

Gathering reads projections alone; everything below it is pure.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sharetrail import credits, links, tallies, totals
from sharetrail.credits import CreditLine, OrderCredits
from sharetrail.links import Link
from sharetrail.merchants import Merchant
from sharetrail.tallies import Counts, Tally

UNKNOWN = "unknown"
"""A link that a page event names and that does not exist."""


@dataclass(frozen=True, kw_only=True)
class Period:
    first: date
    last: date
    days: dict[date, Tally]
    links: dict[str, Link]
    orders: tuple[OrderCredits, ...]
    """Sales placed in the period, in the merchant's currency; test orders are not among them."""
    foreign: tuple[OrderCredits, ...]
    """Sales in other currencies: never added to these."""

    @property
    def tally(self) -> Tally:
        return tallies.merge(self.days.values())

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard of the shop."""
        return not self.tally.facts and not self.orders and not self.foreign


@dataclass(kw_only=True)
class Sums:
    """What a group comes to. Revenue by model, in minor units of the merchant's currency."""

    shares: int = 0
    raw: int = 0
    valid: int = 0
    unique: int = 0
    orders: int = 0
    revenue: dict[str, int] = field(default_factory=dict)


def gather(merchant: Merchant, first: date, last: date, now: datetime) -> Period:
    """The period's local days, both ends included; open days stand with what is known so far."""
    days = totals.between(merchant, first, last, now)
    codes = {code for tally in days.values() for code in tally.links}
    sales = [each for each in credits.between(merchant.id, first, last) if each.counts]
    return Period(
        first=first,
        last=last,
        days=days,
        links=links.find_all(codes),
        orders=tuple(each for each in sales if each.currency == merchant.currency),
        foreign=tuple(each for each in sales if each.currency != merchant.currency),
    )


def sums(
    period: Period,
    of_link: Callable[[Link], str],
    of_credit: Callable[[CreditLine], str],
) -> dict[str, Sums]:
    """Sums by group. An order counts once in each group that has a touch of it, so orders of
    several groups overlap; a model's revenue never does.
    """
    groups: dict[str, Sums] = {}
    for code, counts in period.tally.links.items():
        link = period.links.get(code)
        _add_clicks(groups.setdefault(of_link(link) if link else UNKNOWN, Sums()), counts)
    for order in period.orders:
        for group in {of_credit(line) for line in order.by("linear")}:
            groups.setdefault(group, Sums()).orders += 1
        for model, line in _credited(order):
            revenue = groups[of_credit(line)].revenue
            revenue[model] = revenue.get(model, 0) + line.amount
    return groups


def _add_clicks(to: Sums, counts: Counts) -> None:
    to.shares += counts.get("share", 0)
    to.raw += tallies.raw(counts)
    to.valid += tallies.valid(counts)
    to.unique += counts.get(tallies.UNIQUE, 0)


def _credited(order: OrderCredits) -> Iterator[tuple[str, CreditLine]]:
    for model, lines in order.models.items():
        yield from ((model, line) for line in lines)


def influenced(orders: Iterable[OrderCredits]) -> list[OrderCredits]:
    """The orders with a touch in the window; those that were cancelled stay, with nothing."""
    return [order for order in orders if order.influence != "none"]


def revenue_of(orders: Iterable[OrderCredits], influence: str) -> int:
    return sum(order.net for order in orders if order.influence == influence)
