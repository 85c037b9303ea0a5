"""What somebody cost, what came back, and what the buyers whom they brought were worth since: as
their page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sharetrail.attribution.credit import OrderFigures
from sharetrail.costs import returns
from sharetrail.costs.spend import Return
from sharetrail.report.page.spending import buyer_words, cost_words, costs_page
from sharetrail.report.page.spending.buyer_words import BuyerWords
from sharetrail.report.page.spending.cost_words import CostWords
from sharetrail.report.page.spending.costs_page import CostRow
from sharetrail.report.page.visit import Visit
from sharetrail.words.writing import Writing


@dataclass(frozen=True, kw_only=True)
class PersonCosts:
    sums: Return
    words: CostWords
    entered: list[CostRow]
    buyers: BuyerWords | None

    @property
    def is_known(self) -> bool:
        return bool(self.sums.spend.total or self.sums.untold)


def of_person(visit: Visit, who: str, orders: Iterable[OrderFigures]) -> PersonCosts:
    """`orders` are those of the visit's days."""
    span = visit.span
    days = (visit.merchant, span.first, span.last)
    sums = returns.known_of_days("influencer", *days, orders, visit.now).groups[who]
    return PersonCosts(
        sums=sums,
        words=cost_words.words_of(sums, Writing.of(visit.merchant)),
        entered=costs_page.rows_of(visit, who),
        buyers=buyer_words.of_person(visit, who),
    )
