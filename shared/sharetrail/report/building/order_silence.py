"""Whether a shop's orders stopped to come before a report's days were over. Pure.

Who can cause that, and who can hide it? How many were due is known by what was paid for alone, so
nobody makes a shop look silent by orders that they never pay. Any order hides it: it came.
"""

from datetime import date, timedelta

from sharetrail.calendars import DAY
from sharetrail.report.report import Report
from sharetrail.words.change import FEW

SHORTEST = timedelta(days=3)
"""Of which something is said: a weekend is less."""


def since(report: Report) -> date | None:
    """The local day of the last order of the days, where in those after it FEW were due at least;
    None where none came at all, of days that are not over, and of reports from before 2026-12."""
    last = report.last_order
    if last is None or not report.is_over or report.last - last < SHORTEST:
        return None
    return last if _a_day(report, last) * ((report.last - last) / DAY) >= FEW else None


def _a_day(report: Report, last: date) -> float:
    """Paid orders a day until then or in the span before, whichever were fewer: one good week makes
    no silence of those behind it."""
    earned, before = report.earned, report.before
    first = max(report.first, report.heard_since or report.first)
    rates = [(earned.all_paid_orders or 0) / max(1, (last - first) // DAY + 1)]
    if before:
        span = report.span.before()
        days = report.days_before or (span.last - span.first) // DAY + 1
        paid = before.all_paid_orders
        rates.append((before.all_orders if paid is None else paid) / days)
    return min(rates)
