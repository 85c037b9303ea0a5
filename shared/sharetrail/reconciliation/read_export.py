"""A shop's own order export, read: which format it is, its orders, and the rows that are none.

Pure: bytes in, orders out. CSV in UTF-8, separated by commas, as the shop wrote it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import OrderRef
from sharetrail.problems import Malformed, Problem
from sharetrail.reconciliation import shopify_export, standard_export, woocommerce_export
from sharetrail.reconciliation.export_row import BadRow, ExportedOrder, Row
from sharetrail.web.http import TooLarge

MAX_BYTES = 4_000_000
"""Lambda takes an event of 6 MB, and a body that is not text travels as base64."""
MAX_ROWS = 100_000
Name = Literal["auto", "shopify", "woocommerce-orders", "woocommerce-analytics", "standard"]


class UnknownExport(Problem):
    """The header is none that we know."""

    status = 422
    title = "The export's format is not known"


@dataclass(frozen=True, kw_only=True)
class Format:
    name: Name
    platform: str
    """Whose webhooks tell the same orders."""
    columns: str
    """What its header has among others: `a,b or c` where either b or c will do."""
    group: Callable[[Iterable[Row]], Iterable[tuple[str, list[Row]]]]
    """The rows of each order, by its name."""
    order: Callable[[str, list[Row], Merchant], ExportedOrder | None]
    """An order of its name and rows; None where they are none of this export's."""
    at_once: int
    """Orders that are compared while the sender waits, 30 seconds at most. WooCommerce's are
    snapshots, under keys that nobody can name: each has to be queried, where others are read by
    the hundred."""
    slack: int = 0
    """By how many minor units rounding alone may set the export's sums apart from ours."""
    tells_all: bool = True
    """Whether orders can be made of it, and cancelled ones stand in it."""
    by_payment: bool = False
    """Whether its times, and so its days, are those of payment: what nobody paid is not in it."""
    assumed: tuple[str, ...] = ()
    """What the format does not say and we take for granted."""

    def lacks(self, header: list[str]) -> list[str]:
        return [each for each in self.columns.split(",") if not {*each.split(" or ")} & {*header}]


_LOCAL_TIMES = "times: where they have no offset, they are of the shop's zone"
_WOOCOMMERCE = partial(Format, platform="woocommerce", at_once=3_000, slack=1)
FORMATS = (
    Format(
        name="shopify",
        platform="shopify",
        columns=shopify_export.COLUMNS,
        group=shopify_export.group,
        order=shopify_export.order,
        at_once=10_000,
        assumed=("test: Shopify's export marks only the orders of its test gateway",),
    ),
    _WOOCOMMERCE(
        name="woocommerce-orders",
        columns=woocommerce_export.ORDERS,
        group=woocommerce_export.group_orders,
        order=woocommerce_export.of_orders,
        assumed=(_LOCAL_TIMES,),
    ),
    _WOOCOMMERCE(
        name="woocommerce-analytics",
        columns=woocommerce_export.ANALYTICS,
        group=woocommerce_export.group_analytics,
        order=woocommerce_export.of_analytics,
        tells_all=False,
        by_payment=True,
        assumed=(
            "currency: the export names none; the shop's own",
            "id: the export has the order's number, which is its id unless a plugin numbers orders",
            "times: of payment, as Analytics has them unless its settings name another date",
            _LOCAL_TIMES,
        ),
    ),
    Format(
        name="standard",
        platform="standard",
        columns=standard_export.COLUMNS,
        group=standard_export.group,
        order=standard_export.order,
        at_once=10_000,
        assumed=(_LOCAL_TIMES,),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Export:
    merchant: Merchant
    format: Format
    orders: tuple[ExportedOrder, ...]
    bad: tuple[BadRow, ...]

    @property
    def is_big(self) -> bool:
        """Whether comparing it takes longer than its sender can wait."""
        return len(self.orders) > self.format.at_once

    def ref(self, order: ExportedOrder) -> OrderRef:
        return OrderRef(merchant=self.merchant.id, platform=self.format.platform, id=order.id)


def read(body: bytes, name: Name, merchant: Merchant) -> Export:
    """The export's orders, each once. UnknownExport where the header is not the format's, or with
    `auto` none's; Malformed for what is no CSV; TooLarge beyond MAX_ROWS.
    """
    rows = _rows(body)
    header = [cell.strip().lower() for cell in next(rows, [])]
    found = _format(header, name)
    told = list(_orders(found, _by_name(rows, header), merchant))
    orders: dict[str, ExportedOrder] = {}
    bad = [each for each in told if isinstance(each, BadRow)]
    for each in told:
        if isinstance(each, ExportedOrder) and orders.setdefault(each.id, each) is not each:
            why = f"The order stands twice, first in row {orders[each.id].row}."
            bad.append(BadRow(row=each.row, order=each.sale.name, why=why))
    return Export(merchant=merchant, format=found, orders=tuple(orders.values()), bad=tuple(bad))


def _rows(body: bytes) -> Iterator[list[str]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("The export is not text in UTF-8.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise Malformed(f"The export is no CSV: line {reader.line_num}, {error}.") from error


def _format(header: list[str], name: Name) -> Format:
    asked = [each for each in FORMATS if name in ("auto", each.name)]
    missing: dict[str, str] = {}
    for each in asked:
        if not (lacking := each.lacks(header)):
            return _unique(each, header)
        missing[each.name] = f"lacks {', '.join(lacking)}"[:300]
    raise UnknownExport(
        "Give the file as the shop exported it, with its header and commas.", errors=missing
    )


def _unique(format_: Format, header: list[str]) -> Format:
    """UnknownExport where a column that we read stands twice."""
    names = [name for each in format_.columns.split(",") for name in each.split(" or ")]
    if twice := [name for name in names if header.count(name) > 1]:
        raise UnknownExport("A column stands twice.", errors={format_.name: ", ".join(twice)})
    return format_


def _by_name(rows: Iterator[list[str]], header: list[str]) -> Iterator[Row]:
    """Rows by the header's names, but for empty lines. What a row has too few of is empty."""
    for number, cells in enumerate(rows, 2):
        if number > MAX_ROWS:
            raise TooLarge(f"An export may have {MAX_ROWS:,} rows at a time: export fewer days.")
        if any(cells):
            yield Row(number, dict(zip(header, cells, strict=False)), any(cells[len(header) :]))


def _orders(
    format_: Format, rows: Iterable[Row], merchant: Merchant
) -> Iterator[ExportedOrder | BadRow]:
    for name, rows_of_one in format_.group(rows):
        try:
            if order := format_.order(name, rows_of_one, merchant):
                yield order
        except Problem as problem:
            first, *_ = rows_of_one
            yield BadRow(row=first.number, order=name[: sale_fields.MAX_NAME], why=problem.detail)
