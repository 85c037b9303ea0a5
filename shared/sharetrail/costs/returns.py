"""What days cost, and what came back, as it is read: costs and their rates, beside orders that were
read before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.attribution.credit import OrderFigures
from sharetrail.costs import costs
from sharetrail.costs.costs import TooManyCosts
from sharetrail.costs.spend import Grouping, Returns, returns_by
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers


def of_days(
    by: Grouping,
    merchant: Merchant,
    first: date,
    last: date,
    orders: Iterable[OrderFigures],
    now: datetime,
) -> Returns:
    """`orders` are those placed on these days; tests among them, and those in other currencies, are
    passed over. Of days to come nothing is spent yet. TooManyCosts."""
    last = min(last, calendars.local_day(now, merchant.tz))
    told = costs.of_days(merchant, first, last)
    own = (each for each in orders if each.counts and each.currency == merchant.currency)
    found = returns_by(by, told.own, own, first, last, now)
    return replace(found, apart=told.apart)


def known_of_days(
    by: Grouping,
    merchant: Merchant,
    first: date,
    last: date,
    orders: Iterable[OrderFigures],
    now: datetime,
) -> Returns:
    """The same where costs are one part of what is told: of too many to be added up nothing."""
    try:
        return of_days(by, merchant, first, last, orders, now)
    except TooManyCosts:
        return Returns()


def of_people(
    merchant: Merchant, first: date, last: date, orders: Iterable[OrderFigures], now: datetime
) -> Returns:
    """By influencer, of those who cost anything, with what they are called."""
    found = known_of_days("influencer", merchant, first, last, orders, now)
    groups = {who: sums for who, sums in found.groups.items() if sums.spend.total or sums.untold}
    named = {who for who in groups if who}
    names = influencers.names(merchant.id, named) if named else {}
    return replace(found, groups=groups, names=names)
