"""UTC hours of which a merchant has clicks or page events. Kept on the agenda: whoever writes such
a fact notes its hour after it. By them is found what rang in vain (totals/missed_events.py), and of
an hour that was never noted there is nothing to find.
"""

from datetime import datetime
from functools import partial

from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.aws.warm_cache import Once
from sharetrail.calendars import HOUR, hour_of

_noted = Once(HOUR, size=10_000)
"""Hours that go on, noted by this instance: none is taken off the agenda before it is over."""
_TOGETHER = 6
"""Late hours are due at every sixth hour of UTC: anybody who has a publishable key can have 25 of
them looked at anew by one beacon."""


def note(merchant_id: str, at: datetime, now: datetime, *, brisk: bool = False) -> None:
    """A fact of the time `at` has been written by now: its hour is due when it is over, and so is
    the one in which it was written. `brisk` as jobs.note has it.
    """
    due = max(hour_of(at), hour_of(now)) + HOUR
    jobs.note(_job(merchant_id, at), due, brisk=brisk)


def note_once(merchant_id: str, at: datetime, now: datetime, *, brisk: bool = False) -> None:
    """The same, once an hour and instance; each time where the fact's hour is over, since somebody
    may be healing it, and then due with others. For whoever wrote it at the time `now` itself, and
    not of an old message.
    """
    hour = hour_of(at)
    if hour < hour_of(now):
        jobs.note(_job(merchant_id, at), _next_together(now), brisk=brisk)
    else:
        noting = partial(note, merchant_id, at, now, brisk=brisk)
        _noted.do(f"{merchant_id}#{hour.timestamp()}", now, noting)


def _next_together(now: datetime) -> datetime:
    hour = hour_of(now)
    return hour + (_TOGETHER - hour.hour % _TOGETHER) * HOUR


def _job(merchant_id: str, at: datetime) -> Job:
    return Job(kind="heal", merchant=merchant_id, about=f"{hour_of(at):%Y-%m-%dT%H}")
