"""UTC hours of which a merchant has clicks or page events. Kept on the agenda: whoever writes such
a fact notes its hour after it. By them is found what rang in vain (totals/missed_events.py), and of
an hour that was never noted there is nothing to find.
"""

from datetime import datetime

from sharetrail.aws.warm_cache import Aged
from sharetrail.calendars import HOUR, hour_of
from sharetrail.merchants import agenda
from sharetrail.merchants.job import Job

_noted: Aged[bool] = Aged(HOUR, size=10_000)
"""Hours that go on, noted by this instance: none is taken off the agenda before it is over."""


def note(merchant_id: str, at: datetime, now: datetime, *, brisk: bool = False) -> None:
    """A fact of the time `at` has been written by now: its hour is due when it is over, and so is
    the one in which it was written. `brisk` as agenda.note has it.
    """
    hour = hour_of(at)
    due = max(hour, hour_of(now)) + HOUR
    job = Job(kind="heal", merchant=merchant_id, about=f"{hour:%Y-%m-%dT%H}")
    agenda.note(job, due, brisk=brisk)


def note_once(merchant_id: str, at: datetime, now: datetime, *, brisk: bool = False) -> None:
    """The same, once an hour and instance; each time where the fact's hour is over, since somebody
    may be healing it. For whoever wrote it at the time `now` itself, and not of an old message.
    """

    def write(_brisk: bool = False) -> bool:
        note(merchant_id, at, now, brisk=brisk)
        return True

    hour = hour_of(at)
    if hour < hour_of(now):
        write()
    else:
        _noted.get(f"{merchant_id}#{hour.timestamp()}", now, write)
