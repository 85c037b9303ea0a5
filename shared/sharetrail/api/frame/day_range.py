"""The days a merchant asks about: `from` and `to`, both local and both included."""

from datetime import date, datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail import calendars
from sharetrail.attribution import credits
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed
from sharetrail.totals import local_days
from sharetrail.web.bodies import Day

LONGEST = timedelta(days=120)
USUAL = timedelta(days=7)
First = Annotated[Day | None, Query(alias="from")]
Last = Annotated[Day | None, Query(alias="to")]


def lately(
    merchant: Merchant, first: date | None, last: date | None, now: datetime, longest: timedelta
) -> tuple[date, date]:
    """The same; where nothing is asked for and nothing was heard in the last seven days, the seven
    that end with the last day of which anything was."""
    if first is None and last is None:
        last = _last_heard(merchant, calendars.local_day(now, merchant.tz))
    return within(merchant, first, last, now, longest=longest)


def _last_heard(merchant: Merchant, today: date) -> date | None:
    """None where anything was in the seven days until today, or never."""
    since = today - USUAL + calendars.DAY
    heard = local_days.last_heard(merchant.id, today)
    is_usual = heard is None or heard >= since or credits.are_more(0, merchant.id, since, today)
    return None if is_usual else heard


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
