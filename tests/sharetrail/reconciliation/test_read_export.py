"""Reading a shop's export: what it says, and never a guess."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed, Problem
from sharetrail.reconciliation import read_export
from sharetrail.reconciliation.export_row import ExportedOrder
from sharetrail.reconciliation.read_export import Export, UnknownExport
from sharetrail.web.http import TooLarge
from tests import exports as written

MERCHANT = Merchant(
    id="m_1",
    name="Mugs",
    shop_host="shop.example",
    hosts=("shop.example",),
    origins=(),
    currency="EUR",
    zone="Europe/Berlin",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def read(body: bytes, name: read_export.Name = "auto") -> Export:
    return read_export.read(body, name, MERCHANT)


def one(header: list[str], *rows: dict[str, str]) -> ExportedOrder:
    export = read(written.text(header, *rows))
    assert export.bad == ()
    (order,) = export.orders
    return order


def why(header: list[str], *rows: dict[str, str]) -> str:
    """Why the first of the rows is bad; the order after it goes on."""
    export = read(written.text(header, *rows))
    assert len(export.bad) == 1, export
    return export.bad[0].why


# ── formats ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (written.SHOPIFY, written.shopify(), "shopify"),
        (written.PLUGIN, written.plugin(), "woocommerce-orders"),
        (written.ANALYTICS, written.analytics(), "woocommerce-analytics"),
        (written.MAILED_ANALYTICS, written.mailed_analytics(), "woocommerce-analytics"),
    ],
)
def test_a_format_is_known_by_its_header(header: list[str], row: dict, name: str) -> None:
    for body in (written.text(header, row), b"\xef\xbb\xbf" + written.text(header, row)):
        export = read(body)
        assert (export.format.name, len(export.orders)) == (name, 1)
        assert read(body, export.format.name).orders == export.orders


def test_an_unknown_header_is_refused_naming_what_each_format_lacks() -> None:
    with pytest.raises(UnknownExport) as refused:
        read(b"Name,Total,Id\n#1,5.00,1\n")
    assert refused.value.errors["shopify"].startswith("lacks financial status, currency")
    assert "net sales or n. revenue" in refused.value.errors["woocommerce-analytics"]
    assert refused.value.errors.keys() == {each.name for each in read_export.FORMATS}


def test_an_export_of_another_format_than_asked_is_refused() -> None:
    body = written.text(written.SHOPIFY, written.shopify())
    with pytest.raises(UnknownExport) as refused:
        read(body, "woocommerce-orders")
    assert refused.value.errors.keys() == {"woocommerce-orders"}


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(UnknownExport, match="twice"):
        read(written.text(written.SHOPIFY).replace(b"Vendor", b"Total"))


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b'"', b"a,b\n1,2", b'Name,"Id"x\n'])
def test_what_is_no_export_is_refused(body: bytes) -> None:
    with pytest.raises((UnknownExport, Malformed)):
        read(body)


def test_an_open_quote_refuses_the_file_rather_than_swallow_orders() -> None:
    body = written.text(written.SHOPIFY, written.shopify(Notes='say "hi'), written.shopify(1002))
    assert len(read(body).orders) == 2
    with pytest.raises(Malformed, match="line"):
        read(body.replace(b'"say ""hi"', b'"say'))


def test_more_orders_than_a_call_takes_are_refused() -> None:
    rows = [written.analytics(n) for n in range(3_001)]
    assert len(read(written.text(written.ANALYTICS, *rows[1:])).orders) == 3_000
    with pytest.raises(TooLarge, match="3,000 orders"):
        read(written.text(written.ANALYTICS, *rows))


# ── Shopify ──────────────────────────────────────────────────────────────────────────────────────
def test_a_shopify_order_is_its_first_row_and_the_lines_of_all() -> None:
    order = one(
        written.SHOPIFY,
        written.shopify(
            price="40.00",
            Subtotal="50.00",
            Shipping="5.00",
            Taxes="4.40",
            Total="59.40",
            Discount_Code="ANA10, HELLO",
            Refunded_Amount="10.00",
            Note_Attributes="gift: yes\nsharetrail: none\nsharetrail_visit: other",
        ),
        written.further(),
    )
    sale = order.sale
    assert (order.id, sale.name, order.row, order.state) == ("1001", "#1001", 2, "sold")
    assert order.placed_at == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert (order.subtotal, sale.net, sale.total, order.refunded) == (5000, 5000, 5940, 1000)
    assert (sale.tax, sale.shipping, sale.discounts, sale.tax_included) == (440, 500, 0, False)
    assert (sale.trail, sale.visit, sale.codes) == ("none", "other", ("ANA10", "HELLO"))
    lines = [(line.product, line.title, line.quantity, line.net) for line in sale.lines]
    assert lines == [("MUG-BLUE", "Mug - Blue", 1, 4000), ("Spoon", "Spoon", 2, 1000)]


def test_an_order_level_discount_is_shared_by_the_lines() -> None:
    order = one(
        written.SHOPIFY,
        written.shopify(price="40.00", Subtotal="45.00", Total="45.00"),
        written.further(),
    )
    assert [line.net for line in order.sale.lines] == [3600, 900]
    assert order.sale.discounts == 500


PAID = {"Taxes": "19.95", "Shipping": "5.95", "Total": "124.95"}


@pytest.mark.parametrize(
    ("columns", "net"),
    [
        ({"Taxes": "19.00", "Shipping": "0.00", "Total": "119.00"}, 10_000),
        ({**PAID, "Tax_1_Name": "MwSt 19%"}, 10_000),
        ({**PAID, "Tax_1_Name": "MwSt 19%", "Taxes": "19.00"}, 10_000),
        (PAID, None),
        ({**PAID, "Tax_1_Name": "MwSt 7%"}, None),
        ({**PAID, "Tax_1_Name": "MwSt 19%", "Tax_2_Name": "MwSt 7%"}, None),
        ({"Taxes": "19.00", "Shipping": "0.00", "Total": "121.00"}, None),
    ],
    ids=["alone", "taxed-shipping", "free-shipping", "no-rate", "other-rate", "two-rates", "tip"],
)
def test_tax_is_taken_out_of_prices_only_where_it_follows(columns: dict, net: int | None) -> None:
    order = one(written.SHOPIFY, written.shopify(price="119.00", Subtotal="119.00", **columns))
    assert order.subtotal == 11_900
    assert (None if order.untold else order.sale.net) == net


def test_a_cancelled_order_and_one_of_the_test_gateway_say_so() -> None:
    cancelled = one(written.SHOPIFY, written.shopify(Cancelled_at="2026-11-03 08:00:00 +0000"))
    assert (cancelled.state, cancelled.cancelled_at) == (
        "cancelled",
        datetime(2026, 11, 3, 8, tzinfo=UTC),
    )
    assert one(written.SHOPIFY, written.shopify(Payment_Method="bogus")).sale.test
    assert not cancelled.sale.test


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"Subtotal": "12,50"}, "subtotal"),
        ({"Subtotal": "1.234"}, "subtotal"),
        ({"Subtotal": "1,234"}, "subtotal"),
        ({"Subtotal": "1.234,50"}, "subtotal"),
        ({"Subtotal": "$50.00"}, "subtotal"),
        ({"Subtotal": "-50.00"}, "subtotal"),
        ({"Subtotal": "1e3"}, "subtotal"),
        ({"Refunded_Amount": "?"}, "refunded amount"),
        ({"Currency": "usd"}, "usd"),
        ({"Currency": ""}, "currency"),
        ({"Created_at": "2026-11-02 10:00:00"}, "created at"),
        ({"Created_at": "11/02/2026 10:00"}, "created at"),
        ({"Created_at": "2026-02-30 10:00:00 +0000"}, "created at"),
        ({"Id": "5.00E+12"}, "spreadsheet"),
        ({"Lineitem_quantity": "two"}, "lineitem quantity"),
    ],
)
def test_a_bad_row_is_told_and_the_others_go_on(columns: dict, named: str) -> None:
    rows = [written.shopify(**columns), written.shopify(1002)]
    export = read(written.text(written.SHOPIFY, *rows))
    assert [order.id for order in export.orders] == ["1002"]
    (bad,) = export.bad
    assert (bad.row, bad.order) == (2, "#1001")
    assert named in bad.why


def test_thousands_with_a_point_are_read() -> None:
    order = one(written.SHOPIFY, written.shopify(price="1,234.50"))
    assert order.sale.total == 123_450


def test_three_decimals_are_read_where_the_currency_has_them() -> None:
    assert one(written.SHOPIFY, written.shopify(price="1.234", Currency="KWD")).sale.total == 1_234


def test_a_further_row_without_its_order_is_bad() -> None:
    assert "'id' is empty" in why(written.SHOPIFY, written.further(1005), written.shopify())
    assert "'id' is empty" in why(written.SHOPIFY, written.shopify(), written.further(1002))
    assert "'currency' is empty" in why(written.SHOPIFY, written.shopify(Currency=""))


def test_an_order_that_stands_twice_counts_once() -> None:
    rows = [written.shopify(), written.shopify(1002), written.shopify()]
    export = read(written.text(written.SHOPIFY, *rows))
    assert [order.id for order in export.orders] == ["1001", "1002"]
    assert export.bad[0].why == "The order stands twice, first in row 2."


def test_a_row_with_more_cells_than_the_header_is_bad() -> None:
    body = written.text(written.SHOPIFY, written.shopify(), written.shopify(1002))
    export = read(body.replace(b"#1001,", b"#1001,x,", 1) + b"\n")
    assert len(export.orders) + len(export.bad) == 2
    assert export.bad


def test_who_bought_stands_in_no_representation() -> None:
    export = read(written.text(written.SHOPIFY, written.shopify(Email="ann@example.com")))
    assert export.orders[0].email == "ann@example.com"
    assert "ann@" not in repr(export)


# ── WooCommerce ──────────────────────────────────────────────────────────────────────────────────
def test_a_time_without_an_offset_is_the_shops() -> None:
    summer = one(written.PLUGIN, written.plugin(order_date="2026-07-02 10:00:00"))
    winter = one(written.ANALYTICS, written.analytics(Date="2026-11-02 10:00:00"))
    assert (summer.placed_at.hour, winter.placed_at.hour) == (8, 9)
    told = one(written.PLUGIN, written.plugin(order_date="2026-07-02T10:00:00-05:00"))
    assert told.placed_at.hour == 15


def test_the_plugins_order_says_what_the_webhook_would() -> None:
    order = one(
        written.PLUGIN,
        written.plugin(
            order_subtotal="60.00",
            discount_total="8.00",
            fee_items="name:Gift wrap|total:3.00|tax:0.00|tax_data:[]||"
            "name:Points|total:-2.00|tax:|tax_data:",
            fee_total="1.00",
            coupon_items="code:ana10|amount:8.00",
            refund_items="amount:5.00|reason:broken; sorry|date:2026-11-27 10:00:00;"
            "amount:2.50|reason:|date:2026-11-26 10:00:00",
            order_total="61.00",
        ),
    )
    sale = order.sale
    assert (sale.net, sale.total, order.refunded, order.untold) == (5_000, 6_100, 750, ())
    assert (sale.codes, order.customer) == (("ana10",), "7")
    assert [(line.product, line.title, line.net) for line in sale.lines] == [("7", "Mug", 5_000)]


def test_the_plugins_rows_by_line_item_are_one_order() -> None:
    header = [*written.PLUGIN[:-2], "item_product_id", "item_name", "item_quantity", "item_total"]
    base = {k: v for k, v in written.plugin().items() if k != "line_item_1"}
    mug = {"item_product_id": "7", "item_name": "Mug", "item_quantity": "2", "item_total": "40.00"}
    spoon = {"item_product_id": "8", "item_name": "Spoon", "item_total": "10.00"}
    order = one(header, base | mug, base | spoon)
    assert [(line.title, line.quantity, line.net) for line in order.sale.lines] == [
        ("Mug", 2, 4_000),
        ("Spoon", 1, 1_000),
    ]
    assert "agree" in why(header, base | mug, base | spoon | {"order_total": "9.00"})


def test_refunds_that_the_export_does_not_have_are_unknown_and_not_none() -> None:
    header = [name for name in written.PLUGIN if name != "refund_items"]
    assert one(header, written.plugin()).refunded is None
    assert one(written.PLUGIN, written.plugin()).refunded == 0
    assert "refund_items" in why(written.PLUGIN, written.plugin(refund_items="two"))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("processing", "sold"),
        ("on-hold", "sold"),
        ("refunded", "sold"),
        ("wc-shipped", "sold"),
        ("cancelled", "cancelled"),
        ("wc-pending", "unsold"),
        ("failed", "unsold"),
        ("checkout-draft", "unsold"),
    ],
)
def test_a_status_says_whether_it_was_sold(status: str, state: str) -> None:
    assert one(written.PLUGIN, written.plugin(status=status)).state == state


def test_analytics_tells_a_refund_in_a_row_of_its_own() -> None:
    rows = [written.analytics(net="'-12.50"), written.analytics(), written.analytics(1002, "-3")]
    order = one(written.ANALYTICS, *rows)
    assert (order.id, order.sale.net, order.refunded) == ("1001", 5_000, 1_250)
    assert (order.sale.currency, order.untold) == ("EUR", ("total",))


def test_analytics_with_an_order_twice_is_bad() -> None:
    assert "twice" in why(written.ANALYTICS, written.analytics(), written.analytics())


# ── whatever there is in a file ──────────────────────────────────────────────────────────────────
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "1001", "-1", "1,234.5", "USD", "JPY", "'", "9" * 400]),
    st.sampled_from(["2026-11-02 10:00:00 -0500", "2099-12-31 23:59:59 -2359"]),
    st.decimals(allow_nan=True).map(str),
    st.datetimes().map(str),
)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_problem(body: bytes) -> None:
    with pytest.raises(Problem):
        read(body)


@pytest.mark.parametrize(
    ("header", "good"),
    [
        (written.SHOPIFY, written.shopify()),
        (written.PLUGIN, written.plugin()),
        (written.ANALYTICS, written.analytics()),
    ],
    ids=["shopify", "plugin", "analytics"],
)
@given(data=st.data())
def test_no_cells_raise_anything_and_every_order_is_told_or_bad(
    header: list[str], good: dict, data: st.DataObject
) -> None:
    columns = st.dictionaries(st.sampled_from(header), CELLS, max_size=6)
    rows = data.draw(st.lists(columns, min_size=1, max_size=6))
    try:
        export = read(written.text(header, *[good | changed for changed in rows]))
    except Malformed:
        return  # a cell may hold what no CSV can
    for order in export.orders:
        assert order.placed_at.tzinfo is UTC
        assert order.subtotal >= 0
        assert sum(line.net for line in order.sale.lines) in (order.sale.net, 0)
    assert all(bad.why for bad in export.bad)
    rows_told = [each.row for each in (*export.orders, *export.bad)]
    assert len(rows_told) == len(set(rows_told))


@given(rows=st.lists(st.lists(CELLS, max_size=90), max_size=5))
def test_rows_of_any_length_raise_nothing_but_a_problem(rows: list[list[str]]) -> None:
    header = ",".join(written.SHOPIFY)
    lines = [",".join(cell.replace(",", " ").replace('"', "") for cell in row) for row in rows]
    try:
        read("\n".join([header, *lines]).encode(errors="replace"))
    except Problem:
        return
