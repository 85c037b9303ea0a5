"""What was spent on sharing, and what came back: of a person, a campaign, a network, and of all.
Pure; amounts are minor units of the merchant's currency.

Who can cause it, and what would they gain? Costs are the merchant's own word. What a code took off
counts once its order is paid for, and so do orders and what is earned: nobody makes a rival look
dear, or himself cheap, by orders that nobody pays for. What is held or rejected is not earned.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Literal

from sharetrail.attribution.credit import CreditLine, OrderFigures, is_paid
from sharetrail.costs import few
from sharetrail.costs.cost import Cost

Grouping = Literal["influencer", "campaign", "network"]


@dataclass(frozen=True, kw_only=True)
class Spend:
    """Its four parts add up to `total`."""

    fee: int = 0
    gift: int = 0
    discount: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return self.fee + self.gift + self.discount + self.other

    def __add__(self, more: "Spend") -> "Spend":
        return Spend(
            **{f.name: getattr(self, f.name) + getattr(more, f.name) for f in fields(Spend)}
        )


NOTHING = Spend()


@dataclass(kw_only=True)
class Return:
    """What a group cost, and what it brought. Spend, revenue and earned add up over groups; orders
    overlap, since one with touches of several is an order of each."""

    spend: Spend = NOTHING
    orders: int = 0
    """Paid for, and not cancelled."""
    revenue: int = 0
    """Credited by the linear model, as reports say it."""
    earned: int = 0
    """Of that, what was paid for and is neither held nor rejected."""
    earning: int = 0
    """The orders that it is of: what it rests on."""
    held: int = 0
    """Of revenue, what was paid for and waits: for its date, or for the merchant's word."""
    untold: int = 0
    """Uses of its codes of which the shop does not tell what they took off: in no sum."""

    @property
    def cost_per_order(self) -> float | None:
        """None where nothing was spent, or nothing ordered."""
        return self.spend.total / self.orders if self.spend.total and self.orders else None

    @property
    def cost_per_order_range(self) -> tuple[float, float | None]:
        """80 %; without an upper end where none of the orders need have come. What codes took off
        came with the orders: of more it would have been more."""
        low, high = few.mean_of(self.orders)
        off = self.spend.discount if self.orders else 0
        fixed, each = self.spend.total - off, off / max(1, self.orders)
        return each + fixed / high, each + fixed / low if low else None

    @property
    def return_on_spend(self) -> float | None:
        """What one unit of money that was spent brought: 3 is 300 %. None where nothing was."""
        return self.earned / self.spend.total if self.spend.total else None

    @property
    def return_range(self) -> tuple[float, float] | None:
        """80 %; None where nothing is earned, of which nothing can be told."""
        if not self.spend.total or not self.earning:
            return None
        low, high = few.revenue_of(self.earning)
        return self.earned * low / self.spend.total, self.earned * high / self.spend.total


@dataclass(kw_only=True)
class Returns:
    whole: Return = field(default_factory=Return)
    groups: dict[str, Return] = field(default_factory=lambda: defaultdict(Return))
    """Of the empty name what names none: of costs those for the programme as a whole."""
    names: dict[str, str] = field(default_factory=dict)
    """What people are called, of influencers who share for the shop; where they were looked up."""
    apart: tuple[Cost, ...] = ()
    """Costs in a currency of which no rate is known: in no sum."""

    @property
    def is_known(self) -> bool:
        """Whether anything is known that sharing cost."""
        return bool(self.whole.spend.total or self.whole.untold or self.apart)


def returns_by(
    by: Grouping,
    costs: Iterable[Cost],
    orders: Iterable[OrderFigures],
    first: date,
    last: date,
    now: datetime,
) -> Returns:
    """`costs` in the merchant's currency, each by its part that falls on these days; `orders`
    placed on them, of which tests and those in other currencies are nobody's."""
    found = Returns()
    for cost in costs:
        _add_spend(found, getattr(cost, by), Spend(**{cost.kind: cost.within(first, last)}))
    for order in orders:
        _add_order(found, by, order, now)
    return found


def _add_spend(found: Returns, group: str, spend: Spend) -> None:
    if spend.total:
        found.whole.spend += spend
        found.groups[group].spend += spend


def _add_order(found: Returns, by: Grouping, order: OrderFigures, now: datetime) -> None:
    group_of, is_bought = attrgetter(by), is_paid(order) and not order.cancelled
    details = order.details
    lines = details.lines("linear")
    earning: set[str] = set()
    for line in lines:
        standing = _standing(order, line, now) if is_bought else "rejected"
        group = group_of(line.touch)
        for sums in (found.whole, found.groups[group]):
            sums.revenue += line.amount
            sums.earned += line.amount if standing == "earned" else 0
            sums.held += line.amount if standing == "held" else 0
        if standing == "earned" and line.amount:
            earning.add(group)
    if not is_bought:
        return
    found.whole.orders += bool(lines)
    found.whole.earning += bool(earning)
    for group in earning:
        found.groups[group].earning += 1
    for group in {group_of(line.touch) for line in lines}:
        found.groups[group].orders += 1
    for touch in details.touches:
        if touch.evidence == "code":
            _add_code(found, group_of(touch), order.taken_off.get(touch.id))


def _add_code(found: Returns, group: str, off: int | None) -> None:
    """Whether the code's touch counts in a model or not: it took off what it did."""
    if off is not None:
        _add_spend(found, group, Spend(discount=off))
        return
    found.whole.untold += 1
    found.groups[group].untold += 1


def _standing(
    order: OrderFigures, line: CreditLine, now: datetime
) -> Literal["earned", "held", "rejected"]:
    about = [each for each in order.decisions if each.is_about(line.touch)]
    if any(each.is_upheld for each in about):
        return "rejected"
    return "held" if any(each.is_holding(now) for each in about) else "earned"
