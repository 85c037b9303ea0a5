"""The days that a report is about: a day, a calendar week, month, quarter or year, or any. Pure.

All are a merchant's local days, both ends included.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from sharetrail import calendars
from sharetrail.calendars import DAY, REPORT_HOUR

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

SpanKind = Literal["day", "week", "month", "quarter", "year", "days"]
Rhythm = Literal["daily", "weekly", "monthly", "quarterly"]
"""How often somebody gets a report."""
OF_RHYTHM: dict[Rhythm, SpanKind] = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
}
LONGEST = 366
"""Days."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DATE = r"\d{4}-\d{2}-\d{2}"
_FORMS: dict[SpanKind, re.Pattern[str]] = {
    "day": re.compile(rf"({_DATE})", re.ASCII),
    "week": re.compile(r"(\d{4})-W(\d{2})", re.ASCII),
    "month": re.compile(r"(\d{4})-(\d{2})", re.ASCII),
    "quarter": re.compile(r"(\d{4})-Q([1-4])", re.ASCII),
    "year": re.compile(r"(\d{4})", re.ASCII),
    "days": re.compile(rf"({_DATE})\.\.({_DATE})", re.ASCII),
}


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    first: date
    last: date
    kind: SpanKind

    @property
    def length(self) -> int:
        """In days."""
        return (self.last - self.first).days + 1

    @property
    def key(self) -> str:
        """As an address names it: `2026-11-29`, `2026-W48`, `2026-11`, `2026-Q4`, `2026`, or
        `2026-11-01..2026-11-09`."""
        match self.kind:
            case "day":
                return f"{self.first}"
            case "week":
                year, week, _ = self.first.isocalendar()
                return f"{year:04}-W{week:02}"
            case "month":
                return f"{self.first:%Y-%m}"
            case "quarter":
                return f"{self.first:%Y}-Q{(self.first.month + 2) // 3}"
            case "year":
                return f"{self.first:%Y}"
            case _:
                return f"{self.first}..{self.last}"

    def before(self) -> "Span":
        """The span before it: of days, as many as these."""
        if self.kind == "days":
            return days(self.first - self.length * DAY, self.first - DAY)
        return of_day(self.kind, self.first - DAY)

    def after(self) -> "Span":
        if self.kind == "days":
            return days(self.last + DAY, self.last + self.length * DAY)
        return of_day(self.kind, self.last + DAY)


def days(first: date, last: date) -> Span:
    return Span(kind="days", first=first, last=last)


def of_day(kind: SpanKind, day: date) -> Span:
    """The span of a kind that the day lies in; of `days`, the day alone."""
    if kind == "week":
        week = calendars.week_of(day)
        return Span(kind=kind, first=week.first, last=week.last)
    if kind not in _MONTHS:
        return Span(kind=kind, first=day, last=day)
    months = _MONTHS[kind]
    first_month = day.month - (day.month - 1) % months
    last_month = first_month + months - 1
    _, length = calendar.monthrange(day.year, last_month)
    first, last = date(day.year, first_month, 1), date(day.year, last_month, length)
    return Span(kind=kind, first=first, last=last)


def read(key: str) -> Span:
    """The span of a key. ValueError where it is none, of another century, ends before it begins, or
    is longer than a year."""
    for kind, form in _FORMS.items():
        if match := form.fullmatch(key):
            span = _of_parts(kind, match.groups())
            if span.first.year not in range(2000, 2100) or not 0 < span.length <= LONGEST:
                break
            return span
    raise ValueError(f"no days: {key!r}")


def _of_parts(kind: SpanKind, parts: tuple[str, ...]) -> Span:
    match kind:
        case "week":
            return of_day(kind, date.fromisocalendar(int(parts[0]), int(parts[1]), 1))
        case "month":
            return of_day(kind, date(int(parts[0]), int(parts[1]), 1))
        case "quarter":
            return of_day(kind, date(int(parts[0]), 3 * int(parts[1]), 1))
        case "year":
            return of_day(kind, date(int(parts[0]), 1, 1))
        case "day":
            return of_day(kind, date.fromisoformat(parts[0]))
        case _:
            return days(date.fromisoformat(parts[0]), date.fromisoformat(parts[1]))


def due_at(span: Span, zone: "ZoneInfo") -> datetime:
    """When its report is due, in UTC: at 08:00 of the day after it. Where 08:00 does not exist, the
    instant it would be."""
    due = datetime.combine(span.last + DAY, REPORT_HOUR, zone)
    return due.astimezone(UTC)


def last_due(kind: SpanKind, now: datetime, zone: "ZoneInfo") -> Span:
    """The newest span of a kind whose report is due."""
    span = of_day(kind, calendars.local_day(now, zone)).before()
    while due_at(span, zone) > now:  # once, or twice where a day was left out
        span = span.before()
    return span
