"""The share tree of a period, read from projections and links."""

from collections.abc import Mapping
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.analysis import share_tree
from sharetrail.analysis.share_tree import Leaf, LinkFigures, Tree, leaf_of
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.calendars import moment
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers, links
from sharetrail.totals import local_days


def of_period(merchant: Merchant, first: date, last: date, now: datetime) -> Tree:
    """Of the links that were followed on these local days, of those that their orders were credited
    to, and of all above them."""
    figures = LinkFigures()
    for _, tally in local_days.walk(merchant, first, last, now):
        figures.add_day(tally)
    for order in credits.between(OrderFigures, merchant.id, first, last):
        if order.counts and order.currency == merchant.currency:
            figures.add_order(order.details)
    known = links.with_ancestors(links.find_all(figures.clicks.keys() | figures.revenue.keys()))
    leaves = {code: leaf_of(link) for code, link in known.items()}
    return of_leaves(merchant, first, last, figures, leaves)


def of_leaves(
    merchant: Merchant, first: date, last: date, figures: LinkFigures, leaves: Mapping[str, Leaf]
) -> Tree:
    """The tree of a period's links; `leaves` hold all above them."""
    since = calendars.start_of(first, merchant.tz)
    until = calendars.start_of(last + calendars.DAY, merchant.tz)
    came_by = {
        **_came_before(merchant, leaves, since, until),
        # Whichever links were followed: what a first link said of itself is a fact, which another
        # period tells in the same way.
        **influencers.recruits(merchant.id, since, until),
    }
    others = links.with_ancestors(links.find_all({*came_by.values()} - leaves.keys()))
    leaves = {**leaves, **{code: leaf_of(link) for code, link in others.items()}}
    known = {who: code for who, code in came_by.items() if code in leaves}
    return share_tree.grow(leaves, figures, known)


def _came_before(
    merchant: Merchant, leaves: Mapping[str, Leaf], since: datetime, until: datetime
) -> dict[str, str]:
    """Of those of before 2026-12, of whom nobody said which link was their first."""
    # Whose oldest link here is no recruit's need not be looked up.
    likely = share_tree.recruiters(leaves, {}, since, until)
    profiles = influencers.profiles(merchant.id, likely, "created_at", "first_link")
    first_known = {each: moment(item["created_at"]) for each, item in profiles.items()}
    recruited = share_tree.recruiters(leaves, first_known, since, until)
    told = {each for each, item in profiles.items() if "first_link" in item}
    return {who: by for who, by in recruited.items() if who not in told}
