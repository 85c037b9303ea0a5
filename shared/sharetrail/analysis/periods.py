"""Periods as they are read: from projections alone."""

from dataclasses import replace
from datetime import date, datetime

from sharetrail.analysis.period import Period
from sharetrail.analysis.stats import Stats
from sharetrail.analysis.visits import Visits, by_link_and_place
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.totals import local_days
from sharetrail.totals.tally import Tally, merge_tallies

MOST_ORDERS = 5_000
"""What is added up while somebody waits, 15 seconds at most …"""
MOST_PACKED = 500_000
"""… and of closed days so many bytes, packed as they are stored."""


def is_big(merchant_id: str, first: date, last: date) -> bool:
    """Whether it takes longer than somebody waits."""
    days = (merchant_id, first, last)
    return has_many_clicks(*days) or has_many_orders(*days)


def has_many_clicks(merchant_id: str, first: date, last: date) -> bool:
    return local_days.weigh_more(MOST_PACKED, merchant_id, first, last)


def has_many_orders(merchant_id: str, first: date, last: date) -> bool:
    return credits.are_more(MOST_ORDERS, merchant_id, first, last)


def add_up(merchant: Merchant, first: date, last: date, now: datetime, stats: Stats) -> None:
    """Tell `stats` the same days and orders as `gather` has, one at a time."""
    for day, tally in local_days.whole(merchant, first, last, now):
        stats.add_day(day, tally, links.find_all(stats.unknown_links(tally)))
    for order in credits.between(OrderFigures, merchant.id, first, last):
        stats.add_order(order, merchant.currency)


def gather(merchant: Merchant, first: date, last: date, now: datetime) -> Period:
    """The period's local days, both ends included; open days stand with what is known so far. Of
    its days' tallies two are held at a time."""
    visits = Visits(zone=merchant.tz)
    days = local_days.whole(merchant, first, last, now)
    tally = merge_tallies(_noting(visits, day, each) for day, each in days)
    sales = [
        each for each in credits.between(OrderFigures, merchant.id, first, last) if each.counts
    ]
    return Period(
        first=first,
        last=last,
        as_of=now,
        tally=tally,
        visits=visits,
        links=links.find_all({*tally.links}),
        orders=tuple(each for each in sales if each.currency == merchant.currency),
        foreign=tuple(each for each in sales if each.currency != merchant.currency),
    )


def _noting(visits: Visits, day: date, tally: Tally) -> Tally:
    """The day's tally without what `visits` have of it."""
    visits.add_day(day, tally)
    return replace(tally, links=by_link_and_place(tally), quarters={})
