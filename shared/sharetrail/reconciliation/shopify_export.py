"""Shopify's order export: a row a line item, and what is the order's on its first row alone.

Columns as of 2026: Name, Email, Financial Status, …, Currency, Subtotal, Shipping, Taxes, Total,
Discount Code, …, Created at, Lineitem quantity, Lineitem name, Lineitem price, …, Shipping
Address1, Shipping Address2, …, Shipping City, Shipping Zip, …, Shipping Country, …, Note
Attributes, Cancelled at, Payment Method, …, Refunded Amount, …, Id, …, Tax 1 Name, Tax 1 Value, …,
Duties.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import LineItem, Sale
from sharetrail.reconciliation.export_row import ExportedOrder, Row, shared_lines

COLUMNS = (
    "name,financial status,currency,subtotal,shipping,taxes,total,created at,lineitem quantity,"
    "lineitem name,lineitem price,cancelled at,refunded amount,id"
)
_NO_ID = (
    "no order id of Shopify's: give the file as it was exported, not as a spreadsheet saved it."
)
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?) ?%", re.ASCII)
_ATTRIBUTE = re.compile(r"^(sharetrail|sharetrail_visit): ?(.*)\r?$", re.MULTILINE)
_TEST_GATEWAY = "bogus"
"""Shopify's gateway for trying out. Orders paid by a real one in test mode look like any other."""


def group(rows: Iterable[Row]) -> Iterable[tuple[str, list[Row]]]:
    """The rows of each order, wherever they stand: a file may have been sorted by product. A
    further row names neither id nor total, and its order, or none where it stands behind it."""
    orders: list[list[Row]] = []
    further: list[Row] = []
    for row in rows:
        name, is_first = row.text("name"), bool(row.text("id") or row.text("total"))
        if not is_first and name and not (orders and name == orders[-1][0].text("name")):
            further.append(row)
        elif is_first or not orders:
            orders.append([row])
        else:
            orders[-1].append(row)
    named, alone = {each[0].text("name"): each for each in reversed(orders)}, dict[str, list[Row]]()
    for row in further:
        name = row.text("name")
        (named.get(name) or alone.setdefault(name, [])).append(row)
    found = (*orders, *alone.values())
    return [(each[0].text("name") or each[0].text("id"), each) for each in found]


def order(_name: str, rows: list[Row], _merchant: Merchant) -> ExportedOrder:
    first, *_ = rows
    order_id = first.digits("id", 30, otherwise=_NO_ID)
    currency = first.currency("currency")
    subtotal, tax = first.positive("subtotal", currency), first.positive("taxes", currency)
    included = _carries_tax(first, currency)
    net = subtotal if included is False else _without_tax(rows, currency) if included else None
    lines = [_line(row, currency) for row in rows if row.text("lineitem name")]
    said = _said(first.text("note attributes"))
    cancelled = bool(first.text("cancelled at"))
    return ExportedOrder(
        row=first.number,
        id=order_id,
        placed_at=first.time("created at"),
        state="cancelled" if cancelled else "sold",
        status=first.text("financial status")[: sale_fields.MAX_NAME],
        cancelled_at=first.time("cancelled at") if cancelled else None,
        sale=Sale(
            name=first.required("name")[: sale_fields.MAX_NAME],
            currency=currency,
            lines=shared_lines(lines, net or 0),
            net=net or 0,
            total=first.positive("total", currency),
            discounts=max(0, sum(line.net for line in lines) - subtotal),
            tax=tax,
            shipping=first.positive("shipping", currency),
            tax_included=bool(included),
            trail=said.get("sharetrail"),
            visit=said.get("sharetrail_visit"),
            codes=sale_fields.codes(map(str.strip, first.text("discount code").split(","))),
            paid_at=first.time_if_told("paid at"),
            fulfilled_at=_fulfilled_at(first),
            test=first.text("payment method").lower() == _TEST_GATEWAY,
        ),
        untold=("net",) if net is None else (),
        subtotal=subtotal,
        refunded=first.positive("refunded amount", currency),
        email=first.text("email") or None,
        address=_house(first),
    )


def _house(row: Row) -> DeliveryAddress:
    return DeliveryAddress(
        lines=(row.text("shipping address1"), row.text("shipping address2")),
        postcode=row.text("shipping zip"),
        city=row.text("shipping city"),
        country=row.text("shipping country"),
    )


def _said(attributes: str) -> dict[str, str | None]:
    """What the script wrote. An attribute is a line, and so may be a part of another's value, which
    a buyer typed: what stands there twice, and not alike, nobody said."""
    lines = [(name, value.strip()) for name, value in _ATTRIBUTE.findall(attributes)]
    said = {name: {value for each, value in lines if each == name} for name, _ in lines}
    return {
        name: sale_fields.script_value(*values) if len(values) == 1 else None
        for name, values in said.items()
    }


def _fulfilled_at(row: Row) -> datetime | None:
    is_whole = row.text("fulfillment status").lower() == "fulfilled"
    return row.time_if_told("fulfilled at") if is_whole else None


def _line(row: Row, currency: str) -> LineItem:
    """The export names no product's id: its SKU, or its title."""
    title = row.required("lineitem name")
    quantity = int(row.digits("lineitem quantity", 6, otherwise="no number of items."))
    price = row.positive("lineitem price", currency) * quantity
    return sale_fields.line_item(row.text("lineitem sku") or title, title, quantity, price)


# ── tax ──────────────────────────────────────────────────────────────────────────────────────────
def _carries_tax(row: Row, currency: str) -> bool | None:
    """Whether Subtotal and Shipping carry the taxes, which no column says and the sum does; None
    where it does neither way (a tip, a gift card, an edited order).
    """
    without = sum(row.amount(column, currency) for column in ("subtotal", "shipping", "duties"))
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
