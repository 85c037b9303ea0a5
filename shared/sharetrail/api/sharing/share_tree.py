"""GET /v1/share-tree: a period's share tree as plain JSON values."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail.analysis import share_trees
from sharetrail.analysis.share_tree import Branch, Tree
from sharetrail.api.frame import day_range
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.aws.items import dump
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers

router = Router()
MOST = 100


@router.get("/v1/share-tree")
def show_share_tree(first: day_range.First = None, last: day_range.Last = None) -> dict[str, Any]:
    """Who came by whose link and then shared, too: generations, k-factor, second-order revenue."""
    merchant, now = merchant_of(router), now_of(router)
    first, last = day_range.lately(merchant, first, last, now, day_range.LONGEST)
    tree = share_trees.of_period(merchant, first, last, now)
    top, k_factor = _top(tree), tree.k_factor
    names = influencers.names(merchant.id, {influencer for influencer, _ in top})
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "zone": merchant.zone,
        "currency": merchant.currency,
        "k_factor": {
            "k": k_factor.k,
            **dump(k_factor),
            "invitations_per_sharer": k_factor.per_sharer,
            "conversion": k_factor.conversion,
        },
        "generations": [
            {**dump(each), "revenue": merchant.amount(each.revenue)} for each in tree.generations
        ],
        "influencers": [
            {"influencer": each, "name": names.get(each, each), **branch_json(branch, merchant)}
            for each, branch in top
        ],
    }


def _top(tree: Tree) -> list[tuple[str, Branch]]:
    """Whoever has anything below them, most second-order revenue first."""
    below = [each for each in tree.branches.items() if each[1].recruits or each[1].second_order]
    return sorted(below, key=lambda it: (-it[1].second_order, -it[1].recruits, it[0]))[:MOST]


def branch_json(branch: Branch, merchant: Merchant) -> dict[str, Any]:
    """An influencer's place in the tree; second-order revenue in full."""
    of = branch.k_factor
    return {
        "generation": branch.generation,
        "recruits": branch.recruits,
        "second_order_revenue": merchant.amount(branch.second_order),
        "k_factor": {"k": of.k, "invitations": of.invitations, "conversion": of.conversion},
    }
