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
    without: int = 0
    """Orders with a touch for which the model has no basis: `markov` before its first week."""

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
        self.without += bool(found.touches) and self.model not in found.credits
        return given

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
    """What the figures do not show, in words."""
    sides, notes = (comparison.now, comparison.then), []
    if max(side.rule.window_days for side in sides) > REMEMBERED:
        notes.append(
            f"Browsers keep share clicks for {REMEMBERED} days: older touches are known only "
            "where another order of the same buyer, or the shop, told of them."
        )
    for side in sides:
        if side.without:
            notes.append(
                f"{side.without} orders have no credit by {side.model}: no week before them "
                "showed what it weighs by."
            )
    return notes
