"""In which night a merchant is scored, once a day's facts have changed. Kept on the agenda."""

from datetime import date, datetime, timedelta

from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.merchants.profile import Merchant

_HOUR = timedelta(hours=2)
"""Of the night, local: late enough for the day before to be closed, six hours before the mail."""
_MONDAY = 0


def note(merchant: Merchant, day: date, now: datetime) -> None:
    """In the night after the day's week; of a week that has ended in the night to come, but on a
    Monday, when reports are read, at once. Each time: what changed may have been told of before the
    night, and be done after it."""
    today = calendars.local_day(now, merchant.tz)
    _note(merchant, day, today if today.weekday() == _MONDAY else today + calendars.DAY)


def note_again(merchant: Merchant, day: date, now: datetime) -> None:
    """The same of a day that was closed before, and now again, as anybody's page event can have it:
    on a Monday at once until the report is due, then in the night to come."""
    due, _ = calendars.last_report(now, merchant.tz)
    today = calendars.local_day(now, merchant.tz)
    if calendars.local_day(due, merchant.tz) == today:
        _note(merchant, day, today + calendars.DAY)
    else:
        note(merchant, day, now)


def _note(merchant: Merchant, day: date, earliest: date) -> None:
    night = max(calendars.week_of(day).first + calendars.WEEK, earliest)
    at = calendars.start_of(night, merchant.tz) + _HOUR
    jobs.note(Job(kind="score", merchant=merchant.id, about=night.isoformat()), at)
