"""A shop's own order export, read: which format it is, its orders, and the rows that are none.

Pure: bytes in, orders out. CSV in UTF-8, separated by commas, as the shop wrote it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed, Problem
from sharetrail.reconciliation import shopify_export, woocommerce_export
from sharetrail.reconciliation.export_row import BadRow, ExportedOrder, Row
from sharetrail.web.http import TooLarge

MAX_BYTES = 4_000_000
"""Lambda takes an event of 6 MB, and a body that is not text travels as base64."""
MAX_ROWS = 100_000
Name = Literal["auto", "shopify", "woocommerce-orders", "woocommerce-analytics"]
AUTO: Name = "auto"


class UnknownExport(Problem):
    """The header is none that we know."""

    status = 422
    title = "The export's format is not known"


@dataclass(frozen=True, kw_only=True)
class Format:
    name: Name
    platform: str
    """Whose webhooks tell the same orders."""
    columns: tuple[str, ...]
    one_of: tuple[str, ...] = ()
    read: Callable[[Iterable[Row], Merchant], Iterator[ExportedOrder | BadRow]]
    most: int
    """Orders in a call, which has 30 seconds. WooCommerce's are snapshots, under keys that nobody
    can name: each has to be queried, where others are read by the hundred."""
    slack: int = 0
    """By how many minor units rounding alone may set the export's sums apart from ours."""
    tells_all: bool = True
    """Whether orders can be made of it, and cancelled ones stand in it."""
    assumed: tuple[str, ...] = ()
    """What the format does not say and we take for granted."""

    def lacks(self, header: list[str]) -> list[str]:
        missing = [name for name in self.columns if name not in header]
        has_one = not self.one_of or any(name in header for name in self.one_of)
        return missing if has_one else [*missing, " or ".join(self.one_of)]


FORMATS = (
    Format(
        name="shopify",
        platform="shopify",
        columns=shopify_export.COLUMNS,
        read=shopify_export.read,
        most=10_000,
        assumed=("test: Shopify's export marks only the orders of its test gateway",),
    ),
    Format(
        name="woocommerce-orders",
        platform="woocommerce",
        columns=woocommerce_export.ORDERS,
        read=woocommerce_export.read_orders,
        most=3_000,
        slack=1,
        assumed=("times: where they have no offset, they are of the shop's zone",),
    ),
    Format(
        name="woocommerce-analytics",
        platform="woocommerce",
        columns=woocommerce_export.ANALYTICS,
        one_of=woocommerce_export.NET_SALES,
        read=woocommerce_export.read_analytics,
        most=3_000,
        slack=1,
        tells_all=False,
        assumed=(
            "currency: the export names none; the shop's own",
            "id: the export has the order's number, which is its id unless a plugin numbers orders",
            "times: where they have no offset, they are of the shop's zone",
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Export:
    format: Format
    orders: tuple[ExportedOrder, ...]
    bad: tuple[BadRow, ...]


def read(body: bytes, name: Name, merchant: Merchant) -> Export:
    """The export's orders, each once. UnknownExport where the header is not the format's, or with
    `auto` none's; Malformed for what is no CSV; TooLarge beyond its format's most.
    """
    rows = _rows(body)
    header = [cell.strip().lower() for cell in next(rows, [])]
    found = _format(header, name)
    told = list(found.read(_by_name(rows, header), merchant))
    if len(told) > found.most:
        raise TooLarge(
            f"A {found.name} export may have {found.most:,} orders at a time: export fewer days."
        )
    orders: dict[str, ExportedOrder] = {}
    bad = [each for each in told if isinstance(each, BadRow)]
    for each in told:
        if isinstance(each, ExportedOrder) and orders.setdefault(each.id, each) is not each:
            why = f"The order stands twice, first in row {orders[each.id].row}."
            bad.append(BadRow(row=each.row, order=each.name, why=why))
    return Export(format=found, orders=tuple(orders.values()), bad=tuple(bad))


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
    asked = [each for each in FORMATS if name in (AUTO, each.name)]
    for each in asked:
        if not each.lacks(header):
            return _unique(each, header)
    missing = {str(each.name): f"lacks {', '.join(each.lacks(header))}"[:300] for each in asked}
    raise UnknownExport(
        "Give the file as the shop exported it, with its header and commas.", errors=missing
    )


def _unique(format_: Format, header: list[str]) -> Format:
    """UnknownExport where a column that we read stands twice."""
    twice = [n for n in (*format_.columns, *format_.one_of) if header.count(n) > 1]
    if twice:
        raise UnknownExport("A column stands twice.", errors={str(format_.name): ", ".join(twice)})
    return format_


def _by_name(rows: Iterator[list[str]], header: list[str]) -> Iterator[Row]:
    """Rows by the header's names, but for empty lines. What a row has too few of is empty."""
    for number, cells in enumerate(rows, 2):
        if number > MAX_ROWS:
            raise TooLarge(f"An export may have {MAX_ROWS:,} rows at a time: export fewer days.")
        if any(cells):
            too_many = any(cells[len(header) :])
            yield Row(number, dict(zip(header, cells, strict=False)), too_many)
