"""POST /v1/what-if: a past period under another rule, beside the merchant's own. Writes nothing."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from sharetrail.analysis import what_if
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.models import Coupons, CreditRule, Model, rule_of
from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.problems import Malformed
from sharetrail.web.bodies import strict

LONGEST = timedelta(days=366)
MOST_SHOWN = 1_000
"""Influencers told by name, those first whom it would change most; the rest are summed up."""


@strict
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

    def rule(self, now: CreditRule) -> CreditRule:
        return CreditRule(
            window_days=self.window_days or now.window_days,
            coupons=self.coupons or now.coupons,
        )


def answer_question(merchant: Merchant, question: Question) -> dict[str, Any]:
    """The answer of POST /v1/what-if. Malformed or TooManyOrders for a period that is none."""
    if not timedelta() <= question.last - question.first <= LONGEST:
        raise Malformed("Ask for at most a year, oldest day first.", errors={"from": "is off"})
    orders = credits.between(OrderCredits, merchant.id, question.first, question.last)
    rule = rule_of(merchant)
    now = what_if.Side(rule=rule, model=question.now_model)
    then = what_if.Side(rule=question.rule(rule), model=question.model)
    found = what_if.compare(orders, now, then, merchant.currency)
    period = {"from": question.first.isoformat(), "to": question.last.isoformat()}
    return {**period, "currency": merchant.currency, **_as_json(found, merchant.currency)}


# ── as told ──────────────────────────────────────────────────────────────────────────────────────
def _as_json(comparison: what_if.Comparison, currency: str) -> dict[str, Any]:
    rows = what_if.by_change(comparison)
    rest = rows[MOST_SHOWN:]
    return {
        "orders": comparison.orders,
        "changed_orders": comparison.changed,
        "orders_in_other_currencies": comparison.apart,
        "now": _side(comparison.now, currency),
        "then": _side(comparison.then, currency),
        "influencers": [_row(comparison, each, currency) for each in rows[:MOST_SHOWN]],
        "others": {
            "influencers": len(rest),
            **_amounts(*what_if.sums_of(comparison, rest), currency),
        },
        "notes": what_if.notes(comparison),
    }


def _row(comparison: what_if.Comparison, who: str, currency: str) -> dict[str, Any]:
    now, then = comparison.sides
    return {
        "id": who,
        "name": comparison.names[who],
        **_amounts(now.revenue[who], then.revenue[who], currency),
        "orders_now": now.orders[who],
        "orders_then": then.orders[who],
    }


def _amounts(now: int, then: int, currency: str) -> dict[str, str]:
    told = {"now": now, "then": then, "difference": then - now}
    return {name: Amount(amount, currency) for name, amount in told.items()}


def _side(side: what_if.Side, currency: str) -> dict[str, Any]:
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
        "revenue": {name: Amount(each, currency) for name, each in revenue.items()},
    }
