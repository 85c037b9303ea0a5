"""Hourly: queue what came in and may have rung in vain: hours of clicks and page events, orders;
those that wait for a click, a code's owner or a rate; what spilled into the bucket; the day's look
at shops that are connected; and once a night whom to erase again."""

from contextlib import ExitStack
from datetime import datetime
from typing import Any, get_args

from sharetrail import logs
from sharetrail.agenda import workers
from sharetrail.attribution import missed_rings
from sharetrail.aws.queues import CHORES, CONNECTIONS
from sharetrail.calendars import moment
from sharetrail.orders import spilled_facts
from sharetrail.questions import privacy_requests
from sharetrail.questions.privacy_request import Whose

_NIGHT = 3
"""The hour of UTC."""


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> None:
    now = moment(event["time"])
    # From the last to the first, whichever of them fail: what may be most comes at the end.
    with ExitStack() as finders:
        finders.callback(missed_rings.queue, now)
        finders.callback(spilled_facts.queue)
        finders.callback(_erase_again, now)
        finders.callback(workers.queue_due, "connect", CONNECTIONS, now)
        finders.callback(workers.queue_due, "retry", CHORES, now)
        finders.callback(workers.queue_due, "heal", CHORES, now)


def _erase_again(now: datetime) -> None:
    """What was under way when somebody was erased may have brought them back."""
    if now.hour == _NIGHT:
        privacy_requests.queue_again(*get_args(Whose), whole=False)
