"""GET /v1/share-tree: a period's share tree."""

from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.analysis import share_trees
from sharetrail.analysis.share_tree import Branch, Generation, KFactor, Tree
from sharetrail.api.frame import day_range
from sharetrail.api.frame.answers import Currency, Days, Money, described, money
from sharetrail.api.frame.csv_table import tabled
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers

router = Router()
MOST = 100


@described
class KFactorAnswer(TypedDict):
    k: float | None
    """New sharers a sharer; `null` where nobody shared."""
    sharers: int
    invitations: int
    """People's clicks on links."""
    recruits: int
    """Who came by another's link and then shared, too."""
    invitations_per_sharer: float | None
    recruits_per_invitation: float | None


@described
class GenerationAnswer(TypedDict):
    generation: int
    """So many shares below a link that nobody's link led to."""
    link_count: int
    sharers: int
    clicks: int
    revenue: Money
    """Credited by the linear model."""


@described
class BranchAnswer(TypedDict):
    """An influencer's place in the tree."""

    generation: int
    recruits: int
    second_order_revenue: Money
    """Of others' links directly below theirs, in full."""
    k_factor: KFactorAnswer


class _Person(TypedDict):
    influencer: str
    name: str


@described
class TreePlace(_Person, BranchAnswer):
    pass


@tabled(lambda told: (TreePlace, told["influencers"]))
@described
class ShareTree(Days):
    zone: str
    currency: Currency
    k_factor: KFactorAnswer
    generations: list[GenerationAnswer]
    influencers: list[TreePlace]
    """Whoever has anything below them, most second-order revenue first."""


@router.get("/v1/share-tree")
def show_share_tree(first: day_range.First = None, last: day_range.Last = None) -> ShareTree:
    """Who came by whose link and then shared, too: generations, k-factor, second-order revenue."""
    merchant, now = merchant_of(router), now_of(router)
    first, last = day_range.lately(merchant, first, last, now, day_range.LONGEST)
    tree = share_trees.of_period(merchant, first, last, now)
    top = _top(tree)
    names = influencers.names(merchant.id, {influencer for influencer, _ in top})
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "zone": merchant.zone,
        "currency": merchant.currency,
        "k_factor": _k_factor(tree.k_factor),
        "generations": [_generation(each, merchant) for each in tree.generations],
        "influencers": [
            {**branch_answer(branch, merchant), "influencer": each, "name": names.get(each, each)}
            for each, branch in top
        ],
    }


def _top(tree: Tree) -> list[tuple[str, Branch]]:
    """Whoever has anything below them, most second-order revenue first."""
    below = [each for each in tree.branches.items() if each[1].recruits or each[1].second_order]
    return sorted(below, key=lambda it: (-it[1].second_order, -it[1].recruits, it[0]))[:MOST]


def _generation(of: Generation, merchant: Merchant) -> GenerationAnswer:
    return {
        "generation": of.generation,
        "link_count": of.links,
        "sharers": of.sharers,
        "clicks": of.clicks,
        "revenue": money(merchant.amount(of.revenue)),
    }


def branch_answer(branch: Branch, merchant: Merchant) -> BranchAnswer:
    return {
        "generation": branch.generation,
        "recruits": branch.recruits,
        "second_order_revenue": money(merchant.amount(branch.second_order)),
        "k_factor": _k_factor(branch.k_factor),
    }


def _k_factor(of: KFactor) -> KFactorAnswer:
    return {
        "k": of.k,
        "sharers": of.sharers,
        "invitations": of.invitations,
        "recruits": of.recruits,
        "invitations_per_sharer": of.per_sharer,
        "recruits_per_invitation": of.conversion,
    }
