"""GET /v1/share-tree: a period's share tree, read from projections and links, and shown."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sharetrail import (
    calendars,
    influencers,
    links,
    money,
    performance,
    periods,
    share_tree,
    tallies,
)
from sharetrail.items import moment
from sharetrail.merchants import Merchant
from sharetrail.performance import Period
from sharetrail.share_tree import Branch, KFactor, Tree
from sharetrail.tables import INFLUENCERS

MOST = 100


def of_period(period: Period, merchant: Merchant) -> Tree:
    """The tree of a period's links, of those its orders were credited to, and of all above them."""
    clicks = {code: tallies.valid(counts) for code, counts in period.tally.links.items()}
    lines = [line for order in period.orders for line in order.by("linear")]
    credited = {line.link for line in lines} - period.links.keys()
    known = links.with_ancestors(period.links | links.find_all(credited))
    since = calendars.start_of(period.first, merchant.tz)
    until = calendars.start_of(period.last + calendars.DAY, merchant.tz)
    # Whose oldest link here is no recruit's need not be looked up.
    likely = share_tree.recruiters(known, {}, since, until)
    recruited = share_tree.recruiters(known, _met(merchant.id, likely), since, until)
    return share_tree.grow(known, clicks, lines, recruited)


def _met(merchant_id: str, ids: Iterable[str]) -> dict[str, datetime]:
    """When the merchant first knew each influencer."""
    keys = [{"pk": merchant_id, "sk": each} for each in ids]
    found = INFLUENCERS.get_all(keys, only=("sk", "created_at"))
    return {item["sk"]: moment(item["created_at"]) for item in found}


def answer(
    merchant: Merchant, first: date | None, last: date | None, now: datetime
) -> dict[str, Any]:
    """Generations, the k-factor, and whose friends' links earned most, of the local days asked."""
    first, last = periods.asked(merchant, first, last, now)
    tree = of_period(performance.gather(merchant, first, last, now), merchant)
    top = _top(tree)
    names = influencers.names(merchant.id, {influencer for influencer, _ in top})
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "zone": merchant.zone,
        "currency": merchant.currency,
        "k_factor": k_factor(tree.k_factor),
        "generations": [
            {
                "generation": each.number,
                "links": each.links,
                "sharers": each.sharers,
                "clicks": each.clicks,
                "revenue": money.decimal_text(each.revenue, merchant.currency),
            }
            for each in tree.generations
        ],
        "influencers": [
            {"influencer": each, "name": names.get(each, each), **shown(branch, merchant)}
            for each, branch in top
        ],
    }


def _top(tree: Tree) -> list[tuple[str, Branch]]:
    """Whoever has anything below them, most second-order revenue first."""
    below = [each for each in tree.branches.items() if each[1].recruits or each[1].second_order]
    return sorted(below, key=lambda it: (-it[1].second_order, -it[1].recruits, it[0]))[:MOST]


def k_factor(of: KFactor) -> dict[str, Any]:
    """The k-factor with its parts; None where there is nothing to divide by."""
    return {
        "k": of.k,
        "sharers": of.sharers,
        "invitations": of.invitations,
        "recruits": of.recruits,
        "invitations_per_sharer": of.per_sharer,
        "conversion": of.conversion,
    }


def shown(branch: Branch, merchant: Merchant) -> dict[str, Any]:
    """An influencer's place in the tree; second-order revenue in full."""
    of = branch.k_factor
    return {
        "generation": branch.generation,
        "recruits": branch.recruits,
        "second_order_revenue": money.decimal_text(branch.second_order, merchant.currency),
        "k_factor": {"k": of.k, "invitations": of.invitations, "conversion": of.conversion},
    }
