"""Whether a shop's orders stopped to come before a report's days were over. Pure.

Who can cause that, and who can hide it? How many were due is known by what was paid for alone, so
nobody makes a shop look silent by orders that they never pay. Any order hides it: it came.
"""

from datetime import date, timedelta
from typing import NamedTuple

from sharetrail.calendars import DAY
from sharetrail.report.earned import Earned
from sharetrail.report.report import Report
from sharetrail.words.change import FEW

SHORTEST = timedelta(days=3)
"""Of which something is said: a weekend is less."""


def is_told(report: Report) -> bool:
    """Whether the shop's orders stopped, so that less is nobody's fault."""
    return since(report) is not None or before_none(report) > 0


def before_none(report: Report) -> int:
    """How many paid orders the span before had, where this one has none of any kind; 0 where they
    were FEW, and of days that are not over."""
    if report.earned.all_orders or report.other_currencies or not report.is_over:
        return 0
    paid = _paid(report.before) if report.before else 0
    return paid if paid >= FEW else 0


def since(report: Report) -> date | None:
    """The local day of the last order of the days, where in those after it FEW were due at least,
    and no more days are silent than there are others; None where none came at all, of days that are
    not over, and of reports from before 2026-12."""
    last = report.last_order
    if last is None or not report.is_over or report.last - last < SHORTEST:
        return None
    rates, silent = _rates(report, last), (report.last - last) // DAY
    is_usual = sum(each.days for each in rates) >= silent
    return last if is_usual and silent * min(each.a_day for each in rates) >= FEW else None


class _Rate(NamedTuple):
    """Of paid orders."""

    orders: int
    days: int

    @property
    def a_day(self) -> float:
        return self.orders / max(1, self.days)


def _rates(report: Report, last: date) -> list[_Rate]:
    """Until then, and in the span before. The lower one counts: one good week makes no silence of
    those behind it."""
    first = max(report.first, report.heard_since or report.first)
    rates = [_Rate(_paid(report.earned), (last - first) // DAY + 1)]
    if report.before:
        before = report.span.before()
        days = report.days_before or (before.last - before.first) // DAY + 1
        rates.append(_Rate(_paid(report.before), days))
    return rates


def _paid(earned: Earned) -> int:
    return earned.all_orders if earned.all_paid_orders is None else earned.all_paid_orders
