"""Hourly: queue the merchants whose last full week is to be scored."""

from typing import Any

from sharetrail import logs
from sharetrail.agenda import workers
from sharetrail.aws.queues import ANALYSES
from sharetrail.calendars import moment


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> int:
    return workers.queue_due("score", ANALYSES, moment(event["time"]))
