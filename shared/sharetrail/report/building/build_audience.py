"""What a report shows over time, and who came: from its period alone. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sharetrail import calendars
from sharetrail.analysis.period import Period, influenced
from sharetrail.attribution.credit import OrderFigures
from sharetrail.calendars import DAY, WEEK
from sharetrail.report.report import Audience, Step
from sharetrail.totals.tally import counts_of_kind, most_first

_BY_DAY = timedelta(days=31)
_BY_WEEK = timedelta(days=100)
"""A quarter, and a little more; what is longer is told by month."""


def steps_of(period: Period) -> tuple[Step, ...]:
    """The days over time, as far as they have begun. Weeks and months are the calendar's, so the
    first and the last may be parts of one. They add up to what is earned, and to its clicks."""
    today = calendars.local_day(period.as_of, period.visits.zone)
    firsts = [*_firsts(period.first, min(period.last, today))]
    steps = {first: Step(first=first) for first in firsts}
    if not firsts:
        return ()
    for order in period.orders:
        first = _step_of(calendars.local_day(order.placed_at, period.visits.zone), firsts)
        steps[first] = _with_order(steps[first], order)
    for day, clicks in period.visits.by_day.items():
        first = _step_of(day, firsts)
        steps[first] = replace(steps[first], clicks=steps[first].clicks + clicks)
    return tuple(steps.values())


def _firsts(first: date, last: date) -> Iterator[date]:
    length = last - first + DAY
    while first <= last:
        yield first
        if length <= _BY_DAY:
            first += DAY
        elif length <= _BY_WEEK:
            first = calendars.week_of(first).first + WEEK
        else:
            first = (first.replace(day=1) + _BY_DAY).replace(day=1)


def _step_of(day: date, firsts: Sequence[date]) -> date:
    """Of a zone that has changed the days of orders are still the old one's: what lies outside
    belongs to whatever is next to it."""
    return firsts[max(0, bisect_right(firsts, day) - 1)]


def _with_order(step: Step, order: OrderFigures) -> Step:
    return replace(
        step,
        last_click=step.last_click + (order.net if order.influence == "last_click" else 0),
        assisted=step.assisted + (order.net if order.influence == "assisted" else 0),
        all_net=step.all_net + order.net,
        orders=step.orders + (order.influence != "none"),
    )


def audience_of(period: Period) -> Audience:
    visits = period.visits
    buyers = [order.is_returning for order in influenced(period.orders)]
    return Audience(
        countries=most_first(counts_of_kind(visits.counts, "country")),
        devices=most_first(counts_of_kind(visits.counts, "device")),
        hours=visits.hours,
        weekdays=visits.weekdays,
        new_buyers=buyers.count(False),
        returning_buyers=buyers.count(True),
        unknown_buyers=buyers.count(None),
    )
