"""The share tree of a period, read from projections and links."""

from collections.abc import Mapping
from datetime import date

from sharetrail import calendars
from sharetrail.analysis import share_tree
from sharetrail.analysis.share_tree import LinkFigures, Tree
from sharetrail.calendars import moment
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers, links
from sharetrail.sharing.link import Link


def of_links(
    merchant: Merchant, first: date, last: date, figures: LinkFigures, by_code: Mapping[str, Link]
) -> Tree:
    """The tree of a period's links, of those its orders were credited to, and of all above them."""
    credited = figures.revenue.keys() - by_code.keys()
    known = links.with_ancestors({**by_code, **links.find_all(credited)})
    since = calendars.start_of(first, merchant.tz)
    until = calendars.start_of(last + calendars.DAY, merchant.tz)
    # Whose oldest link here is no recruit's need not be looked up.
    likely = share_tree.recruiters(known, {}, since, until)
    profiles = influencers.profiles(merchant.id, likely, "created_at")
    first_known = {each: moment(item["created_at"]) for each, item in profiles.items()}
    recruited = share_tree.recruiters(known, first_known, since, until)
    return share_tree.grow(known, figures, recruited)
