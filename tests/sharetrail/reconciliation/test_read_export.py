"""Reading a shop's export: what it says, and never a guess."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.merchants.contact import DeliveryAddress
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
        (written.STANDARD, written.standard(), "standard"),
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


def test_an_export_of_more_orders_than_a_call_compares_is_big() -> None:
    rows = [written.analytics(n) for n in range(3_001)]
    assert not read(written.text(written.ANALYTICS, *rows[1:])).is_big
    assert read(written.text(written.ANALYTICS, *rows)).is_big


def test_more_rows_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_export, "MAX_ROWS", 3)
    rows = [written.analytics(n) for n in range(3)]
    assert len(read(written.text(written.ANALYTICS, *rows[1:])).orders) == 2
    with pytest.raises(TooLarge, match="3 rows"):
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


def in_shopify(*said: str) -> dict[str, str]:
    columns = ("Address1", "Address2", "Zip", "City", "Country")
    told = zip(columns, said, strict=True)
    return written.shopify() | {f"Shipping {column}": text for column, text in told}


def in_the_plugin(*said: str) -> dict[str, str]:
    columns = ("address_1", "address_2", "postcode", "city", "country")
    told = zip(columns, said, strict=True)
    return written.plugin() | {f"shipping_{column}": text for column, text in told}


def in_any_shop(*said: str) -> dict[str, str]:
    return written.standard() | dict(zip(written.DELIVERY, said, strict=True))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (written.SHOPIFY, in_shopify),
        (written.PLUGIN, in_the_plugin),
        (written.STANDARD_WITH_ALL, in_any_shop),
    ],
    ids=["shopify", "plugin", "standard"],
)
def test_an_export_tells_where_an_order_was_delivered(
    header: list[str], row: Callable[..., dict[str, str]]
) -> None:
    house = DeliveryAddress(lines=("Musterweg 2",), postcode="01067", city="Dresden", country="DE")
    told = one(header, row("Musterweg", "2", "'01067", "Dresden", "DE"))
    assert told.address
    assert told.address.compared == house.compared
    assert "usterweg" not in repr(told)
    nowhere = one(header, row("", "", "", "", "DE"))
    assert nowhere.address is None or nowhere.address.compared is None


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


@pytest.mark.parametrize("sold", ["0", "-1", ""])
@pytest.mark.parametrize("net", ["0", "-12.50"])
def test_a_refund_of_analytics_without_its_order_is_no_order(net: str, sold: str) -> None:
    rows = [written.analytics(1002, net, **{"Items sold": sold}), written.analytics()]
    assert one(written.ANALYTICS, *rows).id == "1001"


def test_a_refund_of_shipping_alone_is_not_the_order_again() -> None:
    row = written.analytics(net="0", **{"Items sold": "0"})
    assert one(written.ANALYTICS, written.analytics(), row).refunded == 0


def test_an_order_that_cost_nothing_is_one_where_something_was_sold() -> None:
    order = one(written.ANALYTICS, written.analytics(net="0"))
    assert (order.id, order.sale.net) == ("1001", 0)


def test_analytics_with_an_order_twice_is_bad() -> None:
    assert "twice" in why(written.ANALYTICS, written.analytics(), written.analytics())


# ── text that looks like separators ─────────────────────────────────────────────────────────────
DATE = "date:2026-11-27 10:00:00"
REASONS = [
    "see;amount:99.00|reason: x",
    "|date:tomorrow;amount:99.00|reason:",
    "|date:2026-11-27 and then",
    "|date:2026-11-27;and then",
    "a|b:c;d||e\nf",
    ";amount:99.00|reason:",
]


@pytest.mark.parametrize("reason", REASONS)
def test_a_refunds_reason_makes_no_money(reason: str) -> None:
    first, second = f"amount:1.00|reason:{reason}|{DATE}", f"amount:2.50|reason:|{DATE}"
    for cell, refunded in ((first, 100), (f"{first};{second}", 350), (f"{second};{first}", 350)):
        assert one(written.PLUGIN, written.plugin(refund_items=cell)).refunded == refunded, cell


@pytest.mark.parametrize(
    "cell",
    [
        "two",
        "amount:1.00",
        "amount:1.00|reason:x",
        f"amount:1,00|reason:|{DATE}",
        f";amount:1|{DATE}",
    ],
)
def test_refunds_that_are_not_as_the_plugin_writes_them_make_the_row_bad(cell: str) -> None:
    assert "refund_items" in why(written.PLUGIN, written.plugin(refund_items=cell))


def test_refunds_never_come_to_more_than_was_paid() -> None:
    cell = f"amount:11.00|reason:x|{DATE};amount:99.00|reason: y|{DATE}"
    assert "order_total" in why(written.PLUGIN, written.plugin(refund_items=cell))


def test_a_refunded_status_without_money_is_a_refund_of_all() -> None:
    order = one(written.PLUGIN, written.plugin(status="wc-refunded", order_total="0"))
    assert (order.refunded, order.refunded_net, order.state) == (5_000, True, "sold")
    cell = f"amount:50.00|reason:|{DATE}"
    paid = one(written.PLUGIN, written.plugin(status="refunded", refund_items=cell))
    assert (paid.refunded, paid.refunded_net) == (5_000, False)


def test_a_fees_name_makes_no_discount() -> None:
    name = "Card|total:-40.00|tax:x||name:y"
    fees = f"name:{name}|total:3.00|tax:0.57|tax_data:{{}}"
    assert one(written.PLUGIN, written.plugin(fee_items=fees)).sale.discounts == 0
    off = f"{fees}||name:Points|total:-2.00|tax:0.00|tax_data:[]"
    assert one(written.PLUGIN, written.plugin(fee_items=off)).sale.net == 4_800


def test_fees_that_do_not_come_to_their_sum_make_the_row_bad() -> None:
    whole = "name:A|total:-40.00|tax:0|tax_data:||name:B|total:3.00|tax:0|tax_data:"
    assert "fee_total" in why(written.PLUGIN, written.plugin(fee_items=whole, fee_total="3.00"))
    assert "fee_items" in why(written.PLUGIN, written.plugin(fee_items="name:A|total:-40.00|"))


def test_a_coupons_code_is_read_whole_or_not_at_all() -> None:
    cell = "code:a|b;code:ANA10|amount:x|amount:5.00;code:BEN|amount:1.00"
    order = one(written.PLUGIN, written.plugin(coupon_items=cell))
    assert order.sale.codes == ("a|b;code:ANA10|amount:x", "BEN")
    assert one(written.PLUGIN, written.plugin(coupon_items="code:ANA10")).sale.codes == ()


def test_what_stands_on_a_line_item_is_no_field_of_it() -> None:
    line = "name:Mug|total:1|x:y|product_id:7|sku:M|quantity:2|total:50.00|sub_total:50.00"
    meta = f"{line}|meta:Engraving=;|quantity:9|total:1.00|product_id:8"
    (told,) = one(written.PLUGIN, written.plugin(line_item_1=meta)).sale.lines
    assert (told.product, told.quantity, told.net) == ("7", 2, 5_000)
    assert told.title == "Mug|total:1|x:y"


def test_an_attribute_that_a_buyer_typed_beside_the_scripts_says_nothing() -> None:
    typed = "gift message: hi\nsharetrail: other"
    for attributes, trail in (
        (f"sharetrail: none\n{typed}", None),
        (f"{typed}\nsharetrail: none", None),
        ("sharetrail: none\r\ngift: sharetrail: other", "none"),
    ):
        row = written.shopify(Note_Attributes=attributes)
        assert one(written.SHOPIFY, row).sale.trail == trail, attributes


def test_payment_and_delivery_are_read_and_never_make_a_row_bad() -> None:
    at, shop = "2026-11-02 10:00:00 -0500", written.SHOPIFY
    sale = one(shop, written.shopify(Paid_at=at, Fulfilled_at=at, Fulfillment_Status="fulfilled"))
    assert sale.sale.paid_at == sale.sale.fulfilled_at == datetime(2026, 11, 2, 15, tzinfo=UTC)
    part = one(shop, written.shopify(Paid_at="soon", Fulfilled_at=at, Fulfillment_Status="partial"))
    assert (part.sale.paid_at, part.sale.fulfilled_at) == (None, None)
    woo = one(written.PLUGIN, written.plugin(paid_date="2026-11-02T10:00:00+01:00"))
    assert woo.sale.paid_at == datetime(2026, 11, 2, 9, tzinfo=UTC)


# ── any shop ─────────────────────────────────────────────────────────────────────────────────────
def test_any_shops_order_says_what_its_webhook_would() -> None:
    row = written.standard(
        placed_at="2026-11-02T10:00:00.250Z",
        total="64.40",
        refunded="10.00",
        trail=f"{'0' * 26}, {'1' * 26}",
        visit="other",
        email="ann@example.com",
        customer_id="7",
        codes="ANA10, BEN",
    )
    order = one(written.STANDARD_WITH_ALL, row)
    assert (order.id, order.sale.name, order.state) == ("1001", "#1001", "sold")
    assert order.placed_at == datetime(2026, 11, 2, 10, 0, 0, 250_000, tzinfo=UTC)
    assert (order.sale.net, order.sale.total, order.refunded) == (5_000, 6_440, 1_000)
    assert order.sale.trail == f"{'0' * 26},{'1' * 26}"
    assert (order.sale.visit, order.sale.codes) == ("other", ("ANA10", "BEN"))
    assert (order.email, order.customer) == ("ann@example.com", "7")


def test_the_example_of_the_docs_is_read_as_it_stands() -> None:
    docs = Path("docs/reconciliation.md").read_text()
    export = read(docs.split("```csv\n")[1].split("```")[0].encode())
    states = [(order.id, order.state, order.refunded) for order in export.orders]
    assert (states, export.bad) == ([("7001", "sold", 0), ("7002", "cancelled", 2_870)], ())
    assert export.orders[1].sale.codes == ("ANA10", "HELLO")


def test_any_shops_times_without_an_offset_are_of_its_zone() -> None:
    order = one(written.STANDARD, written.standard(placed_at="2026-11-02 10:00", name=""))
    assert (order.placed_at.hour, order.sale.name) == (9, "1001")
    assert (order.sale.trail, order.sale.codes, order.email) == (None, (), None)


@pytest.mark.parametrize(
    ("status", "state"), [("sold", "sold"), ("Cancelled", "cancelled"), ("unpaid", "unsold")]
)
def test_any_shops_status_is_one_of_three(status: str, state: str) -> None:
    assert one(written.STANDARD, written.standard(status=status)).state == state


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"status": "shipped"}, "'status' is 'shipped', none of sold, cancelled, unpaid"),
        ({"status": ""}, "status"),
        ({"total": "49.99"}, "'total' is less than 'subtotal'"),
        ({"subtotal": ""}, "subtotal"),
        ({"refunded": "-1"}, "refunded"),
        ({"order_id": "9" * 201}, "order_id"),
        ({"placed_at": "yesterday"}, "placed_at"),
    ],
)
def test_what_contradicts_the_contract_makes_any_shops_row_bad(changes: dict, named: str) -> None:
    assert named in why(written.STANDARD, written.standard(**changes))


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
        (written.STANDARD_WITH_ALL, written.standard()),
    ],
    ids=["shopify", "plugin", "analytics", "standard"],
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
