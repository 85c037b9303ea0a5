"""POST /v1/what-if: a past period under another rule, beside the merchant's own."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo
from typing_extensions import TypedDict

from sharetrail.analysis import what_if
from sharetrail.analysis.what_if import Comparison, Side
from sharetrail.api.frame import acceptance
from sharetrail.api.frame.answers import Currency, Days, Money, described, money
from sharetrail.api.frame.csv_table import tabled
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.models import Coupons, CreditRule, Model, Renewals, rule_of
from sharetrail.merchants.profile import Merchant
from sharetrail.questions.question import LONGEST, Question
from sharetrail.web import bodies
from sharetrail.web.bodies import strict
from sharetrail.web.http import Answer

MOST_ORDERS = 50_000
"""What is computed anew while the caller waits, 30 seconds at most."""
MOST_SHOWN = 1_000
"""Influencers told by name, those first whom it would change most; the rest are summed up."""


def _behind(last: date, info: ValidationInfo) -> date:
    first = info.data.get("first")
    if first and not timedelta() <= last - first < LONGEST:
        raise ValueError("is before `from`, or more than a year behind it")
    return last


@strict
class Trial:
    """What to try. What is left out stays as the merchant has it."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to"), AfterValidator(_behind)]
    """Local days, both included."""
    window_days: Literal[7, 30, 90] | None = None
    coupons: Coupons | None = None
    renewals: Renewals | None = None
    model: Model = "linear"
    now_model: Model = "linear"
    """The model that is used now: by which mails, scores and rankings credit, unless a program pays
    by another."""

    def rule(self, now: CreditRule) -> CreditRule:
        return replace(
            now,
            window_days=self.window_days or now.window_days,
            coupons=self.coupons or now.coupons,
            renewals=self.renewals or now.renewals,
        )


@described
class RevenueChange(TypedDict):
    credited_now: Money
    credited_then: Money
    difference: Money


@described
class WhatIfInfluencer(RevenueChange):
    influencer: str
    name: str
    orders_now: int
    orders_then: int


@described
class WhatIfOthers(RevenueChange):
    count: int


@described
class WhatIfSide(TypedDict):
    """What the period comes to under one rule and model."""

    model: Model
    reason: str | None
    """Why the model credits nothing, or not all."""
    window_days: int
    coupons: Coupons
    renewals: Renewals
    rule: str
    influenced: Money
    last_click: Money
    assisted: Money
    without_basis: Money
    """What the model credits to nobody."""
    credited: Money


@tabled(lambda told: (WhatIfInfluencer, told["influencers"]))
@described
class WhatIfAnswer(Days):
    notes: list[str]
    """Why what was asked for cannot be computed, and what the figures do not show."""
    currency: Currency
    orders: int
    changed_orders: int
    orders_in_other_currencies: int
    now: WhatIfSide
    then: WhatIfSide
    influencers: list[WhatIfInfluencer]
    """First those whom it would change most."""
    others: WhatIfOthers
    """Beyond a thousand, summed up."""


def respond(merchant: Merchant, trial: Trial, now: datetime) -> Answer:
    """202 where the period has too many orders for a call."""
    about = bodies.plain(trial)
    question = Question(merchant=merchant.id, kind="what_if", about=about, asked_at=now)
    is_big = credits.are_more(MOST_ORDERS, merchant.id, trial.first, trial.last)
    return acceptance.respond(question, lambda: compare(merchant, trial), is_big=is_big)


def answer_question(merchant: Merchant, question: Question) -> WhatIfAnswer:
    return compare(merchant, bodies.parse(Trial, question.about))


def compare(merchant: Merchant, trial: Trial) -> WhatIfAnswer:
    """TooManyOrders beyond what can be computed at all."""
    orders = credits.between(OrderCredits, merchant.id, trial.first, trial.last)
    rule = rule_of(merchant)
    now = Side(rule=rule, model=trial.now_model)
    then = Side(rule=trial.rule(rule), model=trial.model)
    found = what_if.compare(orders, now, then, merchant.currency)
    everyone = what_if.by_change(found)
    rest = everyone[MOST_SHOWN:]
    return {
        "notes": what_if.notes(found),
        "from": trial.first.isoformat(),
        "to": trial.last.isoformat(),
        "currency": merchant.currency,
        "orders": found.orders,
        "changed_orders": found.changed,
        "orders_in_other_currencies": found.apart,
        "now": _side(now, merchant),
        "then": _side(then, merchant),
        "influencers": [
            {
                "influencer": who,
                "name": found.names[who],
                **_revenue(found, [who], merchant),
                "orders_now": now.orders[who],
                "orders_then": then.orders[who],
            }
            for who in everyone[:MOST_SHOWN]
        ],
        "others": {"count": len(rest), **_revenue(found, rest, merchant)},
    }


def _revenue(comparison: Comparison, influencers: list[str], merchant: Merchant) -> RevenueChange:
    now, then = (side.revenue_of(influencers) for side in (comparison.now, comparison.then))
    return {
        "credited_now": money(merchant.amount(now)),
        "credited_then": money(merchant.amount(then)),
        "difference": money(merchant.amount(then - now)),
    }


def _side(side: Side, merchant: Merchant) -> WhatIfSide:
    last_click, assisted = side.by_influence["last_click"], side.by_influence["assisted"]
    return {
        "model": side.model,
        "reason": what_if.reason(side),
        "window_days": side.rule.window_days,
        "coupons": side.rule.coupons,
        "renewals": side.rule.renewals,
        "rule": side.rule.name,
        "influenced": money(merchant.amount(last_click + assisted)),
        "last_click": money(merchant.amount(last_click)),
        "assisted": money(merchant.amount(assisted)),
        "without_basis": money(merchant.amount(side.net_without)),
        "credited": money(merchant.amount(side.revenue.total())),
    }
