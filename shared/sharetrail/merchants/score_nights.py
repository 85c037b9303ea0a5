"""In which night a merchant is scored, once a day's facts have changed. Kept on the agenda."""

from datetime import date, datetime, timedelta

from sharetrail import calendars
from sharetrail.aws.warm_cache import Aged
from sharetrail.merchants import agenda
from sharetrail.merchants.job import Job
from sharetrail.merchants.profile import Merchant

_HOUR = timedelta(hours=2)
"""Of the night, local: late enough for the day before to be closed, six hours before the mail."""
_MONDAY = 0
_noted: Aged[bool] = Aged(calendars.DAY, size=10_000)
"""Nights to come, noted by this instance: nobody takes them before."""


def note(merchant: Merchant, day: date, now: datetime) -> None:
    """In the night after the day's week; of a week that has ended in the night to come, but on a
    Monday, when reports are read, at once."""
    night = max(calendars.week_of(day).first + calendars.WEEK, _next(merchant, now))
    at = calendars.start_of(night, merchant.tz) + _HOUR

    def write(_brisk: bool = False) -> bool:
        agenda.note(Job(kind="score", merchant=merchant.id, about=night.isoformat()), at)
        return True

    if at > now:
        _noted.get(f"{merchant.id}#{night}", now, write)
    else:
        write()


def _next(merchant: Merchant, now: datetime) -> date:
    today = calendars.local_day(now, merchant.tz)
    return today if today.weekday() == _MONDAY else today + calendars.DAY
