"""Which merchants' reports are due: all of a zone's, once its Monday 08:00 has passed.

Table agenda: `round#reports / monday#zone` says that a zone's were queued.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sharetrail import calendars, logs
from sharetrail.agenda import jobs, workers
from sharetrail.agenda.job import Job
from sharetrail.aws.queues import ANALYSES
from sharetrail.calendars import Week
from sharetrail.merchants import profiles

DUE_FOR = timedelta(hours=48)
"""So that schedules may be away for a day. While it lasts each round asks which zones are done."""
_ROUND, BUILT = "reports", "reports built"
"""What is noted of a zone once its reports are queued, and once every one stands."""
KEPT = timedelta(days=14)
"""Longer than anybody asks for a round."""
_TOGETHER = 25
"""Rounds that are noted by one request."""


@dataclass(frozen=True, kw_only=True)
class ZoneRound:
    """A week's reports of all merchants of a zone."""

    zone: str
    week: Week
    due: datetime

    @property
    def which(self) -> str:
        return f"{self.week.first + calendars.WEEK}#{self.zone}"


def queue_due(now: datetime) -> int:
    """Queue the reports that are due, and those that changed zones had miss their round; how many.
    A zone that fails keeps no other waiting: what failed is raised at the end.
    """
    queued, failures = 0, list[Exception]()
    rounds = iter(due_rounds(now))
    while part := [*islice(rounds, _TOGETHER)]:
        queued += _queue_all(part, failures, now)
    queued += workers.queue_due("report", ANALYSES, now)
    if failures:
        raise ExceptionGroup("some zones' reports could not be queued", failures)
    return queued


def due_rounds(now: datetime) -> list[ZoneRound]:
    """Of the zones whose Monday 08:00 passed at most two days ago, those not queued yet, the oldest
    first."""
    rounds = newest_rounds(now)
    done = jobs.all_done(_ROUND, [each.which for each in rounds])
    waiting = (each for each in rounds if each.which not in done)
    return sorted(waiting, key=lambda each: (each.due, each.zone))


def newest_rounds(now: datetime) -> list[ZoneRound]:
    """The same, queued or not."""
    newest = (_last(zone, now) for zone in calendars.zone_names())
    return [each for each in newest if now - each.due <= DUE_FOR]


def _last(zone: str, now: datetime) -> ZoneRound:
    due, week = calendars.last_report(now, ZoneInfo(zone))
    return ZoneRound(zone=zone, week=week, due=due)


def _queue_all(rounds: list[ZoneRound], failures: list[Exception], now: datetime) -> int:
    """Those that are queued are done. A run that dies on its way has them queued again, and each
    report is still built once."""
    queued, done, empty = 0, list[str](), list[str]()
    for each in rounds:
        try:
            number = _queue(each)
            queued += number
            done.append(each.which)
            if not number:
                empty.append(each.which)
        except Exception as failure:  # raised by whoever asked
            logs.failure("a zone's reports could not be queued", failure, round=each.which)
            failures.append(failure)
    jobs.note_done(BUILT, *empty, until=now + KEPT)
    jobs.note_done(_ROUND, *done, until=now + KEPT)
    return queued


def _queue(zone_round: ZoneRound) -> int:
    about = zone_round.week.first.isoformat()
    ids = profiles.ids_in(zone_round.zone)
    return workers.queue_all(
        (Job(kind="report", merchant=each, about=about) for each in ids), ANALYSES
    )
