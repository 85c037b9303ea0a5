"""What would bring an order here to what the export says: facts that are added to what the shop
told, as of now, and change none of it. Pure.

Which ones, the fold says: the fewest that leave the fewest differences. So a repair that was made
asks for nothing more, and a newer state that the shop tells later takes its place.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import product

from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact, LineItem, Sale
from sharetrail.reconciliation.difference import Difference, Field, differences
from sharetrail.reconciliation.export_row import ExportedOrder, refunded_in_all, shared_lines
from sharetrail.reconciliation.read_export import Format

_CONTENT: frozenset[Field] = frozenset({"subtotal", "total", "test"})
_DIGEST = 16


@dataclass(frozen=True, kw_only=True)
class Hindrance:
    field: Field
    why: str


@dataclass(frozen=True, kw_only=True)
class Repair:
    facts: tuple[Fact, ...] = ()
    """To be added, in this order."""
    hindrances: tuple[Hindrance, ...] = ()
    """What differs and stays so."""


NONE = Repair()


def plan(format_: Format, exported: ExportedOrder, facts: Sequence[Fact], now: datetime) -> Repair:
    """The repair of an order that is here, of which these are all facts.

    What it adds is of the whole second of `now`: of what the shop tells of that second, all that
    reaches us later is newer.
    """

    def differing(order: Order | None) -> tuple[Difference, ...]:
        return differences(exported, order, format_.slack) if order else ()

    order = fold_facts(facts)
    assert order
    best: tuple[Fact, ...] = ()
    left = differing(order)
    for added in _ways(format_, exported, order, left, {each.sk for each in facts}, now):
        if left and len(then := differing(fold_facts([*facts, *added]))) < len(left):
            best, left = added, then
    return Repair(
        facts=best,
        hindrances=tuple(
            Hindrance(field=each.field, why=_why(format_, exported, order, each.field))
            for each in left
        ),
    )


def _ways(
    format_: Format,
    exported: ExportedOrder,
    order: Order,
    left: Sequence[Difference],
    stored: set[str],
    now: datetime,
) -> Iterator[tuple[Fact, ...]]:
    """What might help, from few facts to many."""
    fields = {each.field for each in left}
    amounts = fields & {*_CONTENT, "refunded"}
    parts: list[list[Fact | None]] = [
        [None, *(_contents(format_, exported, order, now) if amounts else ())],
        [None, *(_sums(exported, now) if amounts else ())],
        [None, *(_turns(exported, now) if "state" in fields else ())],
    ]
    ways = [tuple(fact for fact in way if fact) for way in product(*parts)]
    yield from (
        way for way in sorted(ways, key=len) if way and not stored & {fact.sk for fact in way}
    )


# ── the facts ────────────────────────────────────────────────────────────────────────────────────
def _contents(
    format_: Format, exported: ExportedOrder, order: Order, now: datetime
) -> Iterator[Fact]:
    """The order as it is here, with the export's amounts. It says nothing new of who bought, or of
    shares: exports know less of that."""
    here, theirs = order.sale, exported.sale
    if not format_.tells_all or exported.untold or here.currency != theirs.currency:
        return
    sale = replace(
        here,
        lines=_lines(here, theirs),
        net=theirs.net,
        total=theirs.total,
        discounts=theirs.discounts,
        tax=theirs.tax,
        shipping=theirs.shipping,
        paid_total=_paid_total(here, theirs.total),
        owing=None,
        after_refunds=False,
        test=here.test or theirs.test,
    )
    digest = hashlib.sha256(repr(sale).encode()).hexdigest()[:_DIGEST]
    yield Fact(kind="updated", at=_second(now), received=now, digest=digest, sale=sale)


def _lines(here: Sale, theirs: Sale) -> tuple[LineItem, ...]:
    """Ours, which know the products' ids, unless other things were sold."""
    if theirs.net == here.net:
        return here.lines
    return theirs.lines or shared_lines(here.lines, theirs.net)


def _paid_total(here: Sale, total: int) -> int | None:
    """Of an order that the buyer paid in another currency: at the rate of then."""
    if here.paid_total is None or not here.total:
        return None
    return round(Fraction(here.paid_total * total, here.total))


def _sums(exported: ExportedOrder, now: datetime) -> Iterator[Fact]:
    """All that was refunded until now, be it more than was told or, if the export has all, less."""
    if exported.refunded is not None:
        yield refunded_in_all(
            exported, _second(now), received=now, settles=not exported.more_refunds
        )


def _turns(exported: ExportedOrder, now: datetime) -> Iterator[Fact]:
    """A cancellation is of the shop's own time where that will do: then its webhook, if it comes
    after all, is the same fact."""
    if exported.state == "sold":
        yield Fact(kind="restored", at=_second(now), received=now)
        return
    for at in (exported.cancelled_at, _second(now)):
        if at and at <= now:
            yield Fact(kind="cancelled", at=at, received=now)


def _second(now: datetime) -> datetime:
    return now.replace(microsecond=0)


# ── why not ──────────────────────────────────────────────────────────────────────────────────────
def _why(format_: Format, exported: ExportedOrder, order: Order, field: Field) -> str:
    if exported.sale.currency != order.currency and field != "state":
        return (
            f"It is in {order.currency} here and in {exported.sale.currency} in the export, and an"
            " order's currency never changes."
        )
    if field in _CONTENT and not format_.tells_all:
        return "This export names no total, so the order keeps the amounts it has."
    if field in _CONTENT and "net" in exported.untold:
        return "What the items cost without tax does not follow from the export."
    return "What the shop told of it is of a later time, or the export contradicts itself."
