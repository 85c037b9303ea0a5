"""The report's first page: all figures of the days, as they stand now."""

from typing import Any

from sharetrail import calendars
from sharetrail.report import build_report
from sharetrail.report.page import frame
from sharetrail.report.page.overview import sections, span_choice
from sharetrail.report.page.visit import Visit
from sharetrail.report.page.writing import Writing
from sharetrail.report.report import Report
from sharetrail.web.http import Answer


def show(visit: Visit) -> Answer:
    report = build_report.build(visit.merchant, visit.span, None, visit.now)
    return frame.render("overview", visit, "What sharing earned", here="", **words(visit, report))


def words(visit: Visit, report: Report) -> dict[str, Any]:
    """Every name in overview.html beside those of all pages."""
    writing = Writing.of(report)  # of when it was built: the shop's currency may be another now
    return {
        **writing.words(),
        "report": report,
        "choice": _choice(visit, report),
        "before_words": span_choice.BEFORE[report.kind],
        "parts": sections.parts(report),
        "change": sections.revenue_change(report),
        "task_words": sections.TASKS,
        "tiles": sections.tiles(report),
        "over_time": sections.over_time(report),
        "funnel": sections.funnel(report),
        "people": sections.people(report),
        "groups": sections.groups(report),
        "countries": sections.countries(report),
        "devices": sections.devices(report),
        "buyers": sections.buyers(report),
        "hours": sections.hours(report),
        "weekdays": sections.weekdays(report),
        "held_orders": report.held_orders[: sections.HELD],
        "calibration": sections.calibration(report),
    }


def _choice(visit: Visit, report: Report) -> span_choice.SpanChoice:
    merchant = visit.merchant
    came = calendars.local_day(merchant.created_at, merchant.tz)
    today = calendars.local_day(visit.now, merchant.tz)
    return span_choice.choice_of(report.span, came, today, report.language)
