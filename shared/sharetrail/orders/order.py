"""An order's state: a fold over its facts, the same in whatever order they came. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from sharetrail.orders.order_fact import Chargeback, Fact, Refund, Sale


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """An order before it was converted, and by what."""

    currency: str
    net: int
    refunded: int
    rate: str
    rate_day: date


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
    charged_back: int = 0
    """What disputes that the shop did not win took of the rest."""
    apart: tuple[str, ...] = ()
    """Refunds and disputes in another currency than the sale's, by id: they took nothing."""
    cancelled_at: datetime | None = None
    fact_count: int
    """How many facts this is the fold of: they only grow, so the larger count is the newer."""
    original: Original | None = None
    """Where it was converted: what it was before."""

    @property
    def currency(self) -> str:
        return self.sale.currency

    @property
    def counts(self) -> bool:
        """Whether it is a sale to report at all: a test order never is."""
        return not self.sale.test


def fold_facts(facts: Iterable[Fact]) -> Order | None:
    """The order's state; None until a fact says what was bought (a refund may come first)."""
    ordered = sorted(facts, key=lambda fact: (fact.at, fact.sk))
    sales = [fact for fact in ordered if fact.sale and not _is_pending(fact)]
    if not sales:
        return None
    sale = _latest(sales)
    cancelled = _cancelled_at(ordered)
    refunds, chargebacks = _refunds(ordered), _chargebacks(ordered)
    takers: list[Refund | Chargeback] = [*refunds, *chargebacks]
    alone = sum(_share(sale, each) for each in refunds)
    refunded = min(sale.net, alone + _sum_share(sale, ordered))
    disputed = sum(_share(sale, each) for each in chargebacks)
    charged_back = min(sale.net - refunded, disputed)
    gone = cancelled is not None or sale.test
    return Order(
        sale=sale,
        placed_at=min((fact.sale and fact.sale.placed_at) or fact.at for fact in sales),
        net=0 if gone else sale.net - refunded - charged_back,
        refunded=refunded,
        charged_back=charged_back,
        apart=tuple(each.id for each in takers if not _is_in_currency(sale, each)),
        cancelled_at=cancelled,
        fact_count=len(ordered),
    )


def _is_pending(fact: Fact) -> bool:
    return fact.snapshot is not None and fact.snapshot.state == "pending"


def _latest(sales: list[Fact]) -> Sale:
    """The newest snapshot or update, else the order as placed, else as paid: paying moves no
    money.
    """
    updates = [each.sale for each in sales if each.kind in ("updated", "snapshot") and each.sale]
    placed = [fact.sale for fact in sales if fact.kind == "placed" and fact.sale]
    chosen = updates[-1:] or placed or [fact.sale for fact in sales if fact.sale]
    return chosen[0]


def _cancelled_at(facts: list[Fact]) -> datetime | None:
    """When the shop cancelled the order, or the newest snapshot has it neither placed nor paid; a
    newer snapshot that has it again restores it.
    """
    told = [fact.at for fact in facts if fact.kind == "cancelled"]
    newest = next((fact for fact in reversed(facts) if fact.snapshot), None)
    if newest and newest.snapshot:
        is_there = newest.snapshot.state == "placed"
        told = [at for at in told if at > newest.at] if is_there else [*told, newest.at]
    return min(told, default=None)


def _refunds(facts: list[Fact]) -> list[Refund]:
    """Each refund as it was told last. The newest snapshot knows them all, and where its second
    holds several, together they do.
    """
    told: dict[str, Refund] = {}
    for refund in (fact.refund for fact in facts if fact.refund and not fact.refund.sum):
        told[refund.id] = _after(told.get(refund.id), refund)
    snapshots = [fact for fact in facts if fact.snapshot]
    for fact in snapshots:
        if fact.snapshot and fact.at == snapshots[-1].at:
            told |= {refund.id: refund for refund in fact.snapshot.refunds}
    return list(told.values())


def _sum_share(sale: Sale, facts: list[Fact]) -> int:
    """What the newest sum of all refunds took beyond those of its time that were told by
    themselves, be it before or after it. A snapshot knows every refund: beside one no sum counts.
    """
    sums = [(fact.at, fact.refund) for fact in facts if fact.refund and fact.refund.sum]
    if not sums or any(fact.snapshot for fact in facts):
        return 0
    at, whole = sums[-1]
    until = _refunds([fact for fact in facts if fact.at <= at])
    alone = sum(_share(sale, each) for each in until)
    return max(0, _share(sale, whole) - alone)


def _after(before: Refund | None, refund: Refund) -> Refund:
    """A refund as a further telling leaves it: told anew, or less what failed of it since."""
    if not refund.failed:
        return refund
    told = (before.amount if before else None) or 0
    return replace(before or refund, amount=max(0, told - refund.failed))


def _chargebacks(facts: list[Fact]) -> list[Chargeback]:
    """The disputes that were not won, each once: a win may be told before the dispute."""
    told = [fact.chargeback for fact in facts if fact.chargeback]
    won = {each.id for each in told if each.state == "won"}
    return list({each.id: each for each in told if each.id not in won}.values())


def _share(sale: Sale, taker: Refund | Chargeback) -> int:
    """What a refund or a dispute takes from the order's net; never negative."""
    if not _is_in_currency(sale, taker):
        return 0
    if isinstance(taker, Refund) and taker.items is not None:
        return max(0, taker.items - (taker.tax if sale.tax_included else 0))
    return _pro_rata(sale, taker.amount or 0)


def _is_in_currency(sale: Sale, taker: Refund | Chargeback) -> bool:
    """Whether it is in the sale's currency, as it is where nobody says."""
    return taker.currency in (None, sale.currency)


def _pro_rata(sale: Sale, paid: int) -> int:
    """The part of net in a part of what was paid; never negative."""
    if paid <= 0 or sale.total <= 0:
        return 0
    return round(Fraction(paid * sale.net, sale.total))
