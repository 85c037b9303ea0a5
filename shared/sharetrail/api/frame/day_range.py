"""The days a merchant asks about: `from` and `to`, both local and both included."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail import calendars
from sharetrail.api.frame.paging import Asked
from sharetrail.attribution import credits
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed
from sharetrail.totals import local_days
from sharetrail.web.bodies import Day
from sharetrail.web.cursors import no_cursor

LONGEST = timedelta(days=120)
USUAL = timedelta(days=7)
_EVER = date(2000, 1, 1), date(2099, 12, 31)
"""As far as days may be named: `Day`."""
_DAY = len("2026-12-01")
First = Annotated[Day | None, Query(alias="from")]
Last = Annotated[Day | None, Query(alias="to")]


def lately(
    merchant: Merchant,
    first: date | None,
    last: date | None,
    now: datetime,
    longest: timedelta,
    *,
    are_over: bool = False,
) -> tuple[date, date]:
    """The same; where nothing is asked for and nothing was heard in the last seven days, the seven
    that end with the last day of which anything was. With `are_over`, today is none of them."""
    if first is None and last is None:
        today = calendars.local_day(now, merchant.tz)
        last = _last_heard(merchant, today - calendars.DAY if are_over else today)
    return within(merchant, first, last, now, longest=longest)


def _last_heard(merchant: Merchant, last: date) -> date:
    """Of which anything was heard; `last` itself where that was in the seven days until it, or
    never."""
    since = last - USUAL + calendars.DAY
    heard = local_days.last_heard(merchant.id, last)
    is_usual = heard is None or heard >= since or credits.are_more(0, merchant.id, since, last)
    return last if heard is None or is_usual else heard


def ever(first: date | None, last: date | None) -> tuple[date, date]:
    """Of a list that is of all days where none are named. Malformed for none."""
    days = first or _EVER[0], last or _EVER[1]
    if days[0] > days[1]:
        raise Malformed("Ask for the oldest day first.", errors={"from": "or `to` is off"})
    return days


def within(
    merchant: Merchant,
    first: date | None,
    last: date | None,
    now: datetime,
    usual: timedelta = USUAL,
    longest: timedelta = LONGEST,
) -> tuple[date, date]:
    """The first and the last day; without them the last seven, or what is usual. Malformed for too
    many, or none."""
    last = last or calendars.local_day(now, merchant.tz)
    first = first or last - usual + calendars.DAY
    if not timedelta() <= last - first < longest:
        raise Malformed(
            f"Ask for 1 to {longest.days} days, oldest first.", errors={"from": "or `to` is off"}
        )
    return first, last


def carried(
    asked: Asked, days: tuple[date, date], longest: timedelta = LONGEST
) -> tuple[Asked, tuple[date, date]]:
    """The days of a list, which its cursors carry: a page behind the first is of the first one's,
    though `days` without `from` and `to` are others after midnight. Malformed."""
    if asked.after:
        days = _days_of(asked.after, longest)
    choices = f"{asked.choices}{days[0]}{days[1]}"
    return replace(asked, choices=choices, after=asked.after[2 * _DAY :]), days


def _days_of(after: str, longest: timedelta) -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(after[at : at + _DAY]) for at in (0, _DAY))
    except ValueError as error:
        raise no_cursor() from error
    if not timedelta() <= last - first < longest:
        raise no_cursor()
    return first, last
