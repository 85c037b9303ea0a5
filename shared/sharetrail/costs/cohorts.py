"""Cohorts as they are read: from orders' credits alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sharetrail import calendars
from sharetrail.attribution import credits
from sharetrail.attribution.credit import BuyerOrder
from sharetrail.costs import cohort
from sharetrail.costs.cohort import Bought, Buyer, Buyers, Step, steps_of
from sharetrail.merchants.profile import Merchant

Grouping = Literal["sharing", "influencer"]
MOST_ORDERS = 5_000
"""What is looked through while somebody waits."""
BROUGHT, OTHERS = "sharing", ""
"""Who came by sharing, and who by nobody: no influencer's id is empty."""


def is_big(merchant: Merchant, now: datetime) -> bool:
    return credits.are_more(MOST_ORDERS, merchant.id, *_days_to_read(merchant, now))


def _days_to_read(merchant: Merchant, now: datetime) -> tuple[date, date]:
    """All, whatever days are asked for: who is new, and who is one and the same, would differ with
    them otherwise."""
    return date.min, calendars.local_day(now, merchant.tz)


def new_buyers(merchant: Merchant, first: date, last: date, now: datetime) -> Buyers:
    """Whose first known order is of these local days, with all that they bought until now."""
    orders = credits.between(BuyerOrder, merchant.id, *_days_to_read(merchant, now))
    purchases = (each for each in orders if cohort.is_purchase(each, merchant.currency))
    found = cohort.buyers_of(map(Bought.of, purchases))

    def is_asked(order: Bought) -> bool:
        return first <= _day(order, merchant) <= last

    return Buyers(
        new=tuple(each for each in found.new if is_asked(each.first)),
        unknown=tuple(filter(is_asked, found.unknown)),
    )


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
        months[_day(buyer.first, merchant).replace(day=1)].append(buyer)
    return dict(sorted(months.items()))


def _day(order: Bought, merchant: Merchant) -> date:
    return calendars.local_day(order.at, merchant.tz)


# ── somebody's, beside others' ───────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Others:
    """Who came otherwise, as far as so many days are known of them."""

    buyers: int
    total: int

    @property
    def worth(self) -> float | None:
        """Of one of them, on average."""
        return self.total / self.buyers if self.buyers else None


@dataclass(frozen=True, kw_only=True)
class Brought:
    """Whom somebody brought, and what one of them was worth since, beside those who came
    otherwise."""

    steps: tuple[Step, ...]
    others: tuple[Others, ...]
    """Beside each step."""


def brought_by_each(buyers: Iterable[Buyer], now: datetime) -> dict[str, Brought]:
    """By influencer, of those who brought anybody."""
    known = [*buyers]
    whole = steps_of(known, now)
    groups = groups_of(known, "influencer")
    groups.pop(OTHERS, None)
    return {who: _brought(steps_of(theirs, now), whole) for who, theirs in groups.items()}


def _brought(theirs: tuple[Step, ...], whole: tuple[Step, ...]) -> Brought:
    others = (
        Others(buyers=all_.buyers - step.buyers, total=all_.total - step.total)
        for step, all_ in zip(theirs, whole, strict=True)
    )
    return Brought(steps=theirs, others=tuple(others))
