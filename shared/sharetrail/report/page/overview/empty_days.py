"""What days say in which nothing was seen, and the way to days that have something."""

from dataclasses import dataclass
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.merchants.profile import Merchant
from sharetrail.report import span
from sharetrail.report.report import Report
from sharetrail.report.span import Span
from sharetrail.totals import shop_activity
from sharetrail.words import formats
from sharetrail.words.speech import mark, say


@dataclass(frozen=True, kw_only=True)
class EmptyDays:
    title: str = mark("Nothing was seen in these days")
    """In English, as the catalogues know it."""
    why: str = ""
    """Empty where something may be wrong: then it is told what to look at."""
    newest: Span | None = None
    """The newest days of the kind that have something; None of a shop that was never heard."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The merchant's days on which the shop was heard of, as far as it ever was."""

    first: date | None = None
    last: date | None = None


def read(merchant: Merchant, report: Report, now: datetime) -> EmptyDays:
    times = (
        shop_activity.first_event(merchant, now),
        shop_activity.first_click(merchant, now),
        shop_activity.first_order(merchant),
        report.last_event,
    )
    days = [calendars.local_day(at, merchant.tz) for at in times if at]
    heard = Heard(first=min(days, default=None), last=max(days, default=None))
    return of(report.span, heard, calendars.local_day(now, merchant.tz), merchant.language)


def of(shown: Span, heard: Heard, today: date, language: str) -> EmptyDays:
    """Pure."""
    kind = "week" if shown.kind == "days" else shown.kind
    newest = span.of_day(kind, heard.last) if heard.last else None
    if shown.first > today:
        return EmptyDays(
            title=mark("These days have not come yet"),
            why=say("Today is {day}.", day=_day(today, language)),
            newest=newest,
        )
    if heard.first and shown.last < heard.first:
        why = say("The shop was first heard of on {day}.", day=_day(heard.first, language))
        return EmptyDays(why=why, newest=newest)
    if heard.first and shown.last >= today:
        why = say("These days are not over yet.")
        return EmptyDays(title=mark("Nothing was seen so far"), why=why, newest=newest)
    return EmptyDays(newest=newest)


def _day(at: date, language: str) -> str:
    return formats.isolated(formats.day(at, language), language)
