"""Scores as the API shows them: the newest one, and every week's with why it rose or fell."""

from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.expectation import Parts
from sharetrail.analysis.score.factors import Factors
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.score.score_changes import Change
from sharetrail.analysis.score.score_history import Step
from sharetrail.analysis.score.tiers import Tier
from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Day, Money, Page, described, money
from sharetrail.merchants.profile import Merchant
from sharetrail.web import cursors

FactorName = Literal["clicks", "rate", "order_value", "closer", "fraud"]


@described
class FactorsAnswer(TypedDict):
    """What multiplies to the score."""

    expected_clicks: float
    """In the coming four weeks."""
    orders_per_click: float
    order_value: Money
    closer: float
    """What is left for who only ends what others began: 0.5 to 1."""
    fraud: float
    """What orders in doubt leave of the orders a click."""


@described
class ChangeAnswer(TypedDict):
    compared_with: Day
    """The Monday of the week before."""
    ratio: float | None
    """New over old; `null` where either is nothing."""
    moved_by: dict[FactorName, float] | None
    """Factors that multiply to the ratio."""
    within_interval: bool
    """Whether the new score lies in the old one's range, and so may be chance."""
    sentence: str


@described
class WeekScore(TypedDict):
    week: Day
    """Its Monday."""
    value: Money
    """What is expected to be credited over the four weeks that followed."""
    low: Money
    """From `low` to `high` is the 80 % interval."""
    high: Money
    percentile: float
    """Of those who sold, 0 to 100."""
    tier: Tier
    factors: FactorsAnswer
    rule: str
    change: ChangeAnswer | None
    """`null` where the week before has no score to compare with."""


@described
class ScoreBasis(TypedDict):
    """What it was computed from. Sums fade with the weeks."""

    clicks_counted: float
    orders_counted: float
    revenue_counted: Money
    shares_counted: float
    doubted: float
    """Share of the revenue that is in doubt."""
    network_orders_per_click: float
    shop_orders_per_click: float
    alpha: float
    """As how many orders the others' orders a click weigh against their own."""
    phi: float
    """What part of an order a credit is, weighed by itself: 1 where nobody shared an order."""
    effective_weeks: float


@described
class ScoreAnswer(WeekScore):
    expected: Money
    """Before the discount for who only ends what others began."""
    advice: str
    closer_reason: str | None
    baseline: Money
    """What is usual at the shop …"""
    above_usual: dict[FactorName, float]
    """… and what multiplies it to this score."""
    basis: ScoreBasis


def score_answer(step: Step | None, merchant: Merchant) -> ScoreAnswer | None:
    """An influencer's newest, its parts as they were computed; None for whoever has none."""
    if step is None:
        return None
    score = step[0].score
    return {
        **_week_score(step, merchant),
        "expected": money(merchant.amount(score.expected)),
        "advice": score.advice,
        "closer_reason": score.closer_reason,
        "baseline": money(merchant.amount(score.waterfall["baseline"])),
        "above_usual": _by_name(Factors(*(score.waterfall[name] for name in Factors._fields))),
        "basis": _basis(score.parts, merchant),
    }


def score_page(
    merchant: Merchant, influencer_id: str, limit: int, cursor: str | None
) -> Page[WeekScore]:
    """An influencer's weekly scores, newest first, each with what changed since the week before."""
    asked = paging.asked(limit, cursor)
    return paging.page(
        score_history.steps_of(merchant.id, influencer_id, _week(asked.after), limit + 1),
        asked,
        lambda step: _week_score(step, merchant),
        lambda step: step[0].week.isoformat(),
    )


def _week(day: str) -> date | None:
    try:
        return date.fromisoformat(day) if day else None
    except ValueError as error:
        raise cursors.no_cursor() from error


def _week_score(step: Step, merchant: Merchant) -> WeekScore:
    scored, change = step
    score = scored.score
    return {
        "week": scored.week.isoformat(),
        "value": money(merchant.amount(score.value)),
        "low": money(merchant.amount(score.low)),
        "high": money(merchant.amount(score.high)),
        "percentile": score.percentile,
        "tier": score.tier,
        "factors": _factors(score, merchant),
        "rule": score.rule,
        "change": _change(change) if change else None,
    }


def _factors(score: Score, merchant: Merchant) -> FactorsAnswer:
    factors = score.factors
    return {
        "expected_clicks": factors.clicks,
        "orders_per_click": factors.rate,
        "order_value": money(merchant.amount(factors.order_value)),
        "closer": factors.closer,
        "fraud": factors.fraud,
    }


def _change(change: Change) -> ChangeAnswer:
    return {
        "compared_with": change.since.isoformat(),
        "ratio": change.ratio,
        "moved_by": _by_name(change.factors) if change.factors else None,
        "within_interval": change.is_within,
        "sentence": change.sentence,
    }


def _by_name(factors: Factors) -> dict[FactorName, float]:
    return {
        "clicks": factors.clicks,
        "rate": factors.rate,
        "order_value": factors.order_value,
        "closer": factors.closer,
        "fraud": factors.fraud,
    }


def _basis(parts: Parts, merchant: Merchant) -> ScoreBasis:
    return {
        "clicks_counted": parts.clicks,
        "orders_counted": parts.orders,
        "revenue_counted": money(merchant.amount(parts.revenue)),
        "shares_counted": parts.shares,
        "doubted": parts.doubted,
        "network_orders_per_click": parts.network_rate,
        "shop_orders_per_click": parts.merchant_rate,
        "alpha": parts.alpha,
        "phi": parts.phi,
        "effective_weeks": parts.effective_weeks,
    }
