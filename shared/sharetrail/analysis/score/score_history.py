"""Every week's scores. Table influencers: `merchant#scores#influencer / week`, the week's Monday.

Each influencer has a partition of their own: it stays small, and twenty thousand rows written at
once meet no partition's limit. A row holds the score as computed and the place in the share tree,
for whoever had clicks: without any nothing is ever expected. The same week again overwrites its
rows; nothing of a score stands on the profile, which is the merchant's to write.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice

from sharetrail.analysis.score import score_changes
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.score.score_changes import Change, WeekScore
from sharetrail.analysis.share_tree import Tree
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import INFLUENCERS, REPORTS
from sharetrail.calendars import WEEK, Week
from sharetrail.packing import pack, unpack

_AT_ONCE = 8
_TOGETHER = 25
"""Rows of one request."""


def save(merchant_id: str, scores: Iterable[Score], tree: Tree, week: date) -> None:
    rows = (_row(merchant_id, score, tree, week) for score in scores if score.parts.clicks > 0)
    parts = iter(lambda: list(islice(rows, _TOGETHER)), [])
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # mostly waiting for answers
        list(pool.map(INFLUENCERS.write_all, parts))


def newest_weeks(
    merchant_id: str, influencer_id: str, before: date | None, most: int
) -> list[WeekScore]:
    """An influencer's newest weeks, of those before `before` where it is given."""
    weeks = (date.min.isoformat(), (before or date.max).isoformat())
    rows = INFLUENCERS.query(_pk(merchant_id, influencer_id), between=weeks, backward=True)
    found = (_week_score(_fields(row)) for row in rows)
    return list(islice((each for each in found if each.week != before), most))


def newest(merchant_id: str, full: Week) -> date | None:
    """The Monday of the newest scored week, where that is the last full week or the one before:
    scores are computed every day, so the last full week lacks them for hours at most."""
    tried = (full.before(n).first for n in range(2))
    return next((day for day in tried if is_scored(merchant_id, day)), None)


def note_scored(merchant_id: str, week: date, **told: str | int) -> None:
    """The week is scored whole. Table reports: `merchant / scores#week`."""
    REPORTS.put({"pk": merchant_id, "sk": f"scores#{week}", **told})


def is_scored(merchant_id: str, week: date) -> bool:
    return REPORTS.get(merchant_id, f"scores#{week}") is not None


def of_week(merchant_id: str, ids: Iterable[str], week: date) -> dict[str, Item]:
    """What the week told of these influencers: a score's fields, `week` and `sharing`."""
    keys = {_pk(merchant_id, each): each for each in ids}
    asked = [{"pk": pk, "sk": week.isoformat()} for pk in keys]
    return {keys[row["pk"]]: _fields(row) for row in INFLUENCERS.get_all(asked)}


def changes(merchant_id: str, new: dict[str, Item], week: date) -> dict[str, Change]:
    """The change of each of the week's rows since the week before, where that is kept too."""
    old = of_week(merchant_id, new, week - WEEK)
    return {
        each: score_changes.between(_week_score(row), _week_score(new[each]))
        for each, row in old.items()
    }


def steps(weeks: list[WeekScore]) -> Iterator[tuple[WeekScore, Change | None]]:
    """Weeks, newest first, each with its change since the week before; None where that week is not
    among them."""
    known = {scored.week: scored for scored in weeks}
    for scored in weeks:
        old = known.get(scored.week - WEEK)
        yield scored, score_changes.between(old, scored) if old else None


def _row(merchant_id: str, score: Score, tree: Tree, week: date) -> Item:
    """One text for all of it: twenty thousand of them are written at once."""
    branch = tree.branches.get(score.influencer)
    told = {
        **dump(score),
        "week": week.isoformat(),
        "sharing": dump(branch) if branch else None,
    }
    return {
        "pk": _pk(merchant_id, score.influencer),
        "sk": week.isoformat(),
        "packed": pack(told),
    }


def _fields(row: Item) -> Item:
    told: Item = unpack(row["packed"])
    return told


def _week_score(fields: Item) -> WeekScore:
    return score_changes.of_score(load(Score, fields), date.fromisoformat(fields["week"]))


def _pk(merchant_id: str, influencer_id: str) -> str:
    return f"{merchant_id}#scores#{influencer_id}"
