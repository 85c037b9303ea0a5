"""What differs between an order as an export has it and as it stands here, in the order's own
currency. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from sharetrail.money import Amount
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import Sale
from sharetrail.reconciliation.export_row import ExportedOrder

Field = Literal["state", "test", "currency", "subtotal", "total", "refunded"]


@dataclass(frozen=True, kw_only=True)
class Difference:
    field: Field
    here: str
    export: str


def differences(exported: ExportedOrder, order: Order, slack: int) -> tuple[Difference, ...]:
    """`slack` is by how many minor units rounding alone may set sums apart. Where the currency
    differs, amounts are not compared."""
    return tuple(_differences(exported, order, slack))


def _differences(exported: ExportedOrder, order: Order, slack: int) -> Iterator[Difference]:
    sale, theirs = order.sale, exported.sale
    if (exported.state == "sold") != (order.cancelled_at is None):
        here = "cancelled" if order.cancelled_at else "sold"
        yield Difference(field="state", here=here, export=exported.status or exported.state)
    if theirs.test and not sale.test:  # what bears no mark may be one all the same
        yield Difference(field="test", here="no", export="yes")
    if theirs.currency != sale.currency:
        yield Difference(field="currency", here=sale.currency, export=theirs.currency)
    elif sale.after_refunds:
        yield from _of_what_is_left(exported, order, slack)
    else:
        yield from _of_amounts(exported, order, slack)


def _of_amounts(exported: ExportedOrder, order: Order, slack: int) -> Iterator[Difference]:
    sale, theirs = order.sale, exported.sale
    ours = subtotal(exported, sale)
    if ours is not None and abs(ours - exported.subtotal) > slack:
        yield _amounts("subtotal", ours, exported.subtotal, sale.currency)
    if "total" not in exported.untold and abs(sale.total - theirs.total) > slack:
        yield _amounts("total", sale.total, theirs.total, sale.currency)
    if not _fits(exported, order.refunded, sale, slack):
        yield _amounts("refunded", order.refunded, exported.refunded or 0, sale.currency)


def subtotal(exported: ExportedOrder, sale: Sale) -> int | None:
    """Our sale's items after discounts as the export writes them: with tax where it does. None
    where we know them without and the export leaves open which it means.
    """
    if exported.sale.tax_included:
        return sale.total - sale.shipping
    is_open = "net" in exported.untold and sale.tax_included and sale.tax
    return None if is_open else sale.net


def _fits(exported: ExportedOrder, taken: int, sale: Sale, slack: int) -> bool:
    """Whether the money that went back can have taken this from net: at most all of it (of an order
    that cost less than its items, its part of these), and at least what is more than the order's
    tax and shipping.
    """
    if (amount := exported.refunded) is None:
        return True
    pro_rata = round(Fraction(amount * sale.net, sale.total)) if sale.total > 0 else 0
    least = min(sale.net, amount - max(0, sale.total - sale.net))
    most = min(sale.net, max(amount, pro_rata))
    return least - slack <= taken and (exported.more_refunds or taken <= most + slack)


def _of_what_is_left(exported: ExportedOrder, order: Order, slack: int) -> Iterator[Difference]:
    """Of an order whose net is told after its refunds, where exports tell it before them."""
    theirs, left = exported.sale, order.sale.net - order.refunded
    taken = theirs.net - left
    if "net" not in exported.untold and taken < -slack:
        yield _amounts("subtotal", left, theirs.net, theirs.currency)
    elif not _fits(exported, taken, theirs, slack):
        yield _amounts("refunded", taken, exported.refunded or 0, theirs.currency)


def _amounts(field: Field, here: int, export: int, currency: str) -> Difference:
    return Difference(field=field, here=Amount(here, currency), export=Amount(export, currency))
