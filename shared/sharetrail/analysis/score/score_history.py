"""Every week's scores. Table influencers: `merchant#scores#influencer / week`, the week's Monday.

Each influencer has a partition of their own: it stays small, and twenty thousand rows written at
once meet no partition's limit. A row holds the score as computed, the place in the share tree and
what was on hold then, for whoever had clicks: without any nothing is ever expected; or has
something on hold. The same week again overwrites its
rows; nothing of a score stands on the profile, which is the merchant's to write.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice

from sharetrail import calendars, logs
from sharetrail.analysis.score.calibration import Calibration
from sharetrail.analysis.score.history import History
from sharetrail.analysis.score.score import SCORE_VERSION, Score
from sharetrail.analysis.score.score_changes import Change, ScoredWeek
from sharetrail.analysis.share_tree import Tree
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import INFLUENCERS, REPORTS
from sharetrail.calendars import WEEK
from sharetrail.merchants.profile import Merchant
from sharetrail.packing import pack, unpack

_AT_ONCE = 8
_TOGETHER = 25
"""Rows of one request."""
_WAITING = 40
"""Requests that are made ready at a time."""
Step = tuple[ScoredWeek, Change | None]
"""A week, and what changed since the week before; None where that week is not kept."""


def save(
    merchant_id: str,
    scores: Iterable[Score],
    tree: Tree,
    histories: Mapping[str, History],
    week: date,
) -> None:
    last = calendars.Week(week).last.isoformat()
    held = {
        who: {day: amount for day, amount in history.held.items() if day > last}
        for who, history in histories.items()
        if history.held
    }
    shown = (each for each in scores if each.parts.clicks > 0 or held.get(each.influencer))
    rows = (_row(merchant_id, each, tree, held.get(each.influencer, {}), week) for each in shown)
    parts = iter(lambda: list(islice(rows, _TOGETHER)), [])
    with logs.threads(_AT_ONCE) as pool:  # mostly waiting for answers
        while some := list(islice(parts, _WAITING)):  # a pool takes all that it is given at once
            list(pool.map(INFLUENCERS.write_all, some))


def note_scored(merchant_id: str, week: date, influencers: int, calibration: Calibration) -> None:
    """The week is scored whole, and how the ranges of before held by then. Table reports:
    `merchant / scores#week`."""
    key = {"pk": merchant_id, "sk": f"scores#{week}"}
    told = {"influencers": influencers, "calibration": dump(calibration)}
    REPORTS.put({**key, "by_rule": SCORE_VERSION, **told})


def is_scored(merchant_id: str, week: date) -> bool:
    return REPORTS.get(merchant_id, f"scores#{week}") is not None


def calibration_of(merchant_id: str, week: date) -> Calibration | None:
    """How the ranges of before held by then; None of a week that was not scored, or before
    2026-12."""
    told = (REPORTS.get(merchant_id, f"scores#{week}") or {}).get("calibration")
    return load(Calibration, told) if told else None


def newest(merchant: Merchant, now: datetime) -> date | None:
    """The Monday of the newest scored week, where that is the last full week or the one before:
    scores are computed every day, so the last full week lacks them for hours at most."""
    full = calendars.last_full_week(now, merchant.tz)
    tried = (full.before(n).first for n in range(2))
    return next((day for day in tried if is_scored(merchant.id, day)), None)


def newest_ever(merchant_id: str) -> date | None:
    """The Monday of the newest scored week, however old."""
    rows = REPORTS.query(merchant_id, prefix="scores#", backward=True, only=["sk"])
    newest = next(rows, None)
    return date.fromisoformat(newest["sk"].partition("#")[2]) if newest else None


def newest_of(merchant: Merchant, ids: Iterable[str], now: datetime) -> dict[str, Step]:
    """The newest scored week of these influencers, of those who have a score in it."""
    week = newest(merchant, now)
    if week is None:
        return {}
    new = of_week(merchant.id, ids, week)
    old = of_week(merchant.id, new, week - WEEK)
    return {each: _step(old.get(each), scored) for each, scored in new.items()}


def of_week(merchant_id: str, ids: Iterable[str], week: date) -> dict[str, ScoredWeek]:
    """What the week told of these influencers, of those who have a score in it."""
    keys = {partition_of(merchant_id, each): each for each in ids}
    asked = [{"pk": pk, "sk": week.isoformat()} for pk in keys]
    return {keys[row["pk"]]: _scored_week(row) for row in INFLUENCERS.get_all(asked)}


def steps_of(merchant_id: str, influencer_id: str, before: date | None, most: int) -> list[Step]:
    """An influencer's newest weeks, newest first, of those before `before` where it is given."""
    weeks = (date.min.isoformat(), (before or date.max).isoformat())
    rows = INFLUENCERS.query(partition_of(merchant_id, influencer_id), between=weeks, backward=True)
    found = map(_scored_week, rows)
    scored = {each.week: each for each in islice((e for e in found if e.week != before), most)}
    return [_step(scored.get(week - WEEK), each) for week, each in scored.items()]


def _step(old: ScoredWeek | None, new: ScoredWeek) -> Step:
    return new, Change(since=old.week, old=old.score, new=new.score) if old else None


def _row(merchant_id: str, score: Score, tree: Tree, held: Mapping[str, int], week: date) -> Item:
    """One text for all of it: twenty thousand of them are written at once."""
    branch = tree.branches.get(score.influencer)
    place: Item = {"week": week.isoformat(), "sharing": dump(branch) if branch else None}
    if held:
        place["held"] = held
    return {
        "pk": partition_of(merchant_id, score.influencer),
        "sk": week.isoformat(),
        "packed": pack({**dump(score), **place}),
    }


def _scored_week(row: Item) -> ScoredWeek:
    fields = unpack(row["packed"])
    return load(ScoredWeek, {**fields, "score": fields})


def partition_of(merchant_id: str, influencer_id: str) -> str:
    return f"{merchant_id}#scores#{influencer_id}"
