"""Scores as the API shows them: the newest one, and every week's with why it rose or fell."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sharetrail import calendars
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score_changes import Change, WeekScore
from sharetrail.api import paging
from sharetrail.aws.items import Item, dump
from sharetrail.merchants.profile import Merchant

_OF_THE_ROW = ("sharing", "influencer")


@dataclass(frozen=True, kw_only=True)
class NewestScores:
    """The newest scored week's, by influencer."""

    rows: dict[str, Item]
    changes: dict[str, Change]

    @classmethod
    def of(cls, merchant: Merchant, ids: list[str], now: datetime) -> "NewestScores":
        week = score_history.newest(merchant.id, calendars.last_full_week(now, merchant.tz))
        if week is None:
            return cls(rows={}, changes={})
        rows = score_history.of_week(merchant.id, ids, week)
        return cls(rows=rows, changes=score_history.changes(merchant.id, rows, week))

    def shown(self, influencer_id: str, merchant: Merchant) -> dict[str, Any] | None:
        """An influencer's, its money as decimal text and its parts as they were computed; None for
        whoever has none."""
        row = self.rows.get(influencer_id)
        if row is None:
            return None
        score = {name: value for name, value in row.items() if name not in _OF_THE_ROW}
        amounts = {name: merchant.amount(score[name]) for name in _AMOUNTS}
        change = _change(self.changes.get(influencer_id))
        return {**score, **amounts, "currency": merchant.currency, "change": change}


_AMOUNTS = ("value", "low", "high", "expected")


def score_page(
    merchant: Merchant, influencer_id: str, limit: int, cursor: str | None
) -> dict[str, Any]:
    """An influencer's weekly scores, newest first, each with what changed since the week before."""
    weeks = score_history.newest_weeks(merchant.id, influencer_id, _week(cursor), limit + 1)
    return paging.page(
        list(score_history.steps(weeks)),
        limit,
        lambda it: _week_shown(*it, merchant),
        lambda it: it[0].week.isoformat(),
    )


def _week(cursor: str | None) -> date | None:
    given = paging.after(cursor)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise paging.no_cursor() from error


def _week_shown(scored: WeekScore, change: Change | None, merchant: Merchant) -> dict[str, Any]:
    amounts = ("value", "low", "high", "order_value")
    texts = {name: merchant.amount(getattr(scored, name)) for name in amounts}
    return {**dump(scored), **texts, "currency": merchant.currency, "change": _change(change)}


def _change(change: Change | None) -> dict[str, Any] | None:
    """None where the week before has no score to compare with."""
    if change is None:
        return None
    return {
        "since": change.since.isoformat(),
        "ratio": change.ratio,
        "factors": dump(change.factors) if change.factors else None,
        "within_interval": change.is_within,
        "sentence": change.sentence,
    }
