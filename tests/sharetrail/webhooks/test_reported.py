"""What others reported of comparable products, told to this one: each with the net that is right,
in every order of arrival. A comment names the report; its amounts, where it has some, are its own.

Where a test says nothing else, an order is goods for 100.00, without tax and shipping.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from sharetrail.attribution.refund_sentences import how_read
from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact
from sharetrail.webhooks import shopify, stripe, woocommerce
from sharetrail.webhooks.delivery import Delivery, NotUnderstood
from tests.senders import (
    a_charge,
    a_dispute,
    a_merchant,
    a_session,
    a_stripe_refund,
    an_event,
    gmt,
    meta,
)
from tests.sharetrail.webhooks.refund_ways import AT
from tests.shops import SHOPIFY_DOMAIN

Payload = dict[str, Any]
Told = tuple[str, Payload]
"""A topic and its body; of Stripe's the body names it."""
CLICK_A, CLICK_C = "0000000000000000000000000a", "0000000000000000000000000c"
DAY = 86_400
COMPLETED, LATE = "checkout.session.completed", "checkout.session.async_payment_succeeded"


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return replace(a_merchant(AT), shopify_domain=SHOPIFY_DOMAIN)


# ── what a shop tells, and what it comes to ──────────────────────────────────────────────────────
def read(
    merchant: Merchant, provider: ModuleType, told: Sequence[Told], **headers: str
) -> dict[str, list[Fact]]:
    """The facts of each order, of one key the first, as they came: days late, a second apart."""
    name, orders = provider.__name__.rpartition(".")[2], dict[str, dict[str, Fact]]()
    for n, (topic, payload) in enumerate(told):
        named = {"x-shopify-topic": topic, "x-wc-webhook-topic": topic, **headers}
        delivery = Delivery(
            platform=name,
            merchant=merchant,
            headers={"x-shopify-shop-domain": SHOPIFY_DOMAIN, **named},
            payload=payload,
            now=AT + timedelta(days=40, seconds=n),
        )
        if found := provider.read(delivery):
            ref, fact = found
            orders.setdefault(ref.id, {}).setdefault(fact.sk, fact)
    return {order: [*facts.values()] for order, facts in orders.items()}


def order_of(
    merchant: Merchant, provider: ModuleType, told: Sequence[Told], **headers: str
) -> Order | None:
    """The one order that is told of: the same whichever fact is worked off first."""
    known = read(merchant, provider, told, **headers)
    assert len(known) <= 1, known.keys()
    for facts in known.values():
        order = fold_facts(facts)
        assert order == fold_facts(facts[::-1])
        return order
    return None


def net_of(merchant: Merchant, provider: ModuleType, *told: Told) -> int | None:
    """None where there is no order."""
    order = order_of(merchant, provider, told)
    return order.net if order else None


def nets(merchant: Merchant, provider: ModuleType, *told: Told) -> dict[str, int | None]:
    """By the order of arrival, for every one that there is."""
    return {
        ",".join(map(str, order)): net_of(merchant, provider, *(told[n] for n in order))
        for order in itertools.permutations(range(len(told)))
    }


def all_are(net: int | None, found: dict[str, int | None]) -> bool:
    assert found == dict.fromkeys(found, net)
    return True


def iso(seconds: float) -> str:
    return (AT + timedelta(seconds=seconds)).isoformat()


# ── Shopify ──────────────────────────────────────────────────────────────────────────────────────
def bought(price: str = "100.00", at: float = 0, **changes: Any) -> Payload:
    """An order of one line, as it stands so many seconds after it was placed."""
    return {
        "id": 1001,
        "name": "#1001",
        "created_at": iso(0),
        "updated_at": iso(at),
        "currency": "USD",
        "presentment_currency": "USD",
        "financial_status": "paid",
        "subtotal_price": price,
        "total_price": price,
        "total_tax": "0.00",
        "taxes_included": False,
        "note_attributes": [],
        "line_items": [a_line(price)],
        **changes,
    }


def a_line(price: str, quantity: int = 1, title: str = "Mug", **more: Any) -> Payload:
    named = {"id": 11, "product_id": 1, "title": title, "quantity": quantity, "price": price}
    return {**named, "tax_lines": [], "discount_allocations": [], **more}


def given_back(
    subtotal: str | None, paid: str | None, at: float = DAY, tax: str = "0.00", **more: Any
) -> Payload:
    """A refund of a line, and of money; None where the refund tells of none."""
    line = {"line_item_id": 11, "quantity": 1, "subtotal": subtotal, "total_tax": tax}
    return {
        "id": 9,
        "order_id": 1001,
        "created_at": iso(at),
        "refund_line_items": [line] if subtotal else [],
        "order_adjustments": [],
        "transactions": [went(paid)] if paid else [],
        **more,
    }


def went(amount: str, currency: str = "USD") -> Payload:
    return {"kind": "refund", "status": "success", "amount": amount, "currency": currency}


def both(shop: str, shop_currency: str, buyer: str, buyer_currency: str) -> Payload:
    """An amount in the shop's currency and in the buyer's."""
    return {
        "shop_money": {"amount": shop, "currency_code": shop_currency},
        "presentment_money": {"amount": buyer, "currency_code": buyer_currency},
    }


# shopify-api-js#916
def test_a_payment_that_is_told_again_a_minute_later_is_the_same(merchant: Merchant) -> None:
    """100.00 × 1."""
    created = ("orders/create", bought(financial_status="pending"))
    paid = ("orders/paid", bought(at=1))
    again = ("orders/paid", bought(at=60, confirmation_number="XPAV284CT"))
    assert all_are(10_000, nets(merchant, shopify, created, paid, again))
    order = order_of(merchant, shopify, [created, paid, again])
    assert order
    assert order.paid_at == AT + timedelta(seconds=1)


# ecommerce_integrations#425
def test_a_payment_that_overtakes_its_order_stays_paid_and_credited(merchant: Merchant) -> None:
    said = [{"name": "sharetrail", "value": CLICK_C}]
    paid = ("orders/paid", bought(at=2, note_attributes=said))
    created = ("orders/create", bought(financial_status="pending"))
    assert net_of(merchant, shopify, paid) == 10_000
    for told in ([paid, created], [created, paid]):
        order = order_of(merchant, shopify, told)
        assert order
        assert (order.net, order.sale.trail) == (10_000, CLICK_C)
        assert order.paid_at == AT + timedelta(seconds=2)


# BCApps#6138
@pytest.mark.parametrize(
    ("money", "adjustments", "left"),
    [
        ("90.00", [], 5_000),  # 100 − 50
        pytest.param(
            "83.75",
            [both("5.00", "GBP", "6.25", "USD")],
            5_417,  # 100 − (50 − 5 / 1.2): what was kept of a taxed price is taxed
            id="5.00 kept",
        ),
    ],
)
def test_a_refund_is_read_in_the_shops_currency_alone(
    merchant: Merchant, money: str, adjustments: list[Payload], left: int
) -> None:
    """A shop in GBP, a buyer in USD at 1.25; goods 100, shipping 10, 20 % of tax on both."""
    order = bought(
        currency="GBP",
        presentment_currency="USD",
        total_tax="22.00",
        total_price="132.00",
        total_price_set=both("132.00", "GBP", "165.00", "USD"),
        total_shipping_price_set=both("10.00", "GBP", "12.50", "USD"),
        line_items=[a_line("100.00", tax_lines=[{"price": "20.00"}])],
    )
    refund = given_back(
        "50.00",
        None,
        tax="10.00",
        refund_shipping_lines=[
            {
                "subtotal_amount_set": both("10.00", "GBP", "12.50", "USD"),
                "tax_amount_set": both("2.00", "GBP", "2.50", "USD"),
            }
        ],
        transactions=[went(money)],
        order_adjustments=[
            {
                "amount": each["shop_money"]["amount"],
                "amount_set": each,
                "tax_amount": "0.00",
                "reason": "Refund discrepancy",
            }
            for each in adjustments
        ],
    )
    refund["refund_line_items"][0] |= {"subtotal_set": both("50.00", "GBP", "62.50", "USD")}
    told = [("orders/create", order), ("refunds/create", refund)]
    assert all_are(left, nets(merchant, shopify, *told))


# BCApps#4829
def test_refunded_shipping_is_not_read_in_the_buyers_currency(merchant: Merchant) -> None:
    order = bought(
        currency="GBP",
        presentment_currency="ISK",
        total_price="125.00",
        total_price_set=both("125.00", "GBP", "22000", "ISK"),
        total_shipping_price_set=both("25.00", "GBP", "4400", "ISK"),
    )
    shipping = {"subtotal_amount_set": both("25.00", "GBP", "4400", "ISK")}
    refund = given_back(
        None, None, refund_shipping_lines=[shipping], transactions=[went("4400", "ISK")]
    )
    told = [("orders/create", order), ("refunds/create", refund)]
    assert all_are(10_000, nets(merchant, shopify, *told))


GAINED = 12
"""The id of the line that was taken in exchange."""


def exchanged(how: str, at: float, cost: str, sold: str, left: str, refund: Payload) -> Told:
    """The order once all that it was came back, and what is `left` was taken for it. `how` tells
    where its refund stands: `bare` names no refunds at all, `empty` none, `within` this one; and
    `edited` is the order before anything is out of it."""
    refunds = {"bare": {}, "within": {"refunds": [refund]}}.get(how, {"refunds": []})
    is_edited = how == "edited"
    return "orders/updated", bought(
        sold,
        at,
        current_subtotal_price=sold if is_edited else left,
        total_price=sold,
        line_items=[
            a_line(cost, current_quantity=1 if is_edited else 0),
            a_line(left, title="Exchange", id=GAINED, current_quantity=1),
        ],
        **refunds,
    )


AFTER, BEFORE = DAY + 1, DAY - 1
"""A second after the refund, and before it."""
TELLINGS = [
    *((how, at) for how in ("bare", "empty", "within") for at in (AFTER, BEFORE)),
    ("edited", BEFORE),
]


# BCApps#8554
@pytest.mark.parametrize(("how", "at"), TELLINGS)
def test_an_exchange_for_less_is_worth_what_was_taken(
    merchant: Merchant, how: str, at: float
) -> None:
    """1893 came back, 365 were taken, the rest was paid back: 1893 − 1893 + 365."""
    back = given_back("1893.00", "1528.00", **{"return": {"id": 5}})
    told = [
        ("orders/create", bought("1893.00")),
        ("refunds/create", back),
        exchanged(how, at, "1893.00", "2258.00", "365.00", back),
    ]
    assert all_are(36_500, nets(merchant, shopify, *told))


# BCApps#8554
def test_until_an_exchange_is_told_its_refunds_money_counts(merchant: Merchant) -> None:
    """1893 − 1528."""
    back = given_back("1893.00", "1528.00", **{"return": {"id": 5}})
    told = [("orders/create", bought("1893.00")), ("refunds/create", back)]
    assert all_are(36_500, nets(merchant, shopify, *told))


# BCApps#10467
@pytest.mark.parametrize(("how", "at"), TELLINGS)
def test_an_exchange_for_more_is_worth_what_was_taken(
    merchant: Merchant, how: str, at: float
) -> None:
    """100 − 100 + 250; the refund moved no money, and nothing was kept."""
    back = given_back("100.00", None)
    told = [
        ("orders/create", bought()),
        ("refunds/create", back),
        exchanged(how, at, "100.00", "350.00", "250.00", back),
    ]
    assert all_are(25_000, nets(merchant, shopify, *told))


# BCApps#10462
def test_a_line_of_which_one_was_taken_out_keeps_its_share_of_a_discount(
    merchant: Merchant,
) -> None:
    """2 × 48.00 less 20 % are 76.80; half of it is left."""
    line = a_line("48.00", 2, discount_allocations=[{"amount": "19.20"}])
    back = given_back("38.40", "38.40")
    back["refund_line_items"][0] |= {"restock_type": "cancel"}
    after = bought(
        "76.80",
        DAY + 1,
        current_subtotal_price="38.40",
        line_items=[line | {"current_quantity": 1}],
        refunds=[back],
    )
    told = [
        ("orders/create", bought("76.80", line_items=[line])),
        ("orders/updated", after),
        ("refunds/create", back),
    ]
    assert all_are(3_840, nets(merchant, shopify, *told))
    order = order_of(merchant, shopify, told)
    assert order
    assert [each.net for each in order.sale.lines] == [7_680], "as sold: refunds stand apart"


# mechanic-tasks#7
@pytest.mark.parametrize("is_refund_told", [False, True])
def test_a_line_taken_out_of_an_unpaid_order_keeps_nothing(
    merchant: Merchant, is_refund_told: bool
) -> None:
    """60.00 + 40.00, the 40.00 was taken out before anybody paid."""
    lines = [a_line("60.00"), a_line("40.00", title="Spoon", id=13)]
    unpaid = {"financial_status": "pending"}
    back = given_back("40.00", None)
    back["refund_line_items"][0] |= {"line_item_id": 13, "restock_type": "no_restock"}
    after = bought(
        at=DAY + 1,
        current_subtotal_price="60.00",
        line_items=[lines[0], lines[1] | {"current_quantity": 0}],
        refunds=[back] if is_refund_told else [],
        **unpaid,
    )
    told = [
        ("orders/create", bought(line_items=lines, **unpaid)),
        ("orders/updated", after),
        *[("refunds/create", back)] * is_refund_told,
    ]
    assert all_are(6_000, nets(merchant, shopify, *told))
    assert net_of(merchant, shopify, told[1]) == 6_000
    assert net_of(merchant, shopify, told[0], told[-1]) == 6_000


# ALAppExtensions#28740
def test_a_line_given_back_on_account_keeps_nothing(merchant: Merchant) -> None:
    """An unpaid order of 100.00, of which 10.00 came back, and no money moved."""
    unpaid = bought(financial_status="pending")
    told = [("orders/create", unpaid), ("refunds/create", given_back("10.00", None))]
    assert all_are(9_000, nets(merchant, shopify, *told))


# goaffpro#112
def test_postage_is_no_revenue(merchant: Merchant) -> None:
    """576.67 with 65.00 of postage; 20 % of the goods are 102.33."""
    order = bought(
        "511.67",
        total_shipping_price_set=both("65.00", "USD", "65.00", "USD"),
        total_price="576.67",
    )
    net = net_of(merchant, shopify, ("orders/create", order))
    assert net == 51_167
    assert round(net * 0.2) == 10_233


# ecommerce_integrations#73
@pytest.mark.parametrize("is_told_by_lines", [True, False])
def test_tax_of_shipping_is_not_taken_out_of_the_items(
    merchant: Merchant, is_told_by_lines: bool
) -> None:
    """119.00 − 19.00; the other 1.90 are shipping's."""
    order = bought(
        "119.00",
        taxes_included=True,
        total_tax="20.90",
        total_price="130.90",
        total_shipping_price_set=both("11.90", "USD", "11.90", "USD"),
        shipping_lines=[{"price": "11.90", "tax_lines": [{"price": "1.90"}]}],
        line_items=[a_line("119.00", tax_lines=[{"price": "19.00"}] * is_told_by_lines)],
    )
    for topic in ("orders/create", "orders/paid", "orders/updated"):
        assert net_of(merchant, shopify, (topic, order)) == 10_000


# BCApps#6811
def test_what_stands_behind_a_tip_is_no_tip(merchant: Merchant) -> None:
    tip = a_line("5.00", title="Tip", id=12) | {"product_id": None}
    lines = [a_line("100.00", title="Bag"), tip, a_line("20.00", title="Cap", id=13)]
    order = bought("120.00", total_tip_received="5.00", total_price="125.00", line_items=lines)
    back = given_back("5.00", "5.00")
    back["refund_line_items"][0] |= {"line_item_id": 12, "line_item": tip}
    told = [("orders/create", order), ("refunds/create", back)]
    assert net_of(merchant, shopify, told[0]) == 12_000
    assert all_are(12_000, nets(merchant, shopify, *told))
    found = order_of(merchant, shopify, told)
    assert found
    assert {each.title: each.net for each in found.sale.lines} == {"Bag": 10_000, "Cap": 2_000}


# uppromote
def test_a_refund_that_restocks_nothing_is_one(merchant: Merchant) -> None:
    back = given_back("40.00", "40.00")
    back["refund_line_items"][0] |= {"restock_type": "no_restock", "location_id": None}
    told = [("orders/create", bought()), ("refunds/create", back)]
    assert all_are(6_000, nets(merchant, shopify, *told))


# refersion
def test_a_discounted_order_that_is_cancelled_comes_to_nothing_and_not_below(
    merchant: Merchant,
) -> None:
    line = a_line("100.00", discount_allocations=[{"amount": "20.00"}])
    order = bought("80.00", line_items=[line])
    gone = order | {"cancelled_at": iso(DAY), "updated_at": iso(DAY)}
    told = [("orders/create", order), ("orders/cancelled", gone)]
    assert all_are(0, nets(merchant, shopify, *told))
    back = ("refunds/create", given_back("80.00", "80.00"))
    assert all_are(0, nets(merchant, shopify, *told, back))


# ── WooCommerce ──────────────────────────────────────────────────────────────────────────────────
def stood(net: str = "100.00", at: float = 0, **changes: Any) -> Payload:
    """An order of one line, as it stands so many seconds after it was placed."""
    return {
        "id": 1001,
        "status": "processing",
        "currency": "USD",
        "prices_include_tax": False,
        "date_created_gmt": gmt(AT),
        "date_modified_gmt": gmt(AT + timedelta(seconds=at)),
        "date_paid_gmt": gmt(AT),
        "shipping_total": "0.00",
        "shipping_tax": "0.00",
        "total": net,
        "total_tax": "0.00",
        "line_items": [an_item(net)],
        "refunds": [],
        "meta_data": [],
        **changes,
    }


def an_item(total: str, quantity: int = 1, tax: str = "0.00", subtotal: str = "") -> Payload:
    return {
        "product_id": 1,
        "name": "Kettle",
        "quantity": quantity,
        "subtotal": subtotal or total,
        "total": total,
        "total_tax": tax,
    }


def took(total: str, refund: int = 9, **told: str) -> Payload:
    return {"id": refund, "reason": "", "total": total, **told}


UNTAXED: dict[str, dict[str, str]] = {"before 10.9": {}, "typed": {"total_tax": "0.00"}}


# woocommerce#14402
@pytest.mark.parametrize("tax", UNTAXED)
@pytest.mark.parametrize(
    ("refunded", "is_shipped", "left"),
    [
        ("-1100.00", False, 100_000),
        ("-1100.00", True, 100_000),  # pro rata: 1047.62
        ("-1210.00", True, 100_000),  # a kettle and the shipping
        ("-2200.00", True, 0),
        ("-2310.00", True, 0),
        ("-110.00", True, 200_000),
    ],
)
def test_a_unit_that_was_given_back_with_its_tax_takes_its_net(
    merchant: Merchant, refunded: str, is_shipped: bool, left: int, tax: str
) -> None:
    """Two of 1000 and 10 % tax, maybe shipping of 100; one is 1100 with tax."""
    shipped = {
        "shipping_total": "100.00",
        "shipping_tax": "10.00",
        "total": "2310.00",
        "total_tax": "210.00",
    }
    order = stood(
        "2000.00",
        DAY,
        prices_include_tax=True,
        line_items=[an_item("2000.00", 2, "200.00")],
        refunds=[took(refunded, **UNTAXED[tax])],
        **(shipped if is_shipped else {"total": "2200.00", "total_tax": "200.00"}),
    )
    assert net_of(merchant, woocommerce, ("order.updated", order)) == left


# woocommerce-admin#7328
@pytest.mark.parametrize("tax", UNTAXED)
@pytest.mark.parametrize(
    ("status", "refunded"), [("completed", "-4838.00"), ("refunded", "-5432.00")]
)
def test_a_refund_is_set_against_what_a_discount_left(
    merchant: Merchant, status: str, refunded: str, tax: str
) -> None:
    """4838 − 4838, though the goods were 4950 before the coupon."""
    order = stood(
        "4838.00",
        DAY,
        status=status,
        total="5432.00",
        total_tax="594.00",
        line_items=[an_item("4838.00", 2, "594.00", "4950.00")],
        coupon_lines=[{"code": "spring", "discount": "112.00"}],
        refunds=[took(refunded, **UNTAXED[tax])],
    )
    assert net_of(merchant, woocommerce, ("order.updated", order)) == 0


# woocommerce#24086
@pytest.mark.parametrize("tax", UNTAXED)
def test_half_a_line_without_its_tax_is_read_pro_rata_and_told_so(
    merchant: Merchant, tax: str
) -> None:
    """10 − 10 × 5 / 11; the shop's own books say 5.00, which no webhook tells."""
    order = stood(
        "10.00",
        DAY,
        total="11.00",
        total_tax="1.00",
        line_items=[an_item("10.00", 1, "1.00")],
        refunds=[took("-5.00", **UNTAXED[tax])],
    )
    found = order_of(merchant, woocommerce, [("order.updated", order)])
    assert found
    assert found.net == 545
    (refund,) = found.refunds
    how, why = how_read(refund, found)
    assert (how, "pro rata" in why) == ("amount", True)


# woocommerce#22496
@pytest.mark.parametrize(
    ("shipped", "told"),
    [
        ({}, {"total_tax": "-8.55"}),
        ({}, {}),
        ({"shipping_total": "10.00", "shipping_tax": "1.90", "total": "119.00"}, {}),
        (
            {"shipping_total": "10.00", "shipping_tax": "1.90", "total": "119.00"},
            {"total_tax": "-8.55"},
        ),
    ],
)
def test_a_discounted_unit_is_taken_at_its_discounted_price(
    merchant: Merchant, shipped: Payload, told: Payload
) -> None:
    """90 − 45."""
    order = stood(
        "90.00",
        DAY,
        **{
            "total": "107.10",
            "total_tax": "17.10",
            "line_items": [an_item("90.00", 2, "17.10", "100.00")],
            "coupon_lines": [{"code": "ten", "discount": "10.00"}],
            "refunds": [took("-53.55", **told)],
            **shipped,
        },
    )
    assert net_of(merchant, woocommerce, ("order.updated", order)) == 4_500


# woocommerce-payments#5215
def test_a_refund_is_in_its_orders_currency_and_not_in_the_shops(merchant: Merchant) -> None:
    """98,633 − 1,000 rupees."""
    order = stood(
        "98633.00",
        DAY,
        currency="INR",
        refunds=[took("-1000.00")],
        meta_data=meta(_wcpay_multi_currency_order_default_currency="GBP"),
    )
    found = order_of(merchant, woocommerce, [("order.updated", order)])
    assert found
    assert (found.net, found.currency) == (9_763_300, "INR")


# woocommerce-admin#5131
def test_an_open_checkout_is_no_order_until_somebody_pays(merchant: Merchant) -> None:
    shipped = {"total": "110.00", "shipping_total": "10.00"}
    draft = (
        "order.created",
        stood(**shipped, status="checkout-draft", date_paid_gmt=None),
    )
    gone = ("order.deleted", {"id": 1001})
    paid_at = AT + timedelta(hours=2)
    paid = ("order.updated", stood(at=7_200, **shipped, date_paid_gmt=gmt(paid_at)))
    assert net_of(merchant, woocommerce, draft) is None
    assert all_are(None, nets(merchant, woocommerce, draft, gone))
    assert all_are(10_000, nets(merchant, woocommerce, draft, paid))
    for told in ([draft, paid], [paid, draft]):
        order = order_of(merchant, woocommerce, told)
        assert order
        assert order.placed_at == paid_at


# woocommerce#39215
def test_a_refund_of_minus_nothing_is_read_by_the_status_and_replaced_by_its_next_telling(
    merchant: Merchant,
) -> None:
    faulty = took("-0.00", 5)
    refunded = ("order.updated", stood("40.50", DAY, status="refunded", refunds=[faulty]))
    assert net_of(merchant, woocommerce, refunded) == 0
    before = ("order.updated", stood(at=DAY, refunds=[faulty]))
    mended = ("order.updated", stood(at=DAY + 60, refunds=[took("-40.50", 5)]))
    assert net_of(merchant, woocommerce, before) == 10_000
    assert all_are(5_950, nets(merchant, woocommerce, before, mended))


# woocommerce#68698
def test_a_deleted_refunds_error_asks_for_a_comparison_and_accuses_no_user(
    merchant: Merchant,
) -> None:
    error = {
        "code": "woocommerce_rest_shop_order_invalid_id",
        "message": "Invalid ID.",
        "data": {"status": 404},
    }
    with pytest.raises(NotUnderstood) as raised:
        read(merchant, woocommerce, [("order.updated", error)])
    assert "reconciliations" in raised.value.detail
    assert "user" not in raised.value.detail


# woocommerce#68698
def test_a_refund_that_is_gone_within_its_second_takes_nothing(merchant: Merchant) -> None:
    made = ("order.updated", stood(at=DAY, refunds=[took("-40.00", 7)]))
    unmade = ("order.updated", stood(at=DAY, refunds=[]))
    placed = ("order.created", stood())
    assert net_of(merchant, woocommerce, placed, made) == 6_000
    assert net_of(merchant, woocommerce, placed, made, unmade) == 10_000
    assert net_of(merchant, woocommerce, made, unmade, placed) == 10_000


# woocommerce#58864
def test_a_coupon_in_capitals_that_reads_as_no_discount_is_one(merchant: Merchant) -> None:
    order = stood(
        "13784.00",
        line_items=[an_item("13784.00", subtotal="19434.00")],
        coupon_lines=[{"code": "TI-P19K4KLH2X", "discount": "0"}],
    )
    found = order_of(merchant, woocommerce, [("order.created", order)])
    assert found
    assert (found.net, found.sale.codes) == (1_378_400, ("TI-P19K4KLH2X",))


# AffiliateWP#2708
def test_a_price_changed_by_hand_counts_and_keeps_what_was_said_of_clicks(
    merchant: Merchant,
) -> None:
    placed = (
        "order.created",
        stood(meta_data=meta(_sharetrail=CLICK_C, _sharetrail_visit=CLICK_C)),
    )
    edited = stood("80.00", 9 * DAY, status="completed")
    edited["line_items"] = [an_item("80.00", subtotal="100.00")]
    for told in ([placed, ("order.updated", edited)], [("order.updated", edited), placed]):
        order = order_of(merchant, woocommerce, told)
        assert order
        assert (order.net, order.sale.trail, order.sale.visit) == (8_000, CLICK_C, CLICK_C)


# AffiliateWP#614
@pytest.mark.parametrize(
    ("before", "after", "trail"),
    [("none", CLICK_C, CLICK_C), (CLICK_A, f"{CLICK_A},{CLICK_C}", f"{CLICK_A},{CLICK_C}")],
)
def test_a_checkout_taken_up_again_says_what_it_said_when_it_was_paid(
    merchant: Merchant, before: str, after: str, trail: str
) -> None:
    waiting = stood(
        "75.00",
        status="pending",
        date_paid_gmt=None,
        meta_data=meta(_sharetrail=before, _sharetrail_visit="other"),
    )
    paid_at = AT + timedelta(hours=2, minutes=5)
    paid = stood(
        "2175.00",
        7_500,
        date_paid_gmt=gmt(paid_at),
        meta_data=meta(_sharetrail=after, _sharetrail_visit=CLICK_C),
    )
    told = [("order.created", waiting), ("order.updated", paid)]
    for each in (told, told[::-1]):
        order = order_of(merchant, woocommerce, each)
        assert order
        assert (order.net, order.placed_at) == (217_500, paid_at)
        assert (order.sale.trail, order.sale.visit) == (trail, CLICK_C)


# woocommerce#61234
def test_an_order_that_its_shop_works_out_anew_is_worth_what_it_says_last(
    merchant: Merchant,
) -> None:
    """By rule the newest body: 90.00, though 50.00 were paid."""
    paid = stood("50.00", line_items=[an_item("50.00", subtotal="100.00")])
    anew = stood("90.00", DAY, status="completed", line_items=[an_item("90.00", subtotal="100.00")])
    told = [("order.created", paid), ("order.updated", anew)]
    assert all_are(9_000, nets(merchant, woocommerce, *told))


# woocommerce#58351
def test_a_fees_tax_that_is_not_rounded_keeps_no_order_out(merchant: Merchant) -> None:
    """A fee is no revenue."""
    taxes = [{"id": 1, "total": "0.588"}, {"id": 2, "total": "0.735"}]
    fee = {"name": "Card", "total": "14.70", "total_tax": "1.33", "taxes": taxes}
    order = stood(fee_lines=[fee], total="116.03", total_tax="1.323")
    assert net_of(merchant, woocommerce, ("order.created", order)) == 10_000


# ── Stripe ───────────────────────────────────────────────────────────────────────────────────────
def event(kind: str, thing: Payload, at: float = 0) -> Told:
    return kind, an_event(kind, thing, AT + timedelta(seconds=at))


def opened(amount: int = 10_000, **changes: Any) -> Payload:
    """A session of goods alone."""
    alone = {"shipping_cost": None, "total_details": None, "amount_subtotal": amount}
    return a_session(AT, amount_total=amount, **{**alone, **changes})


def checked_out(amount: int = 10_000, at: float = 0, **changes: Any) -> Told:
    return event(COMPLETED, opened(amount, **changes), at)


def charged_back(status: str, at: float, amount: int = 10_000, kind: str = "created") -> Told:
    return event(f"charge.dispute.{kind}", a_dispute(status, amount), at)


# Paymenter#1258
def test_yen_have_no_hundredths(merchant: Merchant) -> None:
    """80 − 30."""
    told = [
        checked_out(80, currency="jpy"),
        event("charge.refunded", a_charge(30, 80, currency="jpy"), 60),
    ]
    assert net_of(merchant, stripe, told[0]) == 80
    assert all_are(50, nets(merchant, stripe, *told))


# superset#3995
def test_a_subscriptions_first_sale_counts_once_and_what_renews_it_is_no_order(
    merchant: Merchant,
) -> None:
    """A limit, and documented: its session names no payment intent, and its invoices are not read.
    So its refund waits under another id for a sale that never comes."""
    session = checked_out(
        2_000,
        mode="subscription",
        payment_intent=None,
        invoice="in_1",
        subscription="sub_1",
        metadata={"sharetrail": CLICK_C},
    )
    first, second = (
        event("invoice.paid", {"object": "invoice", "id": name, "amount_paid": 2_000}, at)
        for name, at in (("in_1", 1), ("in_2", 30 * DAY))
    )
    charge = {"payment_intent": "pi_9", "id": "ch_1"}
    back = event("charge.refunded", a_charge(2_000, 2_000, **charge), 31 * DAY)
    for told in itertools.permutations([session, first, second, back]):
        known = read(merchant, stripe, told)
        assert known.keys() == {"cs_live_a1b2c3", "pi_9"}
        order = fold_facts(known["cs_live_a1b2c3"])
        assert order
        assert (order.net, order.sale.trail) == (2_000, CLICK_C)
        assert (len(known["pi_9"]), fold_facts(known["pi_9"])) == (1, None)


# Website#413
def test_a_full_refund_after_a_part_of_it_takes_all(merchant: Merchant) -> None:
    """100 − 100."""
    part = event("charge.refunded", a_charge(3_000, 10_000), 60)
    whole = event("charge.refunded", a_charge(10_000, 10_000), 120)
    assert all_are(0, nets(merchant, stripe, checked_out(), part, whole))


# console#2438
def test_what_is_refunded_of_a_charge_is_told_as_a_sum(merchant: Merchant) -> None:
    """100 − 15."""
    told = [
        checked_out(),
        event("charge.refunded", a_charge(1_000, 10_000), 60),
        event("charge.refunded", a_charge(1_500, 10_000), 120),
        event("refund.created", a_stripe_refund(1_000, "succeeded", id="re_1"), 60),
        event("refund.created", a_stripe_refund(500, "succeeded", id="re_2"), 120),
    ]
    assert all_are(8_500, nets(merchant, stripe, *told))


# console#2438
def test_of_two_sums_of_one_second_the_larger_counts(merchant: Merchant) -> None:
    told = [
        checked_out(),
        event("charge.refunded", a_charge(1_000, 10_000), 60),
        event("charge.refunded", a_charge(1_500, 10_000), 60),
    ]
    assert all_are(8_500, nets(merchant, stripe, *told))


# inbox-zero#2344
@pytest.mark.parametrize(("refunded", "left"), [(7_000, 0), (3_500, 5_000)])
def test_where_credit_paid_a_part_refunds_count_by_the_charge(
    merchant: Merchant, refunded: int, left: int
) -> None:
    """10,000 less 3,000 of credit: the whole charge of 7,000 went back, or half of it."""
    back = event("charge.refunded", a_charge(refunded, 7_000), 60)
    assert all_are(left, nets(merchant, stripe, checked_out(), back))


UNPAID = {"payment_status": "unpaid", "metadata": {"sharetrail": CLICK_C}}


# AI-Shipping-Labs#1423
def test_a_payment_that_takes_days_counts_once_it_is_there(merchant: Merchant) -> None:
    unpaid = checked_out(**UNPAID)
    paid = event(LATE, opened(metadata=UNPAID["metadata"]), 3 * DAY)
    failed = event("checkout.session.async_payment_failed", opened(**UNPAID), 3 * DAY)
    assert net_of(merchant, stripe, unpaid) is None
    assert all_are(None, nets(merchant, stripe, unpaid, failed))
    for told in ([unpaid, paid], [paid, unpaid]):
        order = order_of(merchant, stripe, told)
        assert order
        assert (order.net, order.sale.trail) == (10_000, CLICK_C)
        assert order.placed_at == AT - timedelta(minutes=10), "when its session was opened"


# PayumStripe#23
def test_of_a_late_payment_the_events_type_decides(merchant: Merchant) -> None:
    subscription = {**UNPAID, "mode": "subscription", "payment_intent": None}
    unpaid = checked_out(**subscription)
    paid = event(LATE, opened(**subscription), 3 * DAY)
    failed = event("checkout.session.async_payment_failed", opened(**subscription), 3 * DAY)
    assert all_are(10_000, nets(merchant, stripe, unpaid, paid))
    assert all_are(None, nets(merchant, stripe, unpaid, failed))


SHOWN = {"presentment_currency": "jpy"}
HKD = checked_out(8_200, currency="hkd", presentment_details={"presentment_amount": 1_634, **SHOWN})


# stripe-java#2120
def test_what_the_buyer_saw_is_never_money(merchant: Merchant) -> None:
    """82.00 − 41.00."""
    shown = {"presentment_details": {"presentment_amount": 817, **SHOWN}}
    back = event("charge.refunded", a_charge(4_100, 8_200, currency="hkd", **shown), 60)
    assert all_are(4_100, nets(merchant, stripe, HKD, back))


# stripe-java#2120
def test_a_refund_is_told_by_its_charge_and_not_by_itself_alone(merchant: Merchant) -> None:
    """A limit that the documents name: they ask for charge.refunded."""
    back = event("refund.created", a_stripe_refund(4_100, "succeeded", currency="hkd"), 60)
    assert read(merchant, stripe, [back]) == {}


# dub#3030
def test_a_converted_total_leaves_its_tax_out(merchant: Merchant) -> None:
    """12935 × 10000 / 11900."""
    session = checked_out(
        11_900,
        currency="eur",
        total_details={"amount_tax": 1_900, "amount_shipping": 0, "amount_discount": 0},
        currency_conversion={
            "source_currency": "usd",
            "amount_subtotal": 10_870,
            "amount_total": 12_935,
            "fx_rate": "0.92",
        },
    )
    order = order_of(merchant, stripe, [session])
    assert order
    assert (order.net, order.currency) == (10_870, "USD")


# gumroad#5779
@pytest.mark.parametrize("kind", ["refund.updated", "charge.refund.updated"])
def test_a_refund_that_is_called_off_takes_nothing(merchant: Merchant, kind: str) -> None:
    """70.00, then 100.00."""
    back = event("charge.refunded", a_charge(3_000, 10_000), 60)
    off = event(kind, a_stripe_refund(3_000, "canceled"), 120)
    assert all_are(7_000, nets(merchant, stripe, checked_out(), back))
    assert all_are(10_000, nets(merchant, stripe, checked_out(), back, off))


# woocommerce-payments#794
def test_an_inquiry_takes_nothing(merchant: Merchant) -> None:
    asked = charged_back("warning_needs_response", 60)
    closed = charged_back("warning_closed", 120, kind="closed")
    assert net_of(merchant, stripe, checked_out(), asked) == 10_000
    assert all_are(10_000, nets(merchant, stripe, checked_out(), asked, closed))


# eliza#10997
def test_a_dispute_takes_all_until_its_money_is_back(merchant: Merchant) -> None:
    taken = [
        checked_out(),
        charged_back("needs_response", 60),
        charged_back("needs_response", 61, kind="funds_withdrawn"),
    ]
    won = charged_back("won", 9 * DAY, kind="funds_reinstated")
    assert all_are(0, nets(merchant, stripe, *taken))
    assert all_are(10_000, nets(merchant, stripe, *taken, won))


# cloud#2552
def test_a_dispute_of_a_part_takes_that_part(merchant: Merchant) -> None:
    lost = charged_back("lost", 60, 3_000, "closed")
    assert all_are(7_000, nets(merchant, stripe, checked_out(), lost))


# money#258, wordcamp.org#1320, woocommerce-gateway-stripe#2720
@pytest.mark.parametrize(
    ("currency", "sent", "net"),
    [
        ("ugx", 500, 5),  # two decimals at Stripe, none at ISO
        ("isk", 250_000, 2_500),
        ("kwd", 35_200, 35_200),  # 35.200: three decimals
    ],
)
def test_stripes_decimals_are_not_everybodys(
    merchant: Merchant, currency: str, sent: int, net: int
) -> None:
    assert net_of(merchant, stripe, checked_out(sent, currency=currency)) == net


# money#258
def test_shillings_of_uganda_are_whole_at_shopify(merchant: Merchant) -> None:
    order = bought("5", currency="UGX", presentment_currency="UGX")
    assert net_of(merchant, shopify, ("orders/create", order)) == 5


# woocommerce-gateway-stripe#1073
def test_a_payment_that_is_captured_by_hand_makes_no_order(merchant: Merchant) -> None:
    """A limit that the documents name: such a shop sends its own messages."""
    held = checked_out(20_675, payment_status="unpaid")
    captured = event("charge.captured", a_charge(375, 20_675, amount_captured=20_300), DAY)
    assert read(merchant, stripe, [held, captured]) == {}
