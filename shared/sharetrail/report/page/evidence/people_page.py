"""Everybody who shared or sold in the days, by what one asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args

from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score import Score
from sharetrail.aws.items import Item
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.page.evidence import sheet, span_figures
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import influencers
from sharetrail.web import cursors
from sharetrail.web.http import Answer
from sharetrail.words.speech import mark, say

ON_A_PAGE = 50
T = TypeVar("T")
By = Literal["score", "credited", "clicks", "held"]
_LABELS: dict[By, str] = {
    # For translators: in which order people stand.
    "score": mark("By score"),
    "credited": mark("By credit"),
    "clicks": mark("By clicks"),
    "held": mark("By held credit"),
}
_BY: tuple[By, ...] = get_args(By)


def show(visit: Visit) -> Answer:
    by = _asked(visit)
    if (lines := span_figures.people(visit)) is not None:
        return _shown(visit, by, **_ranked(visit, lines, by))
    if report := span_figures.big_report(visit):
        return _shown(visit, by, **_ranked(visit, report.influencers, by), as_of=report.built_at)
    return _shown(visit, by, **_listed(visit), is_added_up=False)


def _asked(visit: Visit) -> By:
    return next((by for by in _BY if by == visit.query.get("by")), "score")


def _shown(visit: Visit, by: By, **found: Any) -> Answer:
    usual = {"count_of_all": None, "as_of": None, "is_added_up": True}
    words = {"by": by, "labels": _LABELS, **usual, **found}
    return sheet.render("people", visit, say("People"), at="people", **words)


# ── added up ─────────────────────────────────────────────────────────────────────────────────────
def _ranked(visit: Visit, lines: Sequence[InfluencerLine], by: By) -> dict[str, Any]:
    """By score as the report has them; else best first, and of equals who was credited more, then
    clicked more, then by id."""
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


def page_of(visit: Visit, lines: Sequence[T]) -> tuple[Sequence[T], str]:
    """The page that the visit's cursor asks for, and the next one's; empty where there is none."""
    text = cursors.key_of(visit.query.get("cursor")) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise cursors.no_cursor()
    start = int(text)
    end = start + ON_A_PAGE
    return lines[start:end], cursors.cursor_of(f"{end}") if end < len(lines) else ""


# ── not added up yet ─────────────────────────────────────────────────────────────────────────────
def _listed(visit: Visit) -> dict[str, Any]:
    """Everyone in order of their ids, with their score."""
    behind = cursors.key_of(visit.query.get("cursor"))
    rows = influencers.following(visit.merchant.id, behind, ON_A_PAGE + 1)
    shown = rows[:ON_A_PAGE]
    found = score_history.of_week(
        visit.merchant.id, [row["sk"] for row in shown], span_figures.scored_week(visit).first
    )
    scores = {who: each.score for who, each in found.items()}
    more = cursors.cursor_of(shown[-1]["sk"]) if len(rows) > ON_A_PAGE else ""
    return {"lines": [_line(row, scores.get(row["sk"])) for row in shown], "cursor": more}


def _line(row: Item, score: Score | None) -> InfluencerLine:
    line = InfluencerLine(id=row["sk"], name=row["name"])
    if score is None:
        return line
    return replace(
        line,
        score=round(score.value),
        low=round(score.low),
        high=round(score.high),
        tier=score.tier,
    )
