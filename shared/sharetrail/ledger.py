"""An order's state: a fold over its facts, the same in whatever order they came. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from sharetrail.orders import Fact, LineItem, Refund, Sale


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an order comes to now. Amounts in minor units of `currency`."""

    sale: Sale
    placed_at: datetime
    net: int
    """Net revenue: items after discounts, without tax and shipping, minus refunded items; 0 for a
    cancelled or a test order; never below 0."""
    refunded: int
    """What refunds took from net."""
    cancelled_at: datetime | None = None
    facts: int
    """How many facts this is the fold of: they only grow, so the larger count is the newer."""
    lines: tuple[LineItem, ...] = field(default=())
    """The sale's lines; `line_nets` says what each has left."""

    @property
    def currency(self) -> str:
        return self.sale.currency

    @property
    def counts(self) -> bool:
        """Whether it is a sale to report at all: a test order never is."""
        return not self.sale.test


def fold(facts: Iterable[Fact]) -> Order | None:
    """The order's state; None until a fact says what was bought (a refund may come first)."""
    known = sorted(facts, key=lambda fact: (fact.at, fact.sk))
    sales = [fact for fact in known if fact.sale]
    if not sales:
        return None
    sale = _latest(sales)
    cancelled = [fact.at for fact in known if fact.kind == "cancelled"]
    refunds = [fact.refund for fact in known if fact.refund]
    refunded = min(sale.net, sum(_taken(sale, refund) for refund in refunds))
    gone = bool(cancelled) or sale.test
    return Order(
        sale=sale,
        placed_at=min(fact.at for fact in sales),
        net=0 if gone else sale.net - refunded,
        refunded=refunded,
        cancelled_at=min(cancelled, default=None),
        facts=len(known),
        lines=sale.lines,
    )


def _latest(sales: list[Fact]) -> Sale:
    """The newest update, else the order as placed, else as paid: paying moves no money."""
    updates = [fact.sale for fact in sales if fact.kind == "updated" and fact.sale]
    placed = [fact.sale for fact in sales if fact.kind == "placed" and fact.sale]
    chosen = updates[-1:] or placed or [fact.sale for fact in sales if fact.sale]
    return chosen[0]


def _taken(sale: Sale, refund: Refund) -> int:
    """What a refund takes from the order's net; never negative."""
    if refund.items is not None:
        return max(0, refund.items - (refund.tax if sale.tax_included else 0))
    if not refund.amount or sale.total <= 0:
        return 0
    return max(0, round(Fraction(refund.amount * sale.net, sale.total)))
