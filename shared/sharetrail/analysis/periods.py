"""Periods as they are read: from projections alone."""

from datetime import date, datetime

from sharetrail.analysis.period import Period
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.totals import local_days


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
