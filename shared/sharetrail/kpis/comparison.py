"""Which days a span of days is compared with: those before it, and the same a year ago. Pure.

Whole calendar months are compared with whole months; all else by the day of the week, since a shop
sells on Saturdays what it does not on Tuesdays. Where a moving holiday lies in the one and not in
the other, the year before is looked at where it had that holiday, and its name is told.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sharetrail.calendars import DAY
from sharetrail.kpis.holiday import NAMES, Occurrence

_YEAR = timedelta(weeks=52)
_MONTHS_OF_YEAR = 12
Side = Literal["moved", "only_then"]


@dataclass(frozen=True, kw_only=True, order=True)
class Days:
    """Both ends included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> int:
        """How many whole calendar months they are; 0 where they are none."""
        _, length = calendar.monthrange(self.last.year, self.last.month)
        if self.first.day != 1 or self.last.day != length:
            return 0
        return _month(self.last) - _month(self.first) + 1

    def shifted(self, days: int) -> "Days":
        return Days(first=self.first + days * DAY, last=self.last + days * DAY)

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, kw_only=True)
class LastYear:
    days: Days
    holiday: str = ""
    """The moving holiday that has a say in it: its id."""
    side: Side | None = None
    """`moved`: these days have it, and those were chosen so that they have it, too; `only_then`:
    those have it, and these do not."""


def before(these: Days) -> Days:
    """As many months before, or else as many days."""
    return _months_before(these, these.months) if these.months else these.shifted(-these.length)


def last_year(these: Days, holidays: Iterable[Occurrence]) -> LastYear:
    """`holidays` are those that move where the shop is, of both years."""
    then, known = year_before(these), [*holidays]
    now_there = {each.holiday: each for each in known if these.has(each.day)}
    then_there = {each.holiday for each in known if then.has(each.day)}
    for name in filter(now_there.__contains__, NAMES):
        here = now_there[name].day
        earlier = [each.day for each in known if each.holiday == name and each.day < here]
        if name not in then_there and earlier:
            moved = _around(these, here, max(earlier))
            return LastYear(days=moved, holiday=name, side="moved")
    for name in NAMES:
        if name in then_there and name not in now_there:
            return LastYear(days=then, holiday=name, side="only_then")
    return LastYear(days=then)


def year_before(these: Days) -> Days:
    """The same calendar months; else the same days of the same ISO weeks. A week 53 that the year
    before has not is compared with 52 weeks earlier."""
    if these.months:
        return _months_before(these, _MONTHS_OF_YEAR)
    year, week, weekday = these.first.isocalendar()
    try:
        then = date.fromisocalendar(year - 1, week, weekday)
    except ValueError:
        then = these.first - _YEAR
    return these.shifted((then - these.first).days)


def _around(these: Days, here: date, there: date) -> Days:
    """The days that have the holiday of the year before: the months that it was in; else as many
    days, from the same day of the week, moved by the whole weeks that bring it nearest to the same
    place among them."""
    if these.months:
        months = _month(these.first) - _month(here)
        first = _first_of(_month(there) + months)
        return Days(first=first, last=_last_of(_month(first) + these.months - 1))
    apart = (there - here).days
    by_weeks = [7 * (apart // 7), 7 * (apart // 7 + 1)]
    moved = [these.shifted(days) for days in sorted(by_weeks, key=lambda n: abs(n - apart))]
    return next((days for days in moved if days.has(there)), these.shifted(apart))


def _months_before(these: Days, months: int) -> Days:
    return Days(
        first=_first_of(_month(these.first) - months), last=_last_of(_month(these.last) - months)
    )


def _month(day: date) -> int:
    """Months since the year 0."""
    return day.year * _MONTHS_OF_YEAR + day.month - 1


def _first_of(month: int) -> date:
    return date(month // _MONTHS_OF_YEAR, month % _MONTHS_OF_YEAR + 1, 1)


def _last_of(month: int) -> date:
    return _first_of(month + 1) - DAY
