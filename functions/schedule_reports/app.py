"""Every quarter of an hour, since some zones have their Monday 08:00 then: queue the reports that
are due. Queued twice, a mail is sent once."""

from typing import Any

from sharetrail import logs
from sharetrail.calendars import moment
from sharetrail.report.issuing import schedule_reports


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> int:
    return schedule_reports.queue_due(moment(event["time"]))
