"""Hourly: queue the local days that have ended and have facts, and, once the rules have changed,
those that older ones counted."""

from typing import Any

from sharetrail.aws.queues import CHORES
from sharetrail.calendars import moment
from sharetrail.merchants import jobs
from sharetrail.totals import closings


def handler(event: dict[str, Any], _context: Any) -> int:
    now = moment(event["time"])
    closings.note_older(now)
    return jobs.queue_due("close", CHORES, now)
