"""The share tree of a period, read from projections and links."""

from collections.abc import Iterable
from datetime import datetime

from sharetrail import calendars
from sharetrail.analysis import share_tree
from sharetrail.analysis.period import Period
from sharetrail.analysis.share_tree import Tree
from sharetrail.aws.tables import INFLUENCERS
from sharetrail.calendars import moment
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import links
from sharetrail.totals.tally import valid_clicks


def of_period(period: Period, merchant: Merchant) -> Tree:
    """The tree of a period's links, of those its orders were credited to, and of all above them."""
    clicks = {code: valid_clicks(counts) for code, counts in period.tally.links.items()}
    lines = [line for order in period.orders for line in order.by("linear")]
    credited = {line.link for line in lines} - period.links.keys()
    known = links.with_ancestors(period.links | links.find_all(credited))
    since = calendars.start_of(period.first, merchant.tz)
    until = calendars.start_of(period.last + calendars.DAY, merchant.tz)
    # Whose oldest link here is no recruit's need not be looked up.
    likely = share_tree.recruiters(known, {}, since, until)
    recruited = share_tree.recruiters(known, _first_known(merchant.id, likely), since, until)
    return share_tree.grow(known, clicks, lines, recruited)


def _first_known(merchant_id: str, ids: Iterable[str]) -> dict[str, datetime]:
    """When the merchant first knew each influencer."""
    keys = [{"pk": merchant_id, "sk": each} for each in ids]
    found = INFLUENCERS.get_all(keys, only=("sk", "created_at"))
    return {item["sk"]: moment(item["created_at"]) for item in found}
