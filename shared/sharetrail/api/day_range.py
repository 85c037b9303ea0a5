"""The days a merchant asks about: `from` and `to`, both local and both included."""

from datetime import date, datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail import calendars
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed
from sharetrail.web.bodies import Day

LONGEST = timedelta(days=120)
USUAL = timedelta(days=7)
First = Annotated[Day | None, Query(alias="from")]
Last = Annotated[Day | None, Query(alias="to")]


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
