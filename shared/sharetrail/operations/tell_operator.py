"""What waits for a person is looked for, and told the operator (concerns.py): what failed for good,
what could not be read, orders that nobody could store, reports that were not made.

Each stands in a place where it keeps for weeks, so once an hour is soon enough; and to look costs
less than an alarm for each of them.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime

from sharetrail.aws import failure_queues
from sharetrail.operations import concerns
from sharetrail.orders import spilled_facts
from sharetrail.report.issuing import missing_reports
from sharetrail.webhooks import quarantine

Finder = Callable[[datetime], Mapping[str, int]]
"""How much there is of each concern: 0 where there is none."""
QUARANTINE, SPILL, REPORTS = "QuarantineNotEmpty", "SpillNotEmpty", "ReportsMissing"
_FINDERS: tuple[Finder, ...] = (
    lambda now: {REPORTS: missing_reports.number(now)},
    lambda now: {SPILL: spilled_facts.stuck(now)},
    lambda now: {QUARANTINE: quarantine.waiting(now)},
    lambda _: failure_queues.waiting(),
)


def look(now: datetime) -> None:
    """By all of them, from the last to the first, whichever fail."""
    told = concerns.known()
    with ExitStack() as finders:
        for find in _FINDERS:
            finders.callback(_look, find, told, now)


def _look(find: Finder, told: set[str], now: datetime) -> None:
    for name, number in find(now).items():
        if number or name in told:
            concerns.note(name, number, now)
