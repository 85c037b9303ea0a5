"""Hourly: queue the merchants whose last full week is to be scored."""

from typing import Any

from sharetrail.aws.queues import ANALYSES
from sharetrail.calendars import moment
from sharetrail.merchants import jobs


def handler(event: dict[str, Any], _context: Any) -> int:
    return jobs.queue_due("score", ANALYSES, moment(event["time"]))
