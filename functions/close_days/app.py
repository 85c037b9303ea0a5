"""Hourly: queue the local days that have ended and have facts, and once the rules have changed note
all that older ones counted."""

from typing import Any

from sharetrail import logs
from sharetrail.agenda import workers
from sharetrail.aws.queues import CHORES
from sharetrail.calendars import moment
from sharetrail.totals import closings


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> int:
    now = moment(event["time"])
    number = workers.queue_due("close", CHORES, now)
    closings.note_older(now)  # for the next run: nobody's day waits for that of ten thousand others
    return number
