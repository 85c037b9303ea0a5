"""Everybody who shared or sold in the days, by what one asks."""

from dataclasses import dataclass
from typing import Literal, get_args

from sharetrail import calendars
from sharetrail.analysis.period import UNKNOWN, Sums
from sharetrail.analysis.score import score_history
from sharetrail.analysis.score.score_changes import ScoredWeek
from sharetrail.analysis.stats import Stats
from sharetrail.report.page.evidence import sheet, span_figures
from sharetrail.report.page.visit import Visit, part
from sharetrail.sharing import influencers
from sharetrail.sharing.link import is_anonymous
from sharetrail.web import cursors
from sharetrail.web.http import Answer

ON_A_PAGE = 50
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


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    id: str
    name: str
    is_anonymous: bool
    sums: Sums | None
    """None where the days hold too much to be added up at once."""
    credited: int = 0
    held: int = 0
    scored: ScoredWeek | None = None


def show(visit: Visit) -> Answer:
    asked = visit.query.get("by", "")
    by: By = next((each for each in _BY if each == asked), "score")
    stats = span_figures.by(visit, "influencer")
    lines, cursor, count = _ranked(visit, stats, by) if stats else _listed(visit)
    return sheet.render(
        "people",
        visit,
        "People",
        at="people",
        lines=lines,
        count_of_all=count,
        cursor=cursor,
        by=by,
        labels=_LABELS,
        is_added_up=stats is not None,
        most_scored=MOST_SCORED,
    )


# ── added up ─────────────────────────────────────────────────────────────────────────────────────
def _ranked(visit: Visit, stats: Stats, by: By) -> tuple[list[PersonLine], str, int]:
    """Best first; of equals who was credited more, then clicked more, then by id."""
    found = {
        each: sums for each, sums in stats.groups.items() if each != UNKNOWN and sums.is_of_people
    }

    def earned(who: str) -> tuple[int, int, str]:
        return -credited(found[who]), -found[who].valid, who

    order = sorted(found, key=earned)
    scored: dict[str, ScoredWeek] = {}
    match by:
        case "score":
            scored = _scores(visit, order[:MOST_SCORED])
            order.sort(key=lambda who: -scored[who].score.value if who in scored else 0.0)
        case "clicks":
            order.sort(key=lambda who: -found[who].valid)
        case "held":
            order.sort(key=lambda who: -found[who].held)
    start = start_of(visit)
    shown = order[start : start + ON_A_PAGE]
    scored = scored or _scores(visit, shown)
    names = influencers.names(visit.merchant.id, shown)
    lines = [_line(who, names.get(who, who), found[who], scored.get(who)) for who in shown]
    end = start + ON_A_PAGE
    return lines, cursors.cursor_of(f"{end}") if end < len(order) else "", len(order)


def credited(sums: Sums) -> int:
    return sums.revenue.get("linear", 0)


def _line(who: str, name: str, sums: Sums, scored: ScoredWeek | None) -> PersonLine:
    return PersonLine(
        id=who,
        name=name,
        is_anonymous=is_anonymous(who),
        sums=sums,
        credited=credited(sums),
        held=sums.held,
        scored=scored,
    )


def _scores(visit: Visit, ids: list[str]) -> dict[str, ScoredWeek]:
    """Of the newest week that had ended with the days."""
    tz = visit.merchant.tz
    ended = calendars.start_of(visit.span.last + calendars.DAY, tz)
    week = calendars.last_full_week(min(visit.now, ended), tz)
    return score_history.of_week(visit.merchant.id, ids, week.first)


def start_of(visit: Visit) -> int:
    text = cursors.key_of(visit.query.get("cursor")) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise cursors.no_cursor()
    return int(text)


# ── too many to be added up ──────────────────────────────────────────────────────────────────────
def _listed(visit: Visit) -> tuple[list[PersonLine], str, None]:
    """Everyone in order of their ids, with their newest score."""
    behind = cursors.key_of(visit.query.get("cursor"))
    rows = influencers.following(visit.merchant.id, behind, ON_A_PAGE + 1)
    shown = rows[:ON_A_PAGE]
    scored = _scores(visit, [row["sk"] for row in shown])
    lines = [
        PersonLine(
            id=row["sk"],
            name=row["name"],
            is_anonymous=is_anonymous(row["sk"]),
            sums=None,
            scored=scored.get(row["sk"]),
        )
        for row in shown
    ]
    more = cursors.cursor_of(shown[-1]["sk"]) if len(rows) > ON_A_PAGE else ""
    return lines, more, None


def path_of(influencer_id: str) -> str:
    """Of an influencer's own page."""
    return f"people/{part(influencer_id)}"
