"""All that was entered of the days: fees, gifts and the like, and where one more is entered."""

from dataclasses import dataclass
from itertools import islice

from sharetrail.costs import costs
from sharetrail.costs.cost import Cost
from sharetrail.report.page import frame
from sharetrail.report.page.spending import cost_words
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import influencers
from sharetrail.sharing.networks import name_of
from sharetrail.web.http import Answer
from sharetrail.words.speech import say
from sharetrail.words.writing import Writing

MOST = 200


@dataclass(frozen=True, kw_only=True)
class CostRow:
    cost: Cost
    words: str
    """What people call it."""
    whom: str
    """What whoever it is for is called; empty of nobody in particular."""
    network: str
    """What the network is called that it is for; empty of none."""


def show(visit: Visit) -> Answer:
    rows = [*islice(rows_of(visit), MOST + 1)]
    span = visit.span
    return frame.render(
        "spending/costs",
        visit,
        say("Costs"),
        here="costs",
        rows=rows[:MOST],
        are_more=len(rows) > MOST,
        span_days=Writing.of(visit.merchant).days(span.first, span.last),
    )


def rows_of(visit: Visit, who: str = "") -> list[CostRow]:
    """Those that stand of the visit's days, newest first, of one person where one is named."""
    merchant, span = visit.merchant, visit.span
    writing = Writing.of(merchant)
    found = [
        each
        for each in costs.standing(merchant.id, span.first, span.last)
        if who in ("", each.influencer)
    ]
    found.sort(key=lambda cost: (cost.first, cost.entered_at, cost.id), reverse=True)
    called = {} if who else influencers.names(merchant.id, {c.influencer for c in found} - {""})
    return [
        CostRow(
            cost=each,
            words=cost_words.named(each, writing),
            whom=called.get(each.influencer, each.influencer),
            network=name_of(each.network) if each.network else "",
        )
        for each in found
    ]
