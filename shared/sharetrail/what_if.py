"""POST /v1/what-if: a past period under another rule, beside the merchant's own. Writes nothing.

An order's credits keep every touch it could name, counted or not, so no event needs to be read and
none may have expired.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from sharetrail import crediting, credits, money
from sharetrail.attribution import Attribution, Coupons, Journey, Model, Rule, attribute
from sharetrail.bodies import strict
from sharetrail.credits import OrderCredits
from sharetrail.merchants import Merchant
from sharetrail.problems import Malformed, Problem

MOST_ORDERS = 50_000
"""What one call computes anew: API Gateway waits thirty seconds."""
LONGEST = timedelta(days=366)
REMEMBERED = 30
"""Days that sharetrail.js keeps a click."""
SHOWN = 1_000
"""Influencers told by name, those first whom it would change most; the rest are summed up."""


class TooManyOrders(Problem):
    """The period holds more than one call computes."""

    status = 422
    title = "The period holds too many orders"


@strict
@dataclass(frozen=True, kw_only=True)
class Question:
    """What to try. What is left out stays as the merchant has it."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    """Local days, both included."""
    window_days: Literal[7, 30, 90] | None = None
    coupons: Coupons | None = None
    model: Model = "last"
    now_model: Model = "last"
    """The model that is used now: the program's own."""

    def rule(self, now: Rule) -> Rule:
        return Rule(
            window_days=self.window_days or now.window_days,
            coupons=self.coupons or now.coupons,
        )


@dataclass(kw_only=True)
class Side:
    """What a period comes to under one rule and model, in minor units."""

    rule: Rule
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
        given = _by_influencer(found, self.model)
        for influencer, amount in given.items():
            self.revenue[influencer] += amount
        for influencer in {touch.influencer for touch in found.counted}:
            self.orders[influencer] += 1
        self.by_influence[found.influence] += journey.net
        self.without += bool(found.counted) and self.model not in found.credits
        return given


@dataclass(kw_only=True)
class Answered:
    now: Side
    then: Side
    orders: int = 0
    changed: int = 0
    """Orders of which somebody would be credited with more or less."""
    apart: int = 0
    """Orders in currencies without a rate: never added."""
    names: dict[str, str] = field(default_factory=dict)


def ask(merchant: Merchant, question: Question) -> dict[str, Any]:
    """The answer of POST /v1/what-if. Malformed or TooManyOrders for a period that is none."""
    if not timedelta() <= question.last - question.first <= LONGEST:
        raise Malformed("Ask for at most a year, oldest day first.", errors={"from": "is off"})
    orders = credits.between(merchant.id, question.first, question.last)
    rule = crediting.rule_of(merchant)
    now = Side(rule=rule, model=question.now_model)
    then = Side(rule=question.rule(rule), model=question.model)
    found = compare(orders, now, then, merchant.currency)
    period = {"from": question.first.isoformat(), "to": question.last.isoformat()}
    return {**period, "currency": merchant.currency, **_told(found, merchant.currency)}


def compare(orders: Iterable[OrderCredits], now: Side, then: Side, currency: str) -> Answered:
    """Pure: both sides over the same orders. TooManyOrders beyond what one call computes."""
    found = Answered(now=now, then=then)
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


def _by_influencer(found: Attribution, model: Model) -> dict[str, int]:
    given: dict[str, int] = defaultdict(int)
    for credit in found.credits.get(model, ()):
        if credit.amount:
            given[credit.touch.influencer] += credit.amount
    return dict(given)


# ── as told ──────────────────────────────────────────────────────────────────────────────────────
def _told(found: Answered, currency: str) -> dict[str, Any]:
    rows = _rows(found)
    rest = rows[SHOWN:]
    return {
        "orders": found.orders,
        "changed_orders": found.changed,
        "orders_in_other_currencies": found.apart,
        "now": _side(found.now, currency),
        "then": _side(found.then, currency),
        "influencers": [_row(found, each, currency) for each in rows[:SHOWN]],
        "others": {
            "influencers": len(rest),
            **_amounts(*_sums(found, rest), currency),
        },
        "notes": _notes(found),
    }


def _sides(found: Answered) -> tuple[Side, Side]:
    return found.now, found.then


def _rows(found: Answered) -> list[str]:
    """The influencers, first those for whom most would change."""
    now, then = found.now.revenue, found.then.revenue
    everyone = {*found.now.orders, *found.then.orders}
    return sorted(everyone, key=lambda who: (-abs(then[who] - now[who]), -now[who], who))


def _sums(found: Answered, some: list[str]) -> tuple[int, int]:
    now, then = _sides(found)
    return sum(now.revenue[who] for who in some), sum(then.revenue[who] for who in some)


def _row(found: Answered, who: str, currency: str) -> dict[str, Any]:
    now, then = _sides(found)
    return {
        "id": who,
        "name": found.names[who],
        **_amounts(now.revenue[who], then.revenue[who], currency),
        "orders_now": now.orders[who],
        "orders_then": then.orders[who],
    }


def _amounts(now: int, then: int, currency: str) -> dict[str, str]:
    told = {"now": now, "then": then, "difference": then - now}
    return {name: money.decimal_text(amount, currency) for name, amount in told.items()}


def _side(side: Side, currency: str) -> dict[str, Any]:
    of = side.by_influence
    revenue = {
        "influenced": of["last_click"] + of["assisted"],
        "last_click": of["last_click"],
        "assisted": of["assisted"],
        "credited": sum(side.revenue.values()),
    }
    return {
        "model": side.model,
        "window_days": side.rule.window_days,
        "coupons": side.rule.coupons,
        "rule": side.rule.name,
        "revenue": {name: money.decimal_text(each, currency) for name, each in revenue.items()},
    }


def _notes(found: Answered) -> list[str]:
    """What the figures do not show, in words."""
    notes = []
    if max(side.rule.window_days for side in _sides(found)) > REMEMBERED:
        notes.append(
            f"Browsers keep share clicks for {REMEMBERED} days: older touches are known only "
            "where another order of the same buyer, or the shop, told of them."
        )
    for side in _sides(found):
        if side.without:
            notes.append(
                f"{side.without} orders have no credit by {side.model}: no week before them "
                "showed what it weighs by."
            )
    return notes
