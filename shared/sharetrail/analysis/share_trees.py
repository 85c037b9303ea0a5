"""The share tree of a period, read from projections and links."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sharetrail import calendars
from sharetrail.analysis import share_tree
from sharetrail.analysis.share_tree import LinkFigures, Tree
from sharetrail.aws.tables import INFLUENCERS
from sharetrail.calendars import moment
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
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
    recruited = share_tree.recruiters(known, _first_known(merchant.id, likely), since, until)
    return share_tree.grow(known, figures, recruited)


def _first_known(merchant_id: str, ids: Iterable[str]) -> dict[str, datetime]:
    """When the merchant first knew each influencer."""
    keys = [{"pk": merchant_id, "sk": each} for each in ids]
    found = INFLUENCERS.get_all(keys, only=("sk", "created_at"))
    return {item["sk"]: moment(item["created_at"]) for item in found}
