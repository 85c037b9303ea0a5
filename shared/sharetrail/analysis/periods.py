"""Periods as they are read: from projections alone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from sharetrail.analysis.period import Period
from sharetrail.analysis.stats import Stats
from sharetrail.attribution import credits
from sharetrail.attribution.credit import CreditDetails, OrderFigures
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.sharing.link import Link
from sharetrail.totals import local_days
from sharetrail.totals.tally import Tally


class Reader(Protocol):
    """Adds up what it asks of a period's days and orders, as they pass."""

    def add_day(self, day: date, tally: Tally, links: Mapping[str, Link]) -> None: ...

    def add_order(self, order: OrderFigures, details: CreditDetails) -> None: ...


def walk(
    merchant: Merchant, first: date, last: date, now: datetime, *readers: Reader
) -> dict[str, Link]:
    """Tell the readers each local day that has begun, in order, and then each sale in the
    merchant's currency, read and unpacked once for all of them. The links met.

    Days come bare: see totals.local_days.
    """
    known: dict[str, Link] = {}
    unknown: set[str] = set()
    for day, tally in local_days.walk(merchant, first, last, now):
        new = tally.links.keys() - known.keys() - unknown
        known |= links.find_all(new)
        unknown |= new - known.keys()
        for reader in readers:
            reader.add_day(day, tally, known)
    for order in credits.between(OrderFigures, merchant.id, first, last):
        if order.counts and order.currency == merchant.currency:
            details = order.details
            for reader in readers:
                reader.add_order(order, details)
    return known


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
