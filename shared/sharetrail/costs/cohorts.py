"""Cohorts as they are read: from orders' credits alone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from sharetrail import calendars
from sharetrail.attribution import credits
from sharetrail.attribution.credit import BuyerOrder
from sharetrail.costs import cohort
from sharetrail.costs.cohort import LOOKS_BACK, Bought, Buyer, Buyers
from sharetrail.merchants.profile import Merchant

Grouping = Literal["sharing", "influencer"]
MOST_ORDERS = 5_000
"""What is looked through while somebody waits."""
BROUGHT, OTHERS = "sharing", ""
"""Who came by sharing, and who by nobody: no influencer's id is empty."""


def is_big(merchant: Merchant, first: date, now: datetime) -> bool:
    return credits.are_more(MOST_ORDERS, merchant.id, *_days_to_read(merchant, first, now))


def _days_to_read(merchant: Merchant, first: date, now: datetime) -> tuple[date, date]:
    """Until today; of days to come nothing is known, and today alone is read."""
    today = calendars.local_day(now, merchant.tz)
    return min(first - LOOKS_BACK, today), today


def new_buyers(merchant: Merchant, first: date, last: date, now: datetime) -> Buyers:
    """Whose first known order is of these local days, with all that they bought until now."""
    orders = credits.between(BuyerOrder, merchant.id, *_days_to_read(merchant, first, now))
    purchases = (each for each in orders if cohort.is_purchase(each, merchant.currency))
    found = cohort.buyers_of(map(Bought.of, purchases))
    asked = (each for each in found.new if first <= _day(each, merchant) <= last)
    return Buyers(new=tuple(asked), unknown=found.unknown)


def groups_of(buyers: Iterable[Buyer], by: Grouping) -> dict[str, list[Buyer]]:
    """A buyer is of everybody whom their first order credits; who came by nobody is of OTHERS."""
    groups: dict[str, list[Buyer]] = defaultdict(list)
    for buyer in buyers:
        who = buyer.first.brought_by
        names = who if by == "influencer" and who else [BROUGHT if who else OTHERS]
        for name in names:
            groups[name].append(buyer)
    return groups


def months_of(buyers: Iterable[Buyer], merchant: Merchant) -> dict[date, list[Buyer]]:
    """By the first of the local month in which they came, oldest first."""
    months: dict[date, list[Buyer]] = defaultdict(list)
    for buyer in buyers:
        months[_day(buyer, merchant).replace(day=1)].append(buyer)
    return dict(sorted(months.items()))


def _day(buyer: Buyer, merchant: Merchant) -> date:
    return calendars.local_day(buyer.first.at, merchant.tz)
