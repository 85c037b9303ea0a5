"""Periods as they are read: from projections alone."""

from datetime import date, datetime

from sharetrail.analysis.period import Period
from sharetrail.analysis.stats import Stats
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.totals import local_days


def add_up(merchant: Merchant, first: date, last: date, now: datetime, stats: Stats) -> None:
    """Tell `stats` the same days and orders as `gather` has, one at a time."""
    for day, tally in local_days.whole(merchant, first, last, now):
        stats.add_day(day, tally, links.find_all(stats.unknown_links(tally)))
    for order in credits.between(OrderFigures, merchant.id, first, last):
        stats.add_order(order, merchant.currency)


def gather(merchant: Merchant, first: date, last: date, now: datetime) -> Period:
    """The period's local days, both ends included; open days stand with what is known so far."""
    by_day = local_days.between(merchant, first, last, now)
    codes = {code for tally in by_day.values() for code in tally.links}
    sales = [
        each for each in credits.between(OrderFigures, merchant.id, first, last) if each.counts
    ]
    return Period(
        first=first,
        last=last,
        days=by_day,
        links=links.find_all(codes),
        orders=tuple(each for each in sales if each.currency == merchant.currency),
        foreign=tuple(each for each in sales if each.currency != merchant.currency),
    )
