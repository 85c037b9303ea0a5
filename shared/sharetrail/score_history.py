"""Every week's scores. Table influencers: `merchant#scores#influencer / week`, the week's Monday.

Each influencer has a partition of their own: it stays small, and twenty thousand rows written at
once meet no partition's limit. A row stands for whoever had clicks; without any nothing is ever
expected. The same week again overwrites its rows.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice

from sharetrail import score_changes
from sharetrail.calendars import WEEK
from sharetrail.items import Item, dump, load
from sharetrail.score_changes import Change, Scored
from sharetrail.scoring import Score
from sharetrail.tables import INFLUENCERS

_AT_ONCE = 8
_TOGETHER = 25
"""Rows of one request."""


def save(merchant_id: str, scores: Iterable[Score], week: date) -> None:
    rows = (_row(merchant_id, score, week) for score in scores if score.parts.clicks > 0)
    parts = iter(lambda: list(islice(rows, _TOGETHER)), [])
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # mostly waiting for answers
        list(pool.map(INFLUENCERS.write_all, parts))


def some(merchant_id: str, influencer_id: str, before: date | None, most: int) -> list[Scored]:
    """An influencer's newest weeks, of those before `before` where it is given."""
    weeks = (date.min.isoformat(), (before or date.max).isoformat())
    rows = INFLUENCERS.query(_pk(merchant_id, influencer_id), between=weeks, backward=True)
    found = (_read(row) for row in rows)
    return list(islice((each for each in found if each.week != before), most))


def changes(merchant_id: str, weeks: dict[str, date]) -> dict[str, Change]:
    """For influencers and a scored week of each: the change since the week before it, where both
    are kept."""
    keys = [
        {"pk": _pk(merchant_id, each), "sk": day.isoformat()}
        for each, week in weeks.items()
        for day in (week - WEEK, week)
    ]
    found = {(row["pk"], row["sk"]): _read(row) for row in INFLUENCERS.get_all(keys)}
    told = {}
    for each, week in weeks.items():
        pk = _pk(merchant_id, each)
        old, new = (found.get((pk, day.isoformat())) for day in (week - WEEK, week))
        if old and new:
            told[each] = score_changes.between(old, new)
    return told


def steps(weeks: list[Scored]) -> Iterator[tuple[Scored, Change | None]]:
    """Weeks, newest first, each with its change since the week before; None where that week is not
    among them."""
    known = {scored.week: scored for scored in weeks}
    for scored in weeks:
        old = known.get(scored.week - WEEK)
        yield scored, score_changes.between(old, scored) if old else None


def _row(merchant_id: str, score: Score, week: date) -> Item:
    kept = dump(score_changes.of_score(score, week))
    return {"pk": _pk(merchant_id, score.influencer), "sk": week.isoformat(), **kept}


def _read(row: Item) -> Scored:
    return load(Scored, row)


def _pk(merchant_id: str, influencer_id: str) -> str:
    return f"{merchant_id}#scores#{influencer_id}"
