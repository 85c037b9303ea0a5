"""Hourly: order the reports that are due. Ordered twice, a mail is sent once."""

from typing import Any

from sharetrail.calendars import moment
from sharetrail.report import schedule_reports


def handler(event: dict[str, Any], _context: Any) -> dict[str, list[str]]:
    reports = list(schedule_reports.due(moment(event["time"])))
    for report in reports:
        schedule_reports.enqueue(report)
    return {"ordered": [report.merchant for report in reports]}
