"""What a code took off an order, as each shop system tells it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.shop import buyers
from local.shop.prices import Discount, Line, Tax
from local.shop.shopify.order_payload import order_payload
from sharetrail.attribution.touches import taken_off
from sharetrail.merchants import vault
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import exchange_rate
from sharetrail.orders.exchange_rate import Rate
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import CodeDiscount, Fact, Refund, Sale
from sharetrail.webhooks import shopify, standard, stripe, woocommerce
from sharetrail.webhooks.delivery import Delivery
from tests.local.shop.visitors import MUG
from tests.senders import a_merchant, a_message, a_session, a_woo_order, an_event
from tests.shops import SHOPIFY_DOMAIN

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)

NOW = AT + timedelta(days=30)


@pytest.fixture
def merchant(monkeypatch: pytest.MonkeyPatch) -> Merchant:
    monkeypatch.setattr(vault, "active", lambda *_: (b"a pepper of the test",))
    return replace(a_merchant(AT), shopify_domain=SHOPIFY_DOMAIN)


def told_by(
    provider: ModuleType, merchant: Merchant, payload: Any, **headers: str
) -> dict[str, int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    name = provider.__name__.rpartition(".")[2]
    delivery = Delivery(platform=name, merchant=merchant, headers=named, payload=payload, now=NOW)  # type: ignore[arg-type]
    _, fact = provider.read(delivery)
    return {each.code: each.amount for each in fact.sale.code_discounts}


def shopify_order(**changes: Any) -> dict[str, Any]:
    """Two mugs of 25.00, 5.00 off by a code, 25 % tax."""
    order = order_payload(
        id=1001,
        name="#1001",
        created_at=AT,
        lines=[Line(MUG, 2)],
        customer=buyers.of("someone"),
        discount=Discount(code="ANA10", amount=500),
        tax=Tax(rate=Fraction(1, 4)),
        shipping=500,
        note_attributes={},
        landing_site="/",
        referring_site="",
    )
    return {**order, **changes}


def of_shopify(merchant: Merchant, **changes: Any) -> dict[str, int]:
    domain = {"x_shopify_topic": "orders/create", "x_shopify_shop_domain": SHOPIFY_DOMAIN}
    return told_by(shopify, merchant, shopify_order(**changes), **domain)


def test_shopify_tells_it_by_code_and_tax_that_is_in_it_is_taken_out(merchant: Merchant) -> None:
    assert of_shopify(merchant, taxes_included=False) == {"ANA10": 500}
    inside = {
        "taxes_included": True,
        "subtotal_price": "50.00",
        "discount_codes": [{"code": "ANA10", "amount": "5.00", "type": "fixed_amount"}],
    }
    lines = [{**each, "tax_lines": [{"price": "10.00"}]} for each in shopify_order()["line_items"]]
    assert of_shopify(merchant, **inside, line_items=lines[:1]) == {"ANA10": 400}


@pytest.mark.parametrize("amount", [None, "much", "-5.00", [], {}])
def test_an_amount_that_is_none_is_not_known_and_keeps_no_order_out(
    merchant: Merchant, amount: Any
) -> None:
    codes = [{"code": "ANA10", "amount": amount}, {"code": "BEN", "amount": "0.00"}]
    assert of_shopify(merchant, discount_codes=codes) == {"BEN": 0}
    woo = a_woo_order(AT, coupon_lines=[{"code": "ana10", "discount": amount}])
    assert told_by(woocommerce, merchant, woo, x_wc_webhook_topic="order.updated") == {}


def test_woocommerce_tells_it_by_coupon_without_tax(merchant: Merchant) -> None:
    coupons = [
        {"code": "ana10", "discount": "5.00", "discount_tax": "0.95"},
        {"code": "ship", "discount": "0"},
        {"code": "c" * 101, "discount": "9.00"},
    ]
    woo = a_woo_order(AT, coupon_lines=coupons)
    told = told_by(woocommerce, merchant, woo, x_wc_webhook_topic="order.updated")
    assert told == {"ana10": 500, "ship": 0}


def test_stripe_tells_it_in_a_breakdown_or_where_there_is_one_code_alone(
    merchant: Merchant,
) -> None:
    def told(**changes: Any) -> dict[str, int]:
        session = a_session(AT, **changes)
        return told_by(stripe, merchant, an_event("checkout.session.completed", session, AT))

    two = [{"coupon": "SPRING"}, {"promotion_code": "promo_ana"}]
    totals = {"amount_discount": 500, "amount_shipping": 500, "amount_tax": 855}
    breakdown = [
        {"amount": 300, "discount": {"coupon": {"id": "SPRING"}}},
        {"amount": 200, "discount": {"promotion_code": "promo_ana"}},
    ]
    assert told() == {"promo_1Spring": 500}
    assert told(discounts=two) == {}
    assert told(discounts=two, total_details={**totals, "breakdown": {"discounts": breakdown}}) == {
        "SPRING": 300,
        "promo_ana": 200,
    }
    assert told(total_details={**totals, "breakdown": "much"}) == {"promo_1Spring": 500}


def test_any_shop_may_tell_it_beside_the_code(merchant: Merchant) -> None:
    codes = ["spring5", {"code": "ANA10", "amount": "5.00"}, {"code": 7}]
    assert told_by(standard, merchant, a_message(codes=codes)) == {"ANA10": 500}


# ── what it comes to ─────────────────────────────────────────────────────────────────────────────
def an_order(*refunds: int, net: int = 4_500, **more: Any) -> Order:
    sale = Sale(
        name="#1",
        currency="USD",
        lines=(),
        net=net,
        total=net,
        codes=("ana10 ", "Ana10", "BEN"),
        code_discounts=tuple(
            CodeDiscount(code=code, amount=amount)
            for code, amount in (("ana10 ", 300), ("Ana10", 200), ("BEN", 100))
        ),
        **more,
    )
    facts = [Fact(kind="placed", at=AT, sale=sale)]
    facts += [
        Fact(kind="refund", at=AT + timedelta(days=1 + n), refund=Refund(id=f"{n}", items=items))
        for n, items in enumerate(refunds)
    ]
    order = fold_facts(facts)
    assert order
    return order


def test_codes_are_read_as_people_see_them_and_add_up() -> None:
    assert taken_off(an_order()) == {"code-ANA10": 500, "code-BEN": 100}


def test_what_is_refunded_undoes_its_part_and_what_is_gone_all() -> None:
    assert taken_off(an_order(900)) == {"code-ANA10": 400, "code-BEN": 80}
    assert taken_off(an_order(900, 3_600)) == {"code-ANA10": 0, "code-BEN": 0}
    assert taken_off(an_order(test=True)) == {"code-ANA10": 0, "code-BEN": 0}
    assert taken_off(an_order(test=True, net=0)) == {"code-ANA10": 0, "code-BEN": 0}
    assert taken_off(an_order(net=0)) == {"code-ANA10": 500, "code-BEN": 100}, "all was taken off"


@given(st.lists(st.integers(0, 2_000), max_size=4))
def test_a_discount_is_never_more_than_was_given_nor_below_nothing(refunds: list[int]) -> None:
    for touch, amount in taken_off(an_order(*refunds)).items():
        assert 0 <= amount <= {"code-ANA10": 500, "code-BEN": 100}[touch]


def test_it_is_converted_with_its_order() -> None:
    rate = Rate(currency="USD", to="JPY", day=AT.date(), rate="150")
    assert taken_off(exchange_rate.convert_order(an_order(), rate)) == {
        "code-ANA10": 750,
        "code-BEN": 150,
    }
