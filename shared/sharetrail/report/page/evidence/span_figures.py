"""A span's figures by person, network, product or link, where they can be added up while somebody
waits; of what is shown on one page of them alone more is read."""

from collections.abc import Iterator
from datetime import date

from sharetrail.analysis import periods
from sharetrail.analysis.period import Grouping
from sharetrail.analysis.stats import Stats
from sharetrail.attribution import credits
from sharetrail.problems import Problem
from sharetrail.report.page.overview import big_spans
from sharetrail.report.page.visit import Visit
from sharetrail.report.report import Report
from sharetrail.totals import local_days
from sharetrail.totals.tally import Tally

MOST_ORDERS = 5_000
MOST_PACKED = 500_000
"""Bytes of closed days, packed as they are stored."""


def by(visit: Visit, grouping: Grouping) -> Stats | None:
    """None of a span that holds too much for that."""
    if are_many_clicks(visit) or are_many_orders(visit):
        return None
    stats = Stats(grouping, visit.merchant.tz, visit.now)
    periods.add_up(visit.merchant, visit.span.first, visit.span.last, visit.now, stats)
    return stats


def big_report(visit: Visit) -> Report | None:
    """The report of a span that holds too much, which a worker adds up once an hour; None as long
    as it is worked on, or where it is refused: then its first page says why."""
    try:
        found = big_spans.find_or_ask(visit)
    except Problem:
        return None
    return found.report if found else None


def are_many_clicks(visit: Visit) -> bool:
    span = visit.span
    return local_days.weigh_more(MOST_PACKED, visit.merchant.id, span.first, span.last)


def are_many_orders(visit: Visit) -> bool:
    span = visit.span
    return credits.are_more(MOST_ORDERS, visit.merchant.id, span.first, span.last)


def days(visit: Visit) -> Iterator[tuple[date, Tally]]:
    """Each day's clicks by link, with all that is counted; none of a span that holds too many."""
    if are_many_clicks(visit):
        return iter(())
    return local_days.whole(visit.merchant, visit.span.first, visit.span.last, visit.now)
