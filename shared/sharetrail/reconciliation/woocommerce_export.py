"""WooCommerce's order exports: Analytics → Orders, and the plugin Order Export & Order Import.

Analytics (core) has a row an order and one more for each refund of its days, with net sales of zero
or less and nothing sold; it names neither currency, total nor id: the order's number stands for its
id, which it is where no plugin numbers orders anew. Its net sales are the order's total less tax
and shipping, fees included, and its time is that of payment, as it is set up at first.
The plugin (WebToffee) has a row an order or, as its user chose, a row a line item, all repeating
the order's columns. Both write the shop's local time; a time with an offset is taken as it is.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from sharetrail.merchants.contact import DeliveryAddress
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import LineItem, Sale
from sharetrail.problems import Problem
from sharetrail.reconciliation import export_row, packed_cell
from sharetrail.reconciliation.export_row import ExportedOrder, Row, State, Unreadable

NET_SALES = "net sales or n. revenue"
"""What Analytics calls it, by version; one of them is there."""
ANALYTICS = f"date,order #,status,product(s),items sold,{NET_SALES}"
ORDERS = (
    "order_id,order_number,order_date,status,order_total,order_subtotal,discount_total,tax_total,"
    "shipping_total,order_currency"
)
_UNSOLD = frozenset({"pending", "failed", "checkout-draft", "auto-draft", "draft", "trash"})
_ID = re.compile(r"\d{1,30}", re.ASCII)
_MOST = 1_000_000


def _state(row: Row) -> State:
    """A status that is none of WooCommerce's own is a plugin's, of an order that was sold."""
    status = _status(row)
    if status in _UNSOLD:
        return "unsold"
    return "cancelled" if status == "cancelled" else "sold"


def _status(row: Row) -> str:
    return row.text("status").lower().removeprefix("wc-")


# ── Analytics → Orders ───────────────────────────────────────────────────────────────────────────
def group_analytics(rows: Iterable[Row]) -> Iterable[tuple[str, list[Row]]]:
    """A refund's rows may stand anywhere, so all rows are read before the first order is told."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.text("order #").removeprefix("#"), []).append(row)
    return found.items()


def of_analytics(number: str, rows: list[Row], merchant: Merchant) -> ExportedOrder | None:
    """None where the export has an order's refunds alone: the sale is another period's."""
    currency = merchant.currency
    if not 0 < len(number) <= sale_fields.MAX_NAME:
        raise Unreadable("'order #' is no order's number.")
    nets = [(row, _net_sales(row, currency)) for row in rows]
    sales = [(row, net) for row, net in nets if net > 0 or (net == 0 and _has_sold(row))]
    if len(sales) > 1:
        raise Unreadable(f"The order stands twice, again in row {sales[1][0].number}.")
    if not sales:
        return None
    ((row, net),) = sales
    return ExportedOrder(
        row=row.number,
        id=number,
        placed_at=row.time("date", merchant.tz),
        state=_state(row),
        status=row.text("status")[: sale_fields.MAX_NAME],
        sale=Sale(name=number, currency=currency, lines=(), net=net, total=0),
        untold=("total",),
        subtotal=net,
        refunded=-sum(net for other, net in nets if other is not row),
        refunded_net=True,
        more_refunds=True,
    )


def _has_sold(row: Row) -> bool:
    """Refunds have sold nothing, or less."""
    return bool(re.fullmatch(r"0*[1-9][\d,]*", row.text("items sold"), re.ASCII))


def _net_sales(row: Row, currency: str) -> int:
    names = NET_SALES.split(" or ")
    column = next((name for name in names if name in row.cells), names[0])
    row.required(column)
    return row.amount(column, currency)


# ── Order Export & Order Import ──────────────────────────────────────────────────────────────────
def group_orders(rows: Iterable[Row]) -> Iterable[tuple[str, list[Row]]]:
    groups = groupby(rows, lambda row: row.text("order_id"))
    return ((order_id, list(group)) for order_id, group in groups)


def of_orders(order_id: str, rows: list[Row], merchant: Merchant) -> ExportedOrder:
    first, *further = rows
    if not _ID.fullmatch(order_id):
        raise Unreadable(f"'order_id' is {order_id[:40]!r}, no order id of WooCommerce's.")
    if any(row.text("order_total") != first.text("order_total") for row in further):
        raise Unreadable("The order's rows do not agree about its total.")
    sale = _sale(order_id, rows, merchant)
    refunded = _refunded(first, sale.currency)
    is_all = not refunded and _status(first) == "refunded"
    customer = first.text("customer_id") or first.text("customer_user")
    return ExportedOrder(
        row=first.number,
        id=order_id,
        placed_at=first.time("order_date", merchant.tz),
        state=_state(first),
        status=first.text("status")[: sale_fields.MAX_NAME],
        sale=sale,
        subtotal=sale.net,
        refunded=sale.net if is_all else refunded,
        refunded_net=is_all,
        email=first.text("billing_email") or first.text("customer_email") or None,
        customer=customer if customer not in ("", "0") else None,
        address=_house(first),
    )


def _house(row: Row) -> DeliveryAddress:
    return DeliveryAddress(
        lines=(row.text("shipping_address_1"), row.text("shipping_address_2")),
        postcode=row.text("shipping_postcode"),
        city=row.text("shipping_city"),
        country=row.text("shipping_country"),
    )


def _sale(order_id: str, rows: list[Row], merchant: Merchant) -> Sale:
    first, *_ = rows
    currency = first.currency("order_currency")
    first.required("order_total")
    discounts = first.positive("discount_total", currency) + _fees_off(first, currency)
    net = max(0, first.positive("order_subtotal", currency) - discounts)
    landing = first.text("meta:_wc_order_attribution_session_entry")[: sale_fields.MAX_TRAIL]
    return Sale(
        name=f"#{first.text('order_number') or order_id}"[: sale_fields.MAX_NAME],
        currency=currency,
        lines=export_row.shared_lines(_lines(rows, currency), net),
        net=net,
        total=first.positive("order_total", currency),
        discounts=discounts,
        tax=first.positive("tax_total", currency),
        shipping=first.positive("shipping_total", currency),
        paid_at=first.time_if_told("paid_date", merchant.tz),
        trail=sale_fields.script_value(first.text("meta:_sharetrail")),
        visit=sale_fields.script_value(first.text("meta:_sharetrail_visit")),
        landing_click=sale_fields.landing_click(landing),
        landing_code=sale_fields.landing_code(landing),
        codes=sale_fields.codes(packed_cell.coupons(first.text("coupon_items"))),
    )


def _fees_off(row: Row, currency: str) -> int:
    """A fee below zero is how plugins take off a gift card. Unreadable where the fees are not what
    the plugin says that they come to."""
    told = packed_cell.fees(row.text("fee_items"))
    fees = [export_row.amount(each, currency, "fee_items") for each in told]
    if row.text("fee_total") and abs(sum(fees) - row.amount("fee_total", currency)) > len(fees):
        raise Unreadable("'fee_items' do not come to 'fee_total'.")
    return -sum(fee for fee in fees if fee < 0)


def _refunded(row: Row, currency: str) -> int | None:
    """None where the user left the column out. Unreadable where more went back than was paid."""
    if "refund_items" not in row.cells:
        return None
    told = packed_cell.refunds(row.text("refund_items"))
    refunded = sum(abs(export_row.amount(each, currency, "refund_items")) for each in told)
    if refunded > row.amount("order_total", currency):
        raise Unreadable("'refund_items' come to more than 'order_total'.")
    return refunded


def _lines(rows: list[Row], currency: str) -> list[LineItem]:
    """Row by row (item_…) or cell by cell (line_item_1); none at all where one cannot be read,
    since an order's money does not depend on them.
    """
    (first, *_) = rows
    cells = [first.text(name) for name in first.cells if re.fullmatch(r"line_item_\d+", name)]
    told = [packed_cell.line(cell) for cell in cells if cell]
    columns = ("product_id", "name", "quantity", "total")
    of_rows = [{name: row.text(f"item_{name}") for name in columns} for row in rows]
    lines = told or of_rows
    try:
        return [_line(each, currency) for each in lines] if all(lines) else []
    except (Problem, ValueError):
        return []


def _line(fields: dict[str, str], currency: str) -> LineItem:
    title = fields.get("name", "")
    price = export_row.amount(fields.get("total") or "0", currency, "total")
    quantity = min(int(fields.get("quantity") or "1"), _MOST)
    return sale_fields.line_item(fields.get("product_id") or title, title, quantity, price)
