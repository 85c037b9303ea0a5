"""A past period under another rule, beside the merchant's own. Pure.

An order's credits keep every touch it could name, counted or not, so no event needs to be read and
none may have expired.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.models import CreditRule, Journey, Model, attribute
from sharetrail.problems import Problem

MOST_ORDERS = 5_000_000
"""What is computed anew in the fifteen minutes that there are."""
REMEMBERED = 30
"""Days that sharetrail.js keeps a click."""


class TooManyOrders(Problem):
    """The period holds more than can be computed at once."""

    status = 422
    title = "The period holds too many orders"


@dataclass(kw_only=True)
class Side:
    """What a period comes to under one rule and model, in minor units."""

    rule: CreditRule
    model: Model
    revenue: Counter[str] = field(default_factory=Counter)
    """By influencer."""
    orders: Counter[str] = field(default_factory=Counter)
    by_influence: Counter[str] = field(default_factory=Counter)
    """Net revenue by last_click, assisted and none."""
    touched: int = 0
    """Orders with a touch."""
    without: int = 0
    """Of them, those for which the model has no basis: `markov` before its first week."""
    net_without: int = 0
    """What those come to, which is credited to nobody."""

    def add(self, journey: Journey) -> dict[str, int]:
        """The order's revenue by influencer."""
        found = attribute(journey, self.rule, [self.model])
        given: dict[str, int] = defaultdict(int)
        for credit in found.credits.get(self.model, ()):
            if credit.amount:
                given[credit.touch.influencer] += credit.amount
                self.revenue[credit.touch.influencer] += credit.amount
        for influencer in {touch.influencer for touch in found.touches}:
            self.orders[influencer] += 1
        self.by_influence[found.influence] += journey.net
        if found.touches:
            self._add_touched(journey.net, has_basis=self.model in found.credits)
        return given

    def _add_touched(self, net: int, *, has_basis: bool) -> None:
        self.touched += 1
        self.without += not has_basis
        self.net_without += 0 if has_basis else net

    def revenue_of(self, influencers: Iterable[str]) -> int:
        return sum(self.revenue[who] for who in influencers)


@dataclass(kw_only=True)
class Comparison:
    now: Side
    then: Side
    orders: int = 0
    changed: int = 0
    """Orders of which somebody would be credited with more or less."""
    apart: int = 0
    """Orders in currencies without a rate: never added."""
    names: dict[str, str] = field(default_factory=dict)


def compare(orders: Iterable[OrderCredits], now: Side, then: Side, currency: str) -> Comparison:
    """Pure: both sides over the same orders. TooManyOrders beyond what can be computed."""
    found = Comparison(now=now, then=then)
    for order in orders:
        if not order.counts:
            continue
        if order.currency != currency:
            found.apart += 1
            continue
        if found.orders == MOST_ORDERS:
            raise TooManyOrders(f"Ask for fewer days: at most {MOST_ORDERS:,} orders at once.")
        found.orders += 1
        journey = order.journey
        found.changed += now.add(journey) != then.add(journey)
        found.names.update({touch.influencer: touch.name for touch in journey.touches})
    return found


def by_change(comparison: Comparison) -> list[str]:
    """The influencers, first those for whom most would change."""
    now, then = comparison.now.revenue, comparison.then.revenue
    everyone = {*comparison.now.orders, *comparison.then.orders}
    return sorted(everyone, key=lambda who: (-abs(then[who] - now[who]), -now[who], who))


def notes(comparison: Comparison) -> list[str]:
    """What the figures do not show, in words: first why what was asked for cannot be computed."""
    sides = (comparison.now, comparison.then)
    reasons = (reason(side) for side in sides)
    notes = [*dict.fromkeys(each for each in reasons if each)]
    if max(side.rule.window_days for side in sides) > REMEMBERED:
        notes.append(
            f"Browsers keep share clicks for {REMEMBERED} days: older touches are known only "
            "where another order of the same buyer, or the shop, told of them."
        )
    return notes


def reason(side: Side) -> str | None:
    """Why the model credits nothing, or not all; None where it credits every order with a touch."""
    if not side.without:
        return None
    why = "no week before was analysed in which people bought, and others left without"
    if side.without == side.touched:
        return f"{side.model} cannot be computed for these days: {why}. So it credits nobody."
    orders = "1 order has" if side.without == 1 else f"{side.without:,} orders have"
    return f"{orders} no credit by {side.model}: {why}."
