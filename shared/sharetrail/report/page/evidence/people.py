"""Everybody who shared or sold in the days, by what one asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args

from sharetrail import calendars
from sharetrail.analysis.period import UNKNOWN, Sums
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.stats import Stats
from sharetrail.report.building import build_people
from sharetrail.report.page.evidence import sheet, span_figures
from sharetrail.report.page.visit import Visit, part
from sharetrail.report.report import InfluencerLine, Report
from sharetrail.sharing import influencers
from sharetrail.web import cursors
from sharetrail.web.http import Answer

ON_A_PAGE = 50
T = TypeVar("T")
MOST_SCORED = 2_000
"""Whose scores are compared: those who earned most in the days, then those clicked most."""
By = Literal["score", "credited", "clicks", "held"]
_LABELS: dict[By, str] = {
    "score": "Score",
    "credited": "Credited",
    "clicks": "Clicks",
    "held": "Held",
}
_BY: tuple[By, ...] = get_args(By)


def show(visit: Visit) -> Answer:
    by = _asked(visit)
    if stats := span_figures.by(visit, "influencer"):
        return _shown(visit, by, **_ranked(visit, stats, by))
    if report := span_figures.big_report(visit):
        return _shown(visit, by, **_told(visit, report, by), as_of=report.built_at)
    return _shown(visit, by, **_listed(visit), is_added_up=False)


def _asked(visit: Visit) -> By:
    return next((by for by in _BY if by == visit.query.get("by")), "score")


def _shown(visit: Visit, by: By, **found: Any) -> Answer:
    usual = {"count_of_all": None, "as_of": None, "is_added_up": True}
    words = {"by": by, "labels": _LABELS, "most_scored": MOST_SCORED, **usual, **found}
    return sheet.render("people", visit, "People", at="people", **words)


# ── added up ─────────────────────────────────────────────────────────────────────────────────────
def _ranked(visit: Visit, stats: Stats, by: By) -> dict[str, Any]:
    """By score in the order that mail and overview have; else best first, and of equals who was
    credited more, then clicked more, then by id."""
    found = {
        each: sums for each, sums in stats.groups.items() if each != UNKNOWN and sums.is_of_people
    }
    lines = sorted((_line(who, sums) for who, sums in found.items()), key=_earned)
    ordered = _by_score(visit, lines) if by == "score" else sorted(lines, key=_KEYS[by])
    shown, cursor = page_of(visit, ordered)
    names = influencers.names(visit.merchant.id, [line.id for line in shown])
    named = [replace(line, name=names.get(line.id, line.id)) for line in shown]
    if by != "score":
        scores = _scores(visit, named)
        named = [_with_score(line, scores.get(line.id)) for line in named]
    return {"lines": named, "cursor": cursor, "count_of_all": len(lines)}


def _told(visit: Visit, report: Report, by: By) -> dict[str, Any]:
    """As the report of the whole span has them, by score already."""
    lines: Sequence[InfluencerLine] = report.influencers
    if by != "score":
        lines = sorted(sorted(lines, key=_earned), key=_KEYS[by])
    shown, cursor = page_of(visit, lines)
    return {"lines": shown, "cursor": cursor, "count_of_all": len(lines)}


def _earned(line: InfluencerLine) -> tuple[int, int, str]:
    return -line.revenue, -line.clicks, line.id


_KEYS: Mapping[By, Callable[[InfluencerLine], int]] = {
    "credited": lambda line: -line.revenue,
    "clicks": lambda line: -line.clicks,
    "held": lambda line: -line.held,
}


def _line(who: str, sums: Sums) -> InfluencerLine:
    return InfluencerLine.of(who, sums, id=who, last_click=sums.last_click, assisted=sums.assisted)


def page_of(visit: Visit, lines: Sequence[T]) -> tuple[Sequence[T], str]:
    """The page that the visit's cursor asks for, and the next one's; empty where there is none."""
    text = cursors.key_of(visit.query.get("cursor")) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise cursors.no_cursor()
    start = int(text)
    end = start + ON_A_PAGE
    return lines[start:end], cursors.cursor_of(f"{end}") if end < len(lines) else ""


def _by_score(visit: Visit, lines: Sequence[InfluencerLine]) -> list[InfluencerLine]:
    scores = _scores(visit, lines[:MOST_SCORED])
    scored = [_with_score(line, scores.get(line.id)) for line in lines]
    return sorted(scored, key=lambda line: _place(line, scores.get(line.id)))


def _place(line: InfluencerLine, score: Score | None) -> tuple[object, ...]:
    has_sold = bool(line.orders) or (score is not None and score.has_sold)
    return build_people.rank(line, has_sold=has_sold)


def _scores(visit: Visit, lines: Sequence[InfluencerLine]) -> dict[str, Score]:
    """Those of the newest week that had ended with the days, by influencer."""
    tz = visit.merchant.tz
    ended = calendars.start_of(visit.span.last + calendars.DAY, tz)
    week = calendars.last_full_week(min(visit.now, ended), tz)
    found = score_history.of_week(visit.merchant.id, [line.id for line in lines], week.first)
    return {who: each.score for who, each in found.items()}


def _with_score(line: InfluencerLine, score: Score | None) -> InfluencerLine:
    if score is None:
        return line
    return replace(
        line,
        score=round(score.value),
        low=round(score.low),
        high=round(score.high),
        tier=score.tier,
    )


# ── not added up yet ─────────────────────────────────────────────────────────────────────────────
def _listed(visit: Visit) -> dict[str, Any]:
    """Everyone in order of their ids, with their score."""
    behind = cursors.key_of(visit.query.get("cursor"))
    rows = influencers.following(visit.merchant.id, behind, ON_A_PAGE + 1)
    lines = [InfluencerLine(id=row["sk"], name=row["name"]) for row in rows[:ON_A_PAGE]]
    more = cursors.cursor_of(lines[-1].id) if len(rows) > ON_A_PAGE else ""
    scores = _scores(visit, lines)
    return {"lines": [_with_score(each, scores.get(each.id)) for each in lines], "cursor": more}


def path_of(influencer_id: str) -> str:
    """Of an influencer's own page."""
    return f"people/{part(influencer_id)}"
