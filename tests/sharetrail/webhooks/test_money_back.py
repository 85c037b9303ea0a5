"""Every way to give money back, told before, in and after the order's own delivery; tax in the
prices, on top, none; with two decimals, none, three. What is left of an order of 100 is stated by
hand, in units (see refund_ways.py)."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any, get_args

import pytest

from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.money import BadMoney
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import Fact
from sharetrail.webhooks import shopify, standard, stripe, woocommerce
from sharetrail.webhooks.delivery import Delivery, Mismatch
from tests.senders import a_charge, a_merchant, a_session, a_stripe_refund, an_event
from tests.sharetrail.webhooks.refund_ways import (
    AT,
    DECIMALS,
    Payload,
    Prices,
    Tax,
    a_shopify_order,
    a_shopify_refund,
    a_woocommerce_order,
    a_woocommerce_refund,
    an_adjustment,
)
from tests.shops import SHOPIFY_DOMAIN

ALL_PRICES = [Prices(currency, tax) for currency in DECIMALS for tax in get_args(Tax)]
PENDING = "Pending refund discrepancy"
Told = tuple[str, Payload]
"""A topic and its body."""


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return a_merchant(AT)


def facts(
    merchant: Merchant, provider: ModuleType, told: Sequence[Told], **headers: str
) -> list[Fact]:
    """What was told, in the order in which it came."""
    name = provider.__name__.rpartition(".")[2]
    read = []
    for n, (topic, payload) in enumerate(told):
        named = {f"x-{name}-topic": topic, "x-wc-webhook-topic": topic, **headers}
        delivery = Delivery(
            platform=name,
            merchant=merchant,
            headers={"x-shopify-shop-domain": SHOPIFY_DOMAIN, **named},
            payload=payload,
            now=AT + timedelta(days=3, seconds=n),
        )
        (_, fact) = provider.read(delivery)
        read.append(fact)
    return read


def net(known: Sequence[Fact]) -> int:
    """The same in whatever order the facts are worked off."""
    nets = {order.net for order in map(fold_facts, (known, known[::-1])) if order}
    (left,) = nets
    return left


# ── Shopify ──────────────────────────────────────────────────────────────────────────────────────
def refunds(**parts: Any) -> Callable[[Prices], list[Payload]]:
    """One refund; `paid` is stated without tax, and `less` is what the books say was not paid."""

    def make(prices: Prices) -> list[Payload]:
        told = dict(parts)
        paid, less = told.pop("paid", None), told.pop("less", [])
        return [
            a_shopify_refund(
                prices,
                paid=None if paid is None else float(prices.gross(paid)),
                order_adjustments=[
                    an_adjustment(prices, float(prices.gross(units)), *reason)
                    for units, *reason in less
                ],
                **told,
            )
        ]

    return make


def several(*made: Callable[[Prices], list[Payload]]) -> Callable[[Prices], list[Payload]]:
    def make(prices: Prices) -> list[Payload]:
        each = [refund for parts in made for refund in parts(prices)]
        return [{**refund, "id": n} for n, refund in enumerate(each, 1)]

    return make


def before_2024_10(prices: Prices) -> list[Payload]:
    """Shipping, as an adjustment."""
    shipping = {
        "kind": "shipping_refund",
        "amount": f"-{prices.text(10)}",
        "tax_amount": f"-{prices.text(prices.tax_of(10))}",
    }
    return [a_shopify_refund(prices, paid=float(prices.gross(10)), order_adjustments=[shipping])]


def duties_alone(prices: Prices) -> list[Payload]:
    return [a_shopify_refund(prices, duties=15, paid=15)]


RESTOCK = (10, "Restock")
# way → (what came back of lines, what was gained for it, what is left)
SHOPIFY: dict[str, tuple[Callable[[Prices], list[Payload]], float, float, float]] = {
    "lines": (refunds(lines=40, paid=40), 40, 0, 60),
    "all": (refunds(lines=100, shipping=10, paid=110), 100, 0, 0),
    "shipping": (refunds(shipping=10, paid=10), 0, 0, 100),
    "shipping, before 2024-10": (before_2024_10, 0, 0, 100),
    "lines and shipping": (refunds(lines=40, shipping=10, paid=50), 40, 0, 60),
    "duties": (duties_alone, 0, 0, 100),
    "an amount alone, half of what was paid": (refunds(paid=55), 0, 0, 50),
    "the same, as the books have it too": (refunds(paid=55, less=[(-55,)]), 0, 0, 50),
    "more than the lines cost": (refunds(lines=40, paid=48), 40, 0, 52),
    "a fee kept": (refunds(lines=40, paid=30), 40, 0, 70),
    "a fee kept, by the books too": (refunds(lines=40, paid=30, less=[RESTOCK]), 40, 0, 70),
    "a fee kept, shipping given": (refunds(lines=40, shipping=10, paid=40), 40, 0, 70),
    "a fee kept, and given back later": (
        several(refunds(lines=40, paid=30), refunds(paid=10)),
        40,
        0,
        60,
    ),
    "a fee under a pending label": (
        refunds(lines=40, paid=30, less=[(10, PENDING)]),
        40,
        0,
        70,
    ),
    "store credit": (refunds(lines=40, paid=40, note="shopify_store_credit"), 40, 0, 60),
    "money on its way": (refunds(lines=40, paid=40, status="pending", less=[(40,)]), 40, 0, 60),
    "money that did not arrive": (refunds(lines=40, paid=40, status="failure"), 40, 0, 100),
    "no word of money": (refunds(lines=40), 40, 0, 60),
    "nothing paid, by the books": (refunds(lines=40, less=[(40,)]), 40, 0, 100),
    "to be paid, by the books": (refunds(lines=40, less=[(40, PENDING)]), 40, 0, 60),
    "taken out first, paid back later": (
        several(refunds(lines=40, less=[(40, PENDING)]), refunds(paid=40, less=[(-40, PENDING)])),
        40,
        0,
        60,
    ),
    "taken out first, paid back later, without labels": (
        several(refunds(lines=40, less=[(40,)]), refunds(paid=40, less=[(-40,)])),
        40,
        0,
        60,
    ),
    "a pair that cancels out": (
        refunds(lines=40, paid=40, less=[(40,), (-40, PENDING)]),
        40,
        0,
        60,
    ),
    "a cheaper exchange": (refunds(lines=40, paid=16), 40, 24, 84),
    "a cheaper exchange, a fee kept": (refunds(lines=40, paid=12), 40, 24, 88),
    "a cheaper exchange, the rest as store credit": (
        refunds(lines=40, paid=16, note="shopify_store_credit"),
        40,
        24,
        84,
    ),
    "an equal exchange": (refunds(lines=40), 40, 40, 100),
    "an equal exchange, nothing paid, by the books": (
        refunds(lines=40, less=[(40,)]),
        40,
        40,
        100,
    ),
    "a dearer exchange": (refunds(lines=40), 40, 80, 140),
    "a dearer exchange, nothing paid, by the books": (refunds(lines=40, less=[(40,)]), 40, 80, 140),
}


def shopify_deliveries(
    made: list[Payload], order: Payload, *, needs_update: bool
) -> Iterator[list[Told]]:
    """The order's own delivery and the refunds': before it, in it, after it."""
    first = order["line_items"][:2]  # before anything was gained
    placed = ("orders/create", a_copy(order, line_items=first, refunds=[]))
    alone = [("refunds/create", refund) for refund in made]
    updated = ("orders/updated", a_copy(order, refunds=made))
    bare = ("orders/updated", a_copy(order, refunds=[strip(refund) for refund in made]))
    yield [*alone, placed, updated]
    yield [placed, *alone, updated]
    yield [placed, updated, *alone]
    yield [placed, updated]
    yield [updated]
    yield [placed, *alone, bare]
    if not needs_update:
        yield [*alone, placed]
        yield [placed, *alone]


def a_copy(order: Payload, **changes: Any) -> Payload:
    return {**order, **changes}


def strip(refund: Payload) -> Payload:
    """A refund as some versions put it into the order: its lines alone."""
    return {"id": refund["id"], "refund_line_items": refund["refund_line_items"]}


@pytest.mark.parametrize("way", SHOPIFY)
def test_what_is_left_of_a_shopify_order(merchant: Merchant, way: str) -> None:
    make, lines, gained, left = SHOPIFY[way]
    for prices in ALL_PRICES:
        order = a_shopify_order(prices, gained, left=100 - lines + gained)
        for told in shopify_deliveries(make(prices), order, needs_update=gained > 0):
            known = facts(a_shop(merchant), shopify, told)
            assert net(known) == prices.minor(left), (prices, [topic for topic, _ in told])


def a_shop(merchant: Merchant) -> Merchant:

    return replace(merchant, shopify_domain=SHOPIFY_DOMAIN)


def test_an_extra_line_that_was_paid_for_before_offsets_no_fee(merchant: Merchant) -> None:
    """Sold 100, then 50 more, paid; 40 come back and 30 are paid back: 150 − 30."""
    prices = Prices("USD", "on top")
    placed = a_shopify_order(prices)
    more = a_shopify_order(prices, gained=50, left=150) | {
        "updated_at": (AT + timedelta(hours=5)).isoformat(),
        "total_outstanding": "0.00",
    }
    (back,) = refunds(lines=40, paid=30)(prices)
    at_last = a_shopify_order(prices, gained=50, left=110) | {"total_outstanding": "0.00"}
    told = [
        ("orders/create", placed),
        ("orders/updated", more),
        ("refunds/create", back),
        ("orders/updated", at_last | {"refunds": [back]}),
    ]
    assert net(facts(a_shop(merchant), shopify, told)) == 12_000


def test_what_is_paid_back_for_a_line_taken_out_is_no_goodwill_whatever_is_added_then(
    merchant: Merchant,
) -> None:
    """40 are taken out, and paid back by a refund of their own; 30 are added: 60 + 30."""
    prices = Prices("USD", "in")
    (out,) = refunds(lines=40)(prices)
    (paid,) = refunds(paid=40, less=[(-40,)])(prices)
    paid["id"] = 10
    order = a_shopify_order(prices, gained=30, left=90)
    told = [
        ("orders/create", a_shopify_order(prices)),
        ("refunds/create", out),
        ("refunds/create", paid),
        ("orders/updated", a_copy(order, refunds=[out, paid])),
    ]
    assert net(facts(a_shop(merchant), shopify, told)) == 9_000


def test_an_order_that_says_that_it_is_not_paid_is_no_word_of_payment(merchant: Merchant) -> None:
    """A body of orders/create, sent again under orders/paid, whose topic nobody signed."""
    unpaid = a_shopify_order(Prices("USD", "none")) | {"financial_status": "pending"}
    with pytest.raises(Mismatch):
        facts(a_shop(merchant), shopify, [("orders/paid", unpaid)])


def test_who_was_never_paid_keeps_nothing(merchant: Merchant) -> None:
    """A line is taken out of an order that nobody has paid, and no money moves: 100 − 40."""
    prices = Prices("USD", "none")
    unpaid = a_shopify_order(prices, left=60) | {"financial_status": "pending"}
    (out,) = refunds(lines=40, less=[(40,)])(prices)
    told = [("orders/create", unpaid), ("refunds/create", out)]
    assert net(facts(a_shop(merchant), shopify, told)) == 6_000
    later = [*told, ("orders/paid", unpaid | {"financial_status": "paid"})]
    assert net(facts(a_shop(merchant), shopify, later)) == 6_000, "paid for what was left"
    before = [("orders/create", a_shopify_order(prices)), *told[1:]]
    assert net(facts(a_shop(merchant), shopify, before)) == 10_000


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ({"lines": 40, "paid": 32}, 6_000),  # 40.00 at 0.8: what was kept, money cannot say
        ({"lines": 40, "paid": 24, "less": [(10,)]}, 7_000),
        ({"lines": 40, "paid": 32, "status": "pending", "less": [(40,)]}, 6_000),
        ({"paid": 44}, 5_000),  # half of 88.00, which 110.00 came to
        ({"shipping": 10, "paid": 8}, 10_000),
    ],
)
def test_where_the_buyer_paid_in_another_currency_the_books_say_what_was_kept(
    merchant: Merchant, parts: dict[str, Any], left: int
) -> None:
    prices = Prices("USD", "none")
    (refund,) = refunds(**parts)(prices)
    for each in refund["transactions"]:
        each["currency"] = "EUR"
    order = a_shopify_order(prices) | {
        "presentment_currency": "EUR",
        "total_price_set": {
            "shop_money": {"amount": "110.00", "currency_code": "USD"},
            "presentment_money": {"amount": "88.00", "currency_code": "EUR"},
        },
    }
    told = [("orders/create", order), ("refunds/create", refund)]
    assert net(facts(a_shop(merchant), shopify, told)) == left


def test_money_in_a_currency_that_the_order_does_not_know_is_told_apart(merchant: Merchant) -> None:
    prices = Prices("USD", "none")
    (refund,) = refunds(paid=55)(prices)
    refund["transactions"][0]["currency"] = "EUR"
    told = [("orders/create", a_shopify_order(prices)), ("refunds/create", refund)]
    order = fold_facts(facts(a_shop(merchant), shopify, told))
    assert order
    assert (order.net, order.apart) == (10_000, ("9",))


def test_a_tip_is_no_revenue_and_takes_none_with_it(merchant: Merchant) -> None:
    prices = Prices("USD", "none")
    tip = {"product_id": None, "title": "Tip", "quantity": 1, "price": "5.00", "tax_lines": []}
    order = a_shopify_order(prices) | {"total_tip_received": "5.00", "total_price": "115.00"}
    order["line_items"] = [*order["line_items"], tip]
    (of_tip,) = refunds(paid=5)(prices)
    of_tip["refund_line_items"] = [{"subtotal": "5.00", "total_tax": "0.00", "line_item": tip}]
    (of_all,) = refunds(lines=100, shipping=10, paid=115)(prices)
    (of_some,) = refunds(lines=40, paid=45)(prices)
    for refund, left in ((of_tip, 10_000), (of_all, 0), (of_some, 6_000)):
        known = facts(
            a_shop(merchant), shopify, [("orders/create", order), ("refunds/create", refund)]
        )
        assert net(known) == left
        assert len((fold_facts(known) or Order).sale.lines) == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("way", SHOPIFY)
def test_an_update_newer_than_all_refunds_leaves_what_it_says_and_the_fees(
    merchant: Merchant, way: str
) -> None:
    """The invariant of all this: what came of lines is what stands, plus what was kept of them."""
    make, lines, gained, left = SHOPIFY[way]
    stands = 100 - lines + gained
    prices = Prices("USD", "none")
    order = a_shopify_order(prices, gained, left=stands)
    told = [("orders/updated", a_copy(order, refunds=make(prices)))]
    goodwill = way in ("more than the lines cost",) or "amount alone" in way or "the same" in way
    assert net(facts(a_shop(merchant), shopify, told)) == prices.minor(left)
    assert (left >= stands) is not goodwill


# ── WooCommerce ──────────────────────────────────────────────────────────────────────────────────
# way → (what went back without its tax, what is left, how it is read); the tax is told apart
WOOCOMMERCE: dict[str, tuple[float, float, str]] = {
    "a line": (60, 40, "lines"),
    "one of two": (20, 80, "lines"),
    "two lines": (100, 0, "lines"),
    "a line and shipping": (70, 40, "lines"),
    "all": (110, 0, "lines"),
    "shipping": (10, 100, "shipping"),
}


@pytest.mark.parametrize("way", WOOCOMMERCE)
def test_what_is_left_of_a_woocommerce_order(merchant: Merchant, way: str) -> None:
    taken, left, read_as = WOOCOMMERCE[way]
    for prices, is_old in itertools.product(ALL_PRICES, (False, True)):
        refund = a_woocommerce_refund(prices, taken, is_old=is_old)
        placed = ("order.created", a_woocommerce_order(prices))
        updated = ("order.updated", a_woocommerce_order(prices, 5, refund))
        for told in ([placed, updated], [updated, placed], [updated]):
            known = facts(merchant, woocommerce, told)
            assert net(known) == prices.minor(left), (prices, is_old)
            (read,) = (fold_facts(known) or Order).refunds  # type: ignore[misc]
            assert read.read_as == read_as


@pytest.mark.parametrize("currency", DECIMALS)
def test_a_woocommerce_refund_that_no_units_add_up_to(merchant: Merchant, currency: str) -> None:
    """Part of a line: 7 of net with its tax; 7 of 110 without any: 100 − 6.36. Amounts typed in: a
    tenth of what was paid; a unit with the tax in it."""
    taxed, untaxed = Prices(currency, "on top"), Prices(currency, "none")
    tenth = float(taxed.gross(110)) / 10
    for prices, refund, left in (
        (taxed, a_woocommerce_refund(taxed, 7), 93.0),
        (untaxed, a_woocommerce_refund(untaxed, 7), 100 - 7 * 100 / 110),
        (taxed, a_woocommerce_refund(taxed, tenth, tax=0), 90.0),
        (taxed, a_woocommerce_refund(taxed, 25, tax=0), 80.0),
        (untaxed, a_woocommerce_refund(untaxed, 20, tax=0), 80.0),
    ):
        known = facts(
            merchant, woocommerce, [("order.updated", a_woocommerce_order(prices, 5, refund))]
        )
        assert abs(net(known) - prices.minor(100) * left / 100) <= 0.5


def test_where_amounts_cannot_say_it_the_status_says_that_all_was_refunded(
    merchant: Merchant,
) -> None:
    """Paid by gift card, given back in goods: no money moved. "-0.00" is what a faulty release
    wrote, and its mend tells the same refund anew."""
    prices = Prices("USD", "none")
    nothing = {"id": 5, "reason": "", "total": "-0.00"}
    by_card = a_woocommerce_order(prices, 5, nothing, status="refunded", total="0.00")
    unread = a_woocommerce_order(prices, 5, nothing)
    mended = a_woocommerce_order(prices, 6, {**nothing, "total": "-60.00"})
    for told, left in (([by_card], 0), ([unread], 10_000), ([unread, mended], 4_000)):
        known = facts(merchant, woocommerce, [("order.updated", each) for each in told])
        assert net(known) == left


# ── Stripe ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([("charge.refunded", 55)], 50),
        ([("charge.refunded", 22), ("charge.refunded", 55)], 50),
        ([("charge.refunded", 110)], 0),
        ([("charge.refunded", 55), ("refund.failed", 55)], 100),
        ([("charge.refunded", 55), ("refund.failed", 33)], 80),
    ],
)
def test_what_is_left_of_a_stripe_order(
    merchant: Merchant, events: list[tuple[str, float]], left: float
) -> None:
    for prices in ALL_PRICES:
        whole, currency = prices.minor(float(prices.gross(110))), prices.currency.lower()
        session = a_session(
            AT,
            currency=currency,
            amount_total=whole,
            shipping_cost={
                "amount_total": prices.minor(float(prices.gross(10))),
                "amount_tax": prices.minor(float(prices.tax_of(10))),
            },
            total_details={"amount_tax": prices.minor(float(prices.tax_of(110)))},
        )
        placed = ("", an_event("checkout.session.completed", session, AT))
        back: list[Told] = []
        for n, (kind, units) in enumerate(events, 1):
            amount = prices.minor(float(prices.gross(units)))
            thing = (
                a_charge(amount, whole, currency=currency)
                if kind == "charge.refunded"
                else a_stripe_refund(amount, currency=currency)
            )
            back.append(("", an_event(kind, thing, AT + timedelta(minutes=n))))
        for told in ([placed, *back], [*back, placed], [*back[::-1], placed]):
            assert net(facts(merchant, stripe, told)) == prices.minor(left), prices


def test_a_charge_that_was_refunded_whole_leaves_nothing_though_credit_paid_a_part(
    merchant: Merchant,
) -> None:
    """An order of 100 of which 30 were the buyer's credit: all 70, then half of them, go back."""
    session = a_session(AT, amount_total=10_000, shipping_cost=None, total_details=None)
    placed = ("", an_event("checkout.session.completed", session, AT))
    for amount, left in ((7_000, 0), (3_500, 5_000)):
        charge = a_charge(amount, 7_000)
        back = ("", an_event("charge.refunded", charge, AT + timedelta(minutes=1)))
        assert net(facts(merchant, stripe, [placed, back])) == left


@pytest.mark.parametrize(
    ("told", "left"),
    [
        # EUR 119.00 with 19.00 of tax were USD 129.35 in all: 100/119 of it are net.
        (
            {
                "currency": "eur",
                "amount_total": 11_900,
                "total_details": {"amount_tax": 1_900},
                "currency_conversion": {"amount_total": 12_935, "source_currency": "usd"},
            },
            ("USD", 10_870, 5_435),
        ),
        # Since 2025-03-31 the session is in the shop's currency, and the buyer's is told beside.
        (
            {
                "currency": "hkd",
                "amount_total": 8_200,
                "total_details": None,
                "presentment_details": {
                    "presentment_amount": 1_634,
                    "presentment_currency": "jpy",
                },
            },
            ("HKD", 8_200, 4_100),
        ),
    ],
)
def test_amounts_are_in_the_shops_own_currency_and_a_refund_in_either(
    merchant: Merchant, told: dict[str, Any], left: tuple[str, int, int]
) -> None:
    session = a_session(AT, shipping_cost=None, **told)
    placed = ("", an_event("checkout.session.completed", session, AT))
    charge = a_charge(told["amount_total"] // 2, told["amount_total"], currency=told["currency"])
    back = ("", an_event("charge.refunded", charge, AT + timedelta(minutes=1)))
    currency, before, after = left
    order = fold_facts(facts(merchant, stripe, [placed]))
    assert order
    assert (order.currency, order.net) == (currency, before)
    assert net(facts(merchant, stripe, [placed, back])) == after


# ── any other shop ───────────────────────────────────────────────────────────────────────────────
def a_message(kind: str, prices: Prices, minutes: int, **data: Any) -> Told:
    at = (AT + timedelta(minutes=minutes)).isoformat()
    told = {"order_id": "1001", "currency": prices.currency, **data}
    return "", {"type": kind, "timestamp": at, "data": told}


# way → (type, what it says in units, …, what is left)
STANDARD: dict[str, tuple[list[tuple[str, dict[str, Any]]], float]] = {
    "items": ([("refunded", {"refund_id": "1", "subtotal": 40})], 60),
    "items and what was paid for them": (
        [("refunded", {"refund_id": "1", "subtotal": 40, "total": 30})],
        60,
    ),
    "a fee kept": ([("refunded", {"refund_id": "1", "subtotal": 30})], 70),
    "shipping alone": ([("refunded", {"refund_id": "1", "subtotal": 0, "total": 10})], 100),
    "an amount alone": ([("refunded", {"refund_id": "1", "total": 55})], 50),
    "all": ([("refunded", {"refund_id": "1", "total": 110})], 0),
    "two": (
        [
            ("refunded", {"refund_id": "1", "subtotal": 40}),
            ("refunded", {"refund_id": "2", "total": 11}),
        ],
        50,
    ),
    "one that failed": (
        [("refunded", {"refund_id": "1", "subtotal": 40}), ("refund_failed", {"refund_id": "1"})],
        100,
    ),
    "one that failed and was made again": (
        [
            ("refunded", {"refund_id": "1", "subtotal": 40}),
            ("refund_failed", {"refund_id": "1"}),
            ("refunded", {"refund_id": "1", "subtotal": 20}),
        ],
        80,
    ),
    "one that was corrected": (
        [
            ("refunded", {"refund_id": "1", "subtotal": 40}),
            ("refunded", {"refund_id": "1", "subtotal": 20}),
        ],
        80,
    ),
    "an edit down, and the refund that comes with it": (
        [
            ("refunded", {"refund_id": "1", "subtotal": 40}),
            ("updated", {"subtotal": 60, "total": 70, "refunded_in_total": True}),
        ],
        60,
    ),
    "an edit after a refund, another refund, and the first fails": (
        [
            ("refunded", {"refund_id": "1", "subtotal": 40}),
            ("updated", {"subtotal": 60, "total": 70, "refunded_in_total": True}),
            ("refunded", {"refund_id": "2", "subtotal": 20}),
            ("refund_failed", {"refund_id": "1"}),
        ],
        80,
    ),
    "an exchange for something cheaper": (
        [
            ("refunded", {"refund_id": "1", "subtotal": 40}),
            ("updated", {"subtotal": 124, "total": 134}),
        ],
        84,
    ),
    "a dispute": ([("disputed", {"dispute_id": "1", "total": 55})], 50),
    "a dispute that was won": (
        [("disputed", {"dispute_id": "1", "total": 55}), ("dispute_won", {"dispute_id": "1"})],
        100,
    ),
    "cancelled": ([("cancelled", {})], 0),
    "cancelled and restored": ([("cancelled", {}), ("restored", {})], 100),
}


@pytest.mark.parametrize("way", STANDARD)
def test_what_is_left_of_any_other_shops_order(merchant: Merchant, way: str) -> None:
    """Items are without tax everywhere; what was paid carries it."""
    said, left = STANDARD[way]
    for prices in ALL_PRICES:
        sale = {"subtotal": prices.text(100), "total": prices.text(prices.gross(110))}
        placed = a_message("order.placed", prices, 0, **sale)
        told = [
            a_message(f"order.{kind}", prices, n, **_written(prices, data))
            for n, (kind, data) in enumerate(said, 1)
        ]
        for deliveries in ([placed, *told], [*told, placed], [*told[::-1], placed]):
            assert net(facts(merchant, standard, deliveries)) == prices.minor(left), prices


def _written(prices: Prices, data: dict[str, Any]) -> dict[str, Any]:
    amounts = {"subtotal": lambda units: units, "total": prices.gross}
    return {
        name: prices.text(amounts[name](each)) if name in amounts else each
        for name, each in data.items()
    }


@pytest.mark.parametrize(
    "said",
    [
        {"refund_line_items": [{"subtotal": "9" * 15}] * 2},
        {"transactions": [{"kind": "refund", "status": "success", "amount": "9" * 15}] * 2},
        {"order_adjustments": [{"amount": "-" + "9" * 15}] * 2},
    ],
)
def test_sums_that_no_fold_could_read_are_refused_by_the_reader(
    merchant: Merchant, said: Payload
) -> None:
    refund = a_shopify_refund(Prices("USD", "none")) | said
    with pytest.raises(BadMoney):
        facts(a_shop(merchant), shopify, [("refunds/create", refund)])


def test_a_header_that_nobody_signed_makes_no_order_a_test(merchant: Merchant) -> None:
    told = [("orders/updated", a_shopify_order(Prices("USD", "none")))]
    known = facts(a_shop(merchant), shopify, told)
    again = facts(a_shop(merchant), shopify, told, **{"x-shopify-test": "true"})
    assert [each.sk for each in again] == [each.sk for each in known]
    assert net(again) == 10_000
