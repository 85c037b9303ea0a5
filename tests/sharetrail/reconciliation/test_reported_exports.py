"""What others reported of order exports and their readers, read by this one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sharetrail.orders.order import fold_facts
from sharetrail.orders.order_fact import Fact, Sale, Snapshot
from sharetrail.reconciliation import compare
from sharetrail.reconciliation.compare import StoredOrder
from sharetrail.reconciliation.export_row import ExportedOrder
from sharetrail.reconciliation.read_export import Export, UnknownExport
from tests import exports as written
from tests.sharetrail.reconciliation.test_read_export import one, read

NOW = datetime(2026, 11, 5, 15, tzinfo=UTC)


def net(order: ExportedOrder) -> int | None:
    """What the order would come to, were it loaded."""
    folded = fold_facts(order.facts(NOW))
    return folded.net if folded else None


# ── awesome-shopify#81 ───────────────────────────────────────────────────────────────────────────
FIRST = written.shopify(
    1001,
    "20.00",
    Financial_Status="refunded",
    Subtotal="65.00",
    Shipping="5.00",
    Total="70.00",
    Lineitem_quantity="2",
    Refunded_Amount="70.00",
)
SECOND = written.further(1001, Lineitem_quantity="1", Lineitem_price="25.00")
PAID = written.shopify(1002, "20.00", Subtotal="40.00", Total="40.00", Lineitem_quantity="2")
GIFT = written.further(1002, Lineitem_quantity="1", Lineitem_price="0.00")


def told(*rows: dict[str, Any]) -> Export:
    return read(written.text(written.SHOPIFY, *rows))


# awesome-shopify#81
def test_an_orders_rows_are_one_order_and_a_lineitems_price_is_a_units() -> None:
    """2 × 20 + 25 − 65, for 70 are 65 and 5 of shipping; 2 × 20 and a gift."""
    export = told(FIRST, SECOND, PAID, GIFT)
    assert export.bad == ()
    assert {order.id: net(order) for order in export.orders} == {"1001": 0, "1002": 4_000}
    lines = [[line.net for line in order.sale.lines] for order in export.orders]
    assert lines == [[4_000, 2_500], [4_000, 0]]


# awesome-shopify#81
def test_a_row_that_lost_its_order_to_sorting_is_named_and_makes_none() -> None:
    for rows in ([FIRST, PAID, SECOND, GIFT], [SECOND, PAID, GIFT, FIRST]):
        export = told(*rows)
        assert {order.id: net(order) for order in export.orders} == {"1001": 0, "1002": 4_000}
        assert all("'id' is empty" in bad.why for bad in export.bad)


# awesome-shopify#81
def test_the_rows_of_an_order_may_stand_apart() -> None:
    export = told(FIRST, PAID, SECOND, GIFT)
    assert export.bad == ()
    assert [len(order.sale.lines) for order in export.orders] == [2, 2]


# ── woocommerce-admin#8405 ───────────────────────────────────────────────────────────────────────
_IN_THE_BROWSER = (
    "Date,Order #,Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,"
    "Attribution"
)
IN_THE_BROWSER = _IN_THE_BROWSER.split(",")
_BY_THE_SERVER = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Product(s),Items Sold,Coupon(s),N. Revenue"
)
BY_THE_SERVER = _BY_THE_SERVER.split(",")
UNFORMATTED = [name for name in BY_THE_SERVER if "formatted" not in name]
ROW = {
    "Date": "2026-11-02 10:00:00",
    "Order #": "1001",
    "Status": "completed",
    "Customer": "Ann Example",
    "Product(s)": "1× Kettle, 2× Mug",
}


# woocommerce-admin#8405
def test_analytics_files_of_browser_and_server_tell_the_same() -> None:
    browser = {**ROW, "Items sold": "3", "Net Sales": "64.97"}
    server = {**ROW, "Items Sold": "3", "N. Revenue": "64.97"}
    assert one(IN_THE_BROWSER, browser).sale.net == 6_497
    assert one(UNFORMATTED, server).sale.net == 6_497


# woocommerce-admin#8405
@pytest.mark.parametrize("shown", ["1.234,50 €", "&euro;1.234,50", "€1,234.50", "1,234.50", ""])
def test_a_formatted_amount_is_never_money(shown: str) -> None:
    row = {**ROW, "Items Sold": "3", "N. Revenue (formatted)": shown, "N. Revenue": "1234.5"}
    order = one(BY_THE_SERVER, row)
    assert (order.sale.net, order.sale.name) == (123_450, "1001")


# woocommerce-admin#8405
def test_a_file_with_formatted_amounts_alone_is_named_as_unknown() -> None:
    header = [name for name in BY_THE_SERVER if name != "N. Revenue"]
    row = {**ROW, "Items Sold": "3", "N. Revenue (formatted)": "1.234,50 €"}
    with pytest.raises(UnknownExport) as refused:
        read(written.text(header, row))
    assert refused.value.errors["woocommerce-analytics"] == "lacks net sales or n. revenue"


# woocommerce-admin#8405
def test_where_a_file_counts_shipping_as_sales_the_webhook_stands() -> None:
    """64.97 and 4.90 of shipping; the file says 69.87."""
    body = written.text(BY_THE_SERVER, {**ROW, "Items Sold": "3", "N. Revenue": "69.87"})
    export = read(body)
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    sale = Sale(name="#1001", currency="EUR", lines=(), net=6_497, total=6_987, shipping=490)
    fact = Fact(kind="snapshot", at=at, sale=sale, snapshot=Snapshot(state="placed"))
    (found,) = compare.compare(export, {"1001": StoredOrder(facts=(fact,))}, [], NOW).findings
    assert found.net == 6_497
    assert [(each.field, each.here, each.export) for each in found.differences] == [
        ("subtotal", "64.97", "69.87")
    ]
