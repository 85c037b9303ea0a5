"""Which local days have facts, and are due to be closed once they end."""

from datetime import date, datetime

from sharetrail import calendars
from sharetrail.aws.warm_cache import Aged
from sharetrail.merchants import agenda, profiles, score_nights
from sharetrail.merchants.job import Job
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import local_days
from sharetrail.totals.tally import rule_version

OLDER = "older"
"""Instead of a day: all those that an older version of the rules counted."""
_noted: Aged[bool] = Aged(calendars.DAY, size=10_000)
"""Days that have not ended, noted by this instance."""


def note(merchant: Merchant, day: date, now: datetime) -> None:
    """The day has facts, and is to be closed as soon as it has ended."""

    def write(_brisk: bool = False) -> bool:
        job = Job(kind="close", merchant=merchant.id, about=day.isoformat())
        agenda.note(job, calendars.start_of(day + calendars.DAY, merchant.tz))
        return True

    if day > local_days.last_ended(merchant, now):
        _noted.get(f"{merchant.id}#{day}", now, write)
    else:
        write()  # it may be closed at this moment, without the fact that has come


def close_again(merchant: Merchant, day: date, now: datetime) -> bool:
    """Whether the day had been closed; then it is, with what has come since."""
    if not _is_closed(merchant, day, now):
        return False
    local_days.close(merchant, day, now)
    score_nights.note(merchant, day, now)
    return True


def note_open(merchant: Merchant, day: date, now: datetime) -> None:
    """The day has facts, all heard before it could be closed: if it has been, then with them."""
    if not _is_closed(merchant, day, now):
        note(merchant, day, now)


def _is_closed(merchant: Merchant, day: date, now: datetime) -> bool:
    ended = day <= local_days.last_ended(merchant, now)
    return ended and local_days.is_closed(merchant.id, day)


def close(merchant: Merchant, abouts: tuple[str, ...], now: datetime) -> None:
    """Close these days, and have what looks at their weeks looked at again. A day that has not
    quite ended, since the merchant's zone has changed, is noted anew."""
    if OLDER in abouts:
        local_days.close_ended(merchant, date.min, date.max, now)
    days = sorted(date.fromisoformat(each) for each in abouts if each != OLDER)
    last = local_days.last_ended(merchant, now)
    for day in days:
        if day > last:
            note(merchant, day, now)
    local_days.close_all(merchant, days, now)
    for day in {calendars.week_of(each).first for each in days}:
        score_nights.note(merchant, day, now)


def note_older(now: datetime) -> None:
    """Once by every version of the rules: what older ones counted is to be closed again. A run that
    dies on its way notes everybody again: what is closed by then is not closed anew."""
    version = f"{rule_version()}"
    if agenda.is_done("rules", version):
        return
    ids = {*profiles.ids()}
    agenda.note_all((Job(kind="close", merchant=each, about=OLDER) for each in ids), now)
    agenda.note_done("rules", version)
