"""Which days a span of days is compared with: those before it, and the same a year ago. Pure.

Whole calendar months are compared with whole months; all else by the day of the week, since a shop
sells on Saturdays what it does not on Tuesdays. Where a moving holiday lies in the one and not in
the other, the year before is looked at where it had that holiday, unless what both have, or a feast
of the calendar, were lost for it; and its name is told.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from sharetrail.calendars import DAY
from sharetrail.kpis.holiday import FEASTS, NAMES, Occurrence

_WEEKS = 52
_MONTHS_OF_YEAR = 12
Side = Literal["moved", "only_then", "only_now"]


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

    @property
    def in_months(self) -> Fraction:
        """How many months they are, each day by the length of its own."""
        return sum(
            (
                Fraction(
                    (min(self.last, _last_of(each)) - max(self.first, _first_of(each))).days + 1
                )
                / _last_of(each).day
                for each in range(_month(self.first), _month(self.last) + 1)
            ),
            Fraction(0),
        )

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
    those have it, and these do not; `only_now` the reverse: what has it would lose more."""


def before(these: Days) -> Days:
    """As many months before, or else as many days."""
    return _months_before(these, these.months) if these.months else these.shifted(-these.length)


def last_year(these: Days, holidays: Iterable[Occurrence]) -> LastYear:
    """`holidays` are those that move where the shop is, of both years."""
    then, known = year_before(these), [*holidays]
    now_there = {each.holiday: each.day for each in known if these.has(each.day)}
    then_there = _names(then, known)
    for name in NAMES:
        if name in now_there and name not in then_there:
            moved = _moved(these, name, now_there[name], known)
            if moved and now_there.keys() & then_there <= _names(moved, known):
                return LastYear(days=moved, holiday=name, side="moved")
    for name in NAMES:
        if (name in now_there) != (name in then_there):
            side: Side = "only_now" if name in now_there else "only_then"
            return LastYear(days=then, holiday=name, side=side)
    return LastYear(days=then)


def year_before(these: Days) -> Days:
    """The same calendar months; else those 52 weeks earlier, from the same day of the week: 53, or
    the same dates, where a feast would be lost."""
    if these.months:
        return _months_before(these, _MONTHS_OF_YEAR)
    then = these.shifted(-_WEEKS * 7)
    for feast in FEASTS:
        days = feast.days(these.first, these.last)
        if days and not feast.days(then.first, then.last):
            return _around(these, days[0], days[0].replace(year=days[0].year - 1))
    return then


def _names(days: Days, known: Iterable[Occurrence]) -> set[str]:
    return {each.holiday for each in known if days.has(each.day)}


def _moved(these: Days, name: str, here: date, known: Iterable[Occurrence]) -> Days | None:
    """The days that have the holiday of the year before; None where they would lose a weightier
    feast, or have one that these have not, and of several months, of which it is a small part."""
    earlier = [each.day for each in known if each.holiday == name and each.day < here]
    if not earlier or these.months > 1:
        return None
    moved = _around(these, here, max(earlier))
    weightier = [each for each in FEASTS if name in each.outweighs]
    is_like = all(
        bool(each.days(these.first, these.last)) == bool(each.days(moved.first, moved.last))
        for each in weightier
    )
    return moved if is_like else None


def _around(these: Days, here: date, there: date) -> Days:
    """The days that have the holiday of the year before: the month that it was in; else as many
    days, from the same day of the week, moved by the whole weeks that bring it nearest to the same
    place among them."""
    if these.months:
        return Days(first=_first_of(_month(there)), last=_last_of(_month(there)))
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
