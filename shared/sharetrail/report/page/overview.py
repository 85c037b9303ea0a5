"""The report's first page: all figures of the days."""

from sharetrail.report import build_report
from sharetrail.report.page import frame
from sharetrail.report.page.visit import Visit
from sharetrail.web.http import Answer


def show(visit: Visit) -> Answer:
    """As they stand now."""
    report = build_report.build(visit.merchant, visit.span, None, visit.now)
    return frame.render("overview", visit, "What sharing earned", report=report)
