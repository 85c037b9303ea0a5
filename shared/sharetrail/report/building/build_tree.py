"""The share tree of whoever recruited most revenue, as a report shows it."""

from collections.abc import Iterator, Mapping

from sharetrail.analysis import share_branches
from sharetrail.analysis.period import Period
from sharetrail.analysis.share_branches import Place
from sharetrail.analysis.share_tree import LinkFigures, leaf_of
from sharetrail.merchants.profile import Merchant
from sharetrail.report.report import ShareNode
from sharetrail.sharing import influencers, links
from sharetrail.sharing.link import Link


def tree_of(merchant: Merchant, period: Period) -> ShareNode | None:
    """Of the links that were followed or credited in the period; None where nothing was credited
    to a link that came by another's."""
    figures = LinkFigures()
    figures.add_day(period.tally)
    for order in period.orders:
        figures.add_order(order.details)
    known = _with_ancestors(period, figures)
    leaves = {code: leaf_of(link) for code, link in known.items()}
    best = share_branches.best_of(leaves, figures)
    if best is None:
        return None
    place = share_branches.grow_below(best, leaves, figures)
    names = influencers.names(merchant.id, {each.influencer for each in _all(place)})
    return _node(place, names, figures, known)


def _with_ancestors(period: Period, figures: LinkFigures) -> dict[str, Link]:
    credited = links.find_all(figures.revenue.keys() - period.links.keys())
    return links.with_ancestors({**period.links, **credited})


def _all(place: Place) -> Iterator[Place]:
    yield place
    for each in place.below:
        yield from _all(each)


def _node(
    place: Place, names: Mapping[str, str], figures: LinkFigures, known: Mapping[str, Link]
) -> ShareNode:
    who, hidden = place.influencer, place.hidden
    return ShareNode(
        id=who,
        name=names.get(who, who),
        revenue=sum(figures.revenue.get(code, 0) for code in place.links),
        clicks=sum(figures.clicks.get(code, 0) for code in place.links),
        below=tuple(_node(each, names, figures, known) for each in place.below),
        others=len({known[code].influencer for code in hidden}),
        others_revenue=sum(figures.revenue.get(code, 0) for code in hidden),
        others_clicks=sum(figures.clicks.get(code, 0) for code in hidden),
    )
