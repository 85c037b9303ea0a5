"""A shop's own export beside what is here: what is missing, what differs, what has no credit. Pure.

Every comparison is in the order's own currency; nothing is added across currencies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sharetrail.attribution.credit import OrderCredits, OrderHead
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact
from sharetrail.reconciliation import why_uncredited
from sharetrail.reconciliation.difference import Difference, differences
from sharetrail.reconciliation.export_row import ExportedOrder
from sharetrail.reconciliation.read_export import Export
from sharetrail.reconciliation.repair import NONE, Repair, plan
from sharetrail.reconciliation.why_uncredited import Reason


@dataclass(frozen=True, kw_only=True)
class StoredOrder:
    """What is here of an order that the export names."""

    facts: tuple[Fact, ...] = ()
    credits: OrderCredits | None = None

    @cached_property
    def order(self) -> Order | None:
        return fold_facts(self.facts)


@dataclass(frozen=True, kw_only=True)
class Finding:
    exported: ExportedOrder
    order: Order | None = None
    """None for an order that is missing here."""
    differences: tuple[Difference, ...] = ()
    repair: Repair = NONE
    """What would make the differences go away."""
    reason: Reason | None = None
    """Why it has no credit; None where it has, and for what is cancelled: there is none to have."""
    net: int | None
    """Its net revenue: as it stands here; of one that is missing, as it would, where that can be
    told."""
    hindrance: str | None = None
    """Why it could not be loaded, if it cannot."""

    @property
    def currency(self) -> str:
        return (self.order or self.exported).sale.currency

    @property
    def is_cancelled(self) -> bool:
        """Nothing was sold in the end, as far as we know."""
        if self.order:
            return self.order.cancelled_at is not None
        return self.exported.state == "cancelled"


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    findings: tuple[Finding, ...]
    passed_over: tuple[ExportedOrder, ...]
    """Not here, and rightly: nobody has paid or promised to."""
    others: tuple[OrderHead, ...]
    """Here, of the same time, and not in the export."""

    @property
    def missing(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.order is None)


def compare(
    export: Export, stored: Mapping[str, StoredOrder], others: Iterable[OrderHead], now: datetime
) -> Reconciliation:
    """`stored` by the orders' ids; `others` are what is here of the export's time."""
    names = (*(each.sale.name for each in export.orders), *(bad.order for bad in export.bad))
    known = {each.id for each in export.orders} | {_plain(name) for name in names}
    unsold = {e.id: e for e in export.orders if e.state == "unsold" and not stored[e.id].order}
    sold = [each for each in export.orders if each.id not in unsold]
    others = [each for each in others if export.format.tells_all or not each.cancelled]
    return Reconciliation(
        findings=tuple(_find(export, each, stored[each.id], now) for each in sold),
        passed_over=tuple(unsold.values()),
        others=tuple(e for e in others if not {e.order, _plain(e.name)} & known),
    )


def _plain(name: str) -> str:
    return name.removeprefix("#")


def _find(export: Export, exported: ExportedOrder, stored: StoredOrder, now: datetime) -> Finding:
    order = stored.order
    if order is None:
        return Finding(
            exported=exported,
            reason=None if exported.state == "cancelled" else why_uncredited.NO_WEBHOOK,
            net=_net(exported, now),
            hindrance=_hindrance(export, exported, stored, now),
        )
    return Finding(
        exported=exported,
        order=order,
        differences=differences(exported, order, export.format.slack),
        reason=None if order.cancelled_at else why_uncredited.of(stored.credits, now),
        net=order.net,
    )


def plan_repairs(
    export: Export, found: Reconciliation, whole: Mapping[str, StoredOrder], now: datetime
) -> Reconciliation:
    """The same with what would repair the orders of which `whole` is all that is stored: they are
    compared again by that."""

    def planned(finding: Finding) -> Finding:
        exported = finding.exported
        if not (stored := whole.get(exported.id)):
            return finding
        finding = _find(export, exported, stored, now)
        repair = plan(export.format, exported, stored.facts, now) if finding.differences else NONE
        return replace(finding, repair=repair)

    return replace(found, findings=tuple(map(planned, found.findings)))


def _net(exported: ExportedOrder, now: datetime) -> int | None:
    if "net" in exported.untold:
        return None
    if "total" in exported.untold:
        return max(0, exported.sale.net - (exported.refunded or 0))
    order = fold_facts(exported.facts(now))
    return order.net if order else None


def _hindrance(
    export: Export, exported: ExportedOrder, stored: StoredOrder, now: datetime
) -> str | None:
    if not export.format.tells_all:
        return "This export does not tell enough to load an order: it names no total."
    if "net" in exported.untold:
        return "What the items cost without tax does not follow from the export."
    if any(fact.snapshot for fact in stored.facts):
        return "The shop's webhooks told of it, as of an order that nobody has paid."
    return "It would be placed in the future." if exported.placed_at > now else None
