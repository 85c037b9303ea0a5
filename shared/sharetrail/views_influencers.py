"""What the merchant API shows of influencers: profile, score and its history, place in the tree."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sharetrail import (
    calendars,
    influencer_tokens,
    influencers,
    links,
    listings,
    money,
    score_history,
    sharing,
)
from sharetrail.items import Item, dump, iso, load
from sharetrail.merchants import Merchant
from sharetrail.score_changes import Change, Scored
from sharetrail.share_tree import Branch

_OF_THE_ROW = ("sharing", "influencer")


def influencer_page(
    merchant: Merchant, limit: int, cursor: str | None, now: datetime
) -> dict[str, Any]:
    """Influencers in order of their ids; `cursor` opens the next page, None is the last."""
    found = influencers.some(merchant.id, listings.after(cursor), limit + 1)
    known = _Scores.of(merchant, [item["sk"] for item in found[:limit]], now)
    return listings.page(
        found, limit, lambda item: _profile(item, known, merchant), lambda item: item["sk"]
    )


def one_influencer(merchant: Merchant, influencer_id: str, now: datetime) -> dict[str, Any]:
    """One influencer with their links and their place in the share tree."""
    item = influencers.item_of(merchant.id, influencer_id)
    made = links.made_by(merchant.id, influencer_id)
    known = _Scores.of(merchant, [influencer_id], now)
    branch = known.rows.get(influencer_id, {}).get("sharing")
    return {
        **_profile(item, known, merchant),
        "sharing": sharing.shown(load(Branch, branch), merchant) if branch else None,
        "links": [
            {
                "code": link.code,
                "short_url": link.short_url,
                "url": link.url,
                "network": link.network,
            }
            for link in sorted(made, key=lambda link: link.created_at)
        ],
    }


def minted_token(merchant: Merchant, influencer_id: str, now: datetime) -> dict[str, Any]:
    """A token to speak for the influencer, who need not have shared anything yet."""
    token, until = influencer_tokens.mint(merchant.id, influencer_id, now)
    return {"token": token, "influencer_id": influencer_id, "expires_at": iso(until)}


def score_page(
    merchant: Merchant, influencer_id: str, limit: int, cursor: str | None
) -> dict[str, Any]:
    """An influencer's weekly scores, newest first, each with what changed since the week before."""
    influencers.item_of(merchant.id, influencer_id)
    weeks = score_history.some(merchant.id, influencer_id, _week(cursor), limit + 1)
    return listings.page(
        list(score_history.steps(weeks)),
        limit,
        lambda it: _week_shown(*it, merchant),
        lambda it: it[0].week.isoformat(),
    )


def _week(cursor: str | None) -> date | None:
    given = listings.after(cursor)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise listings.no_cursor() from error


@dataclass(frozen=True, kw_only=True)
class _Scores:
    """The newest scored week's, by influencer."""

    rows: dict[str, Item]
    changes: dict[str, Change]

    @classmethod
    def of(cls, merchant: Merchant, ids: list[str], now: datetime) -> "_Scores":
        week = score_history.newest(merchant.id, calendars.last_full_week(now, merchant.tz))
        if week is None:
            return cls(rows={}, changes={})
        rows = score_history.of_week(merchant.id, ids, week)
        return cls(rows=rows, changes=score_history.changes(merchant.id, rows, week))


def _profile(item: Item, known: _Scores, merchant: Merchant) -> dict[str, Any]:
    shown = ("id", "name", "email", "handles", "reach", "created_at")
    return {
        **{name: item[name] for name in shown if name in item},
        "anonymous": item["sk"].startswith(influencers.ANONYMOUS),
        "score": _score(known.rows.get(item["sk"]), known.changes.get(item["sk"]), merchant),
    }


def _score(score: Item | None, change: Change | None, merchant: Merchant) -> dict[str, Any] | None:
    """The stored score, its money as decimal text and its parts as they were computed."""
    if score is None:
        return None
    score = {name: each for name, each in score.items() if name not in _OF_THE_ROW}
    amounts = ("value", "low", "high", "expected")
    told = {name: _text(score[name], merchant) for name in amounts}
    return {**score, **told, "currency": merchant.currency, "change": _changed(change)}


def _week_shown(scored: Scored, change: Change | None, merchant: Merchant) -> dict[str, Any]:
    amounts = ("value", "low", "high", "order_value")
    told = {name: _text(getattr(scored, name), merchant) for name in amounts}
    return {**dump(scored), **told, "currency": merchant.currency, "change": _changed(change)}


def _changed(change: Change | None) -> dict[str, Any] | None:
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


def _text(amount: float, merchant: Merchant) -> str:
    return money.decimal_text(round(amount), merchant.currency)
