"""Which local days have facts, and are due to be closed once they end."""

from datetime import date, datetime
from functools import partial

from sharetrail import calendars
from sharetrail.agenda import jobs, score_nights
from sharetrail.agenda.job import ALL, Job
from sharetrail.aws.warm_cache import Once
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import local_days
from sharetrail.totals.tally import rule_version

OLDER = "older"
"""Instead of a day: all those that an older version of the rules counted. It may have noted none of
the days since it closed the last."""
MOVED = "moved"
"""Instead of a day: all, since they are another zone's now."""
_noted = Once(calendars.DAY, size=10_000)
"""Days that have not ended, noted by this instance: of what was written until they end nothing is
missing in them, whenever it is told of."""


def note(merchant: Merchant, day: date, now: datetime) -> None:
    """The day has facts, and is to be closed as soon as it has ended."""
    noting = partial(_note, merchant, day)
    if day > local_days.last_ended(merchant, now):
        _noted.do(f"{merchant.id}#{day}#{merchant.zone}", now, noting)
    else:
        noting()  # it may be closed at this moment, without the fact that has come


def note_moved(merchant: Merchant, now: datetime) -> None:
    """The merchant's zone has changed: once everybody knows, its days are closed anew."""
    jobs.note(Job(kind="close", merchant=merchant.id, about=MOVED), now + profiles.AGE)


def _note(merchant: Merchant, day: date) -> None:
    job = Job(kind="close", merchant=merchant.id, about=day.isoformat())
    jobs.note(job, calendars.start_of(day + calendars.DAY, merchant.tz))


def hear(merchant: Merchant, day: date, now: datetime) -> None:
    """The day has a fact more: where it was closed it is again, else it is noted."""
    if not close_again(merchant, day, now):
        note(merchant, day, now)


def close_again(merchant: Merchant, day: date, now: datetime) -> bool:
    """Whether the day had been closed; then it is, with what has come since."""
    if not _is_closed(merchant, day, now):
        return False
    local_days.close(merchant, day, now)
    score_nights.note_again(merchant, day, now)
    return True


def close_lacking(merchant: Merchant, day: date, now: datetime) -> None:
    """The day has facts: if it was closed with fewer than there are, it is again."""
    if not _is_closed(merchant, day, now):
        note(merchant, day, now)
    elif local_days.lacks_facts(merchant, day, now):
        close_again(merchant, day, now)


def _is_closed(merchant: Merchant, day: date, now: datetime) -> bool:
    ended = day <= local_days.last_ended(merchant, now)
    return ended and local_days.is_closed(merchant.id, day)


def close(merchant: Merchant, abouts: tuple[str, ...], now: datetime) -> None:
    """Close these days, and have what looks at their weeks looked at again. A day that has not
    quite ended, since the merchant's zone has changed, is noted anew."""
    last = local_days.last_ended(merchant, now)
    days = _days(merchant, abouts, now)
    for day in days:
        if day > last:
            _note(merchant, day)  # whoever noted it before may take it for noted still
    if MOVED in abouts:
        local_days.close_anew(merchant, now)
    local_days.close_all(merchant, days, now)
    if OLDER in abouts:
        local_days.close_ended(merchant, date.min, date.max, now)
    for day in {*days[:1], *days[-1:]}:  # of all weeks that have ended it is the same night
        score_nights.note(merchant, day, now)


def _days(merchant: Merchant, abouts: tuple[str, ...], now: datetime) -> list[date]:
    """Those that are named; and where it is not known which have facts, the last one that has
    ended, this one, and with OLDER all since the last that was closed."""
    days = {date.fromisoformat(each) for each in abouts if each not in (OLDER, MOVED)}
    last, today = local_days.last_ended(merchant, now), calendars.local_day(now, merchant.tz)
    if MOVED in abouts:
        days |= {*local_days.span(last, today)}
    if OLDER in abouts:
        closed = local_days.closed_days(merchant.id, date.min, last)
        came = calendars.local_day(merchant.created_at, merchant.tz)
        days |= {*local_days.span(max(closed, default=came), today)}
    return sorted(days)


def note_older(now: datetime) -> None:
    """Once by every version of the rules: what older ones counted is to be closed again, and orders
    that wait are asked about, of which they may have noted none. A run that dies on its way notes
    everybody again: what is closed by then is not closed anew."""
    version = f"{rule_version()}"
    if jobs.is_done("rules", version):
        return
    ids = {*profiles.ids()}
    jobs.note_all((Job(kind="close", merchant=each, about=OLDER) for each in ids), now)
    jobs.note_all((Job(kind="retry", merchant=each, about=ALL) for each in ids), now)
    jobs.note_done("rules", version)
