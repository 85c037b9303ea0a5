"""A span's figures by person, network, product or link, where they can be added up while somebody
waits; of what is shown on one page of them alone more is read."""

from collections.abc import Iterator
from datetime import date

from sharetrail import calendars
from sharetrail.analysis import periods
from sharetrail.analysis.period import Grouping
from sharetrail.analysis.stats import Stats
from sharetrail.calendars import Week
from sharetrail.problems import Problem
from sharetrail.report.building import build_people
from sharetrail.report.building.build_people import Earlier
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.page.overview import big_spans
from sharetrail.report.page.visit import Visit
from sharetrail.report.report import Report
from sharetrail.totals import local_days
from sharetrail.totals.tally import Tally


def by(visit: Visit, grouping: Grouping) -> Stats | None:
    """None of a span that holds too much for that."""
    if periods.is_big(visit.merchant.id, visit.span.first, visit.span.last):
        return None
    stats = Stats(grouping, visit.merchant.tz, visit.now)
    periods.add_up(visit.merchant, visit.span.first, visit.span.last, visit.now, stats)
    return stats


def people(visit: Visit) -> tuple[InfluencerLine, ...] | None:
    """Everybody in the order of mail and overview; None as above."""
    if are_many_clicks(visit) or are_many_orders(visit):
        return None
    merchant, span = visit.merchant, visit.span
    period = periods.gather(merchant, span.first, span.last, visit.now)
    return build_people.people(period, Earlier(), merchant, scored_week(visit)).lines


def scored_week(visit: Visit) -> Week:
    """The newest that had ended with the days, or by now."""
    tz = visit.merchant.tz
    ended = calendars.start_of(visit.span.last + calendars.DAY, tz)
    return calendars.last_full_week(min(visit.now, ended), tz)


def big_report(visit: Visit) -> Report | None:
    """The report of a span that holds too much, which a worker adds up once an hour; None as long
    as it is worked on, or where it is refused: then its first page says why."""
    try:
        found = big_spans.find(visit) or big_spans.find_older_or_ask(visit)
    except Problem:
        return None
    return found.report if found else None


def are_many_clicks(visit: Visit) -> bool:
    return periods.has_many_clicks(visit.merchant.id, visit.span.first, visit.span.last)


def are_many_orders(visit: Visit) -> bool:
    return periods.has_many_orders(visit.merchant.id, visit.span.first, visit.span.last)


def days(visit: Visit) -> Iterator[tuple[date, Tally]]:
    """Each day's clicks by link, with all that is counted; none of a span that holds too many."""
    if are_many_clicks(visit):
        return iter(())
    return local_days.whole(visit.merchant, visit.span.first, visit.span.last, visit.now)
