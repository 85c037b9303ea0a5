"""Shopify's order export: a row a line item, and what is the order's on its first row alone.

Columns as of 2026: Name, Email, Financial Status, …, Currency, Subtotal, Shipping, Taxes, Total,
Discount Code, …, Created at, Lineitem quantity, Lineitem name, Lineitem price, …, Note Attributes,
Cancelled at, Payment Method, …, Refunded Amount, …, Id, …, Tax 1 Name, Tax 1 Value, …, Duties.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.problems import Problem
from sharetrail.reconciliation.export_row import (
    MAX_NAME,
    BadRow,
    ExportedOrder,
    Row,
    Unreadable,
    shared_lines,
)

COLUMNS = (
    "name",
    "financial status",
    "currency",
    "subtotal",
    "shipping",
    "taxes",
    "total",
    "created at",
    "lineitem quantity",
    "lineitem name",
    "lineitem price",
    "cancelled at",
    "refunded amount",
    "id",
)
_ID = re.compile(r"\d{1,30}", re.ASCII)
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?) ?%", re.ASCII)
_ATTRIBUTE = re.compile(r"^(sharetrail|sharetrail_visit): ?(.*)$", re.MULTILINE)
_TEST_GATEWAY = "bogus"
"""Shopify's gateway for trying out. Orders paid by a real one in test mode look like any other."""


def read(rows: Iterable[Row], _merchant: Merchant) -> Iterator[ExportedOrder | BadRow]:
    for rows_of_one in _grouped(rows):
        first, *_ = rows_of_one
        try:
            yield _order(rows_of_one)
        except Problem as problem:
            name = (first.text("name") or first.text("id"))[:MAX_NAME]
            yield BadRow(row=first.number, order=name, why=problem.detail)


def _grouped(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each order. A further row names neither id nor total, and its order or none."""
    found: list[Row] = []
    for row in rows:
        is_further = not row.text("id") and not row.text("total")
        if found and is_further and row.text("name") in ("", found[0].text("name")):
            found.append(row)
            continue
        if found:
            yield found
        found = [row]
    if found:
        yield found


def _order(rows: list[Row]) -> ExportedOrder:
    first, *_ = rows
    if not _ID.fullmatch(order_id := first.required("id")):
        raise Unreadable(
            f"'id' is {order_id[:40]!r}, no order id of Shopify's: give the file as it was "
            "exported, not as a spreadsheet saved it."
        )
    currency = first.currency("currency")
    subtotal, tax = first.positive("subtotal", currency), first.positive("taxes", currency)
    included = _carries_tax(first, currency)
    net = subtotal if included is False else _without_tax(rows, currency)
    lines = [_line(row, currency) for row in rows if row.text("lineitem name")]
    said = dict(_ATTRIBUTE.findall(first.text("note attributes").replace("\r", "")))
    cancelled = bool(first.text("cancelled at"))
    return ExportedOrder(
        row=first.number,
        id=order_id,
        name=first.required("name")[:MAX_NAME],
        placed_at=first.time("created at"),
        state="cancelled" if cancelled else "sold",
        status=first.text("financial status")[:MAX_NAME],
        cancelled_at=first.time("cancelled at") if cancelled else None,
        test=True if first.text("payment method").lower() == _TEST_GATEWAY else None,
        currency=currency,
        subtotal=subtotal,
        net=net if included is not None else None,
        total=first.positive("total", currency),
        tax=tax,
        shipping=first.positive("shipping", currency),
        discounts=max(0, sum(gross for *_, gross in lines) - subtotal),
        tax_included=bool(included),
        refunded=first.positive("refunded amount", currency),
        lines=shared_lines(lines, net),
        trail=said.get("sharetrail", "")[: sale_fields.MAX_TRAIL].strip() or None,
        visit=said.get("sharetrail_visit", "")[: sale_fields.MAX_TRAIL].strip() or None,
        codes=sale_fields.codes(code.strip() for code in first.text("discount code").split(",")),
        email=first.text("email") or None,
    )


def _line(row: Row, currency: str) -> tuple[str, str, int, int]:
    """The export names no product's id: its SKU, or its title."""
    title, quantity = row.required("lineitem name"), row.quantity("lineitem quantity")
    gross = row.positive("lineitem price", currency) * quantity
    return row.text("lineitem sku") or title, title, quantity, gross


# ── tax ──────────────────────────────────────────────────────────────────────────────────────────
def _carries_tax(row: Row, currency: str) -> bool | None:
    """Whether Subtotal and Shipping carry the taxes, which no column says and the sum does; None
    where it does neither way (a tip, a gift card, an edited order).
    """
    parts = ("subtotal", "shipping", "duties")
    without = sum(row.amount(column, currency) for column in parts)
    tax, total = row.amount("taxes", currency), row.amount("total", currency)
    if total == without + tax or tax == 0:
        return False
    return True if total == without else None


def _without_tax(rows: list[Row], currency: str) -> int | None:
    """The net of prices that carry tax. Taxes are the items' and the shipping's together: they are
    told apart only where nothing was shipped, or where the one rate that the export names makes up
    Taxes to the cent a line, over both or over the items alone. None otherwise.
    """
    first, *_ = rows
    subtotal, shipping = first.amount("subtotal", currency), first.amount("shipping", currency)
    tax = first.amount("taxes", currency)
    if shipping == 0:
        return max(0, subtotal - tax)
    rate = _RATE.search(first.text("tax 1 name"))
    if rate is None or first.text("tax 2 name"):
        return None
    percent = Fraction(Decimal(rate[1].replace(",", ".")))
    of_items = subtotal * percent / (100 + percent)
    of_both = (subtotal + shipping) * percent / (100 + percent)
    off, item_tax = min((abs(tax - of_both), round(of_items)), (abs(tax - of_items), tax))
    return max(0, subtotal - item_tax) if off <= len(rows) + 1 else None
