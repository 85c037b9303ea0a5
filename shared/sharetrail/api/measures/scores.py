"""Scores as the API shows them: the newest one, and every week's with why it rose or fell."""

from datetime import date
from typing import Any

from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.factors import Factors
from sharetrail.analysis.score.score_changes import Change
from sharetrail.analysis.score.score_history import Step
from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Page
from sharetrail.aws.items import dump
from sharetrail.merchants.profile import Merchant
from sharetrail.web import cursors

_AMOUNTS = ("value", "expected", "low", "high")


def score_json(step: Step | None, merchant: Merchant) -> dict[str, Any] | None:
    """An influencer's newest, its parts as they were computed; None for whoever has none."""
    if step is None:
        return None
    scored, change = step
    score = scored.score
    fields = {name: value for name, value in dump(score).items() if name != "influencer"}
    return {
        **fields,
        "waterfall": {name: score.waterfall[name] for name in ("baseline", *Factors._fields)},
        "week": scored.week.isoformat(),
        **{name: merchant.amount(fields[name]) for name in _AMOUNTS},
        "currency": merchant.currency,
        "change": _change(change),
    }


def score_page(
    merchant: Merchant, influencer_id: str, limit: int, cursor: str | None
) -> Page[dict[str, Any]]:
    """An influencer's weekly scores, newest first, each with what changed since the week before."""
    asked = paging.asked(limit, cursor)
    return paging.page(
        score_history.steps_of(merchant.id, influencer_id, _week(asked.after), limit + 1),
        asked,
        lambda step: _week_json(step, merchant),
        lambda step: step[0].week.isoformat(),
    )


def _week(day: str) -> date | None:
    try:
        return date.fromisoformat(day) if day else None
    except ValueError as error:
        raise cursors.no_cursor() from error


def _week_json(step: Step, merchant: Merchant) -> dict[str, Any]:
    scored, change = step
    score = scored.score
    return {
        "week": scored.week.isoformat(),
        "value": merchant.amount(score.value),
        "low": merchant.amount(score.low),
        "high": merchant.amount(score.high),
        "percentile": score.percentile,
        "tier": score.tier,
        **score.factors._asdict(),
        "order_value": merchant.amount(score.factors.order_value),
        "rule": score.rule,
        "currency": merchant.currency,
        "change": _change(change),
    }


def _change(change: Change | None) -> dict[str, Any] | None:
    """None where the week before has no score to compare with."""
    if change is None:
        return None
    return {
        "since": change.since.isoformat(),
        "ratio": change.ratio,
        "factors": change.factors._asdict() if change.factors else None,
        "within_interval": change.is_within,
        "sentence": change.sentence,
    }
