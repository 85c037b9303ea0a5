"""Faithful bodies of orders, refunds and cancellations."""

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

from local.shop import buyers
from local.shop.prices import Discount, Line, Tax
from local.shop.shopify.order_payload import order_payload
from local.shop.shopify.refund_payload import after_refund, cancel_payload, refund_payload
from tests.local.shop.visitors import KETTLE, MUG, NOW


def order(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": 5_000_000_000_001,
        "name": "#1042",
        "created_at": NOW,
        "lines": [Line(KETTLE, 1), Line(MUG, 3)],
        "customer": buyers.of("someone"),
    }
    return order_payload(**(given | changes))


def test_without_tax_and_shipping_the_total_is_the_net_revenue():
    placed = order()
    assert placed["subtotal_price"] == placed["total_price"] == "102.00"
    assert placed["total_tax"] == "0.00"
    assert placed["current_total_price_set"]["shop_money"]["amount"] == "102.00"
    assert json.loads(json.dumps(placed)) == placed


def test_a_discount_is_allocated_to_the_lines():
    placed = order(discount=Discount(code="MAYA10", amount=1_020))
    allocated = [item["discount_allocations"][0]["amount"] for item in placed["line_items"]]
    assert allocated == ["4.80", "5.40"]
    assert (placed["subtotal_price"], placed["total_line_items_price"]) == ("91.80", "102.00")


def test_tax_and_shipping_are_told_apart():
    rate = Fraction(19, 100)
    on_top = order(lines=[Line(KETTLE)], tax=Tax(rate=rate), shipping=500)
    assert (on_top["subtotal_price"], on_top["total_tax"]) == ("48.00", "9.12")
    assert on_top["total_price"] == "62.12"
    inside = order(lines=[Line(KETTLE)], tax=Tax(rate=rate, included=True), shipping=500)
    assert (inside["taxes_included"], inside["total_tax"]) == (True, "7.66")
    assert inside["total_price"] == "53.00"
    assert inside["line_items"][0]["tax_lines"][0]["price"] == "7.66"


def test_other_currencies_and_guests_are_possible():
    placed = order(currency="JPY", customer=None, test=True)
    assert (placed["total_price"], placed["currency"]) == ("10200", "JPY")
    assert (placed["customer"], placed["email"], placed["test"]) == (None, None, True)


def test_times_are_whole_seconds_with_an_offset():
    cancelled = cancel_payload(order=order(), cancelled_at=NOW + timedelta(days=1))
    assert cancelled["created_at"] == "2026-06-01T12:00:00+00:00"
    assert cancelled["cancelled_at"] == "2026-06-02T12:00:00+00:00"


def test_parts_of_a_discounted_line_sum_to_the_line_exactly():
    placed = order(lines=[Line(MUG, 3)], discount=Discount(code="TEN", amount=1_000))
    line = placed["line_items"][0]["id"]
    amounts = []
    for number in range(3):
        refund = refund_payload(id=number, order=placed, created_at=NOW, quantities={line: 1})
        amounts.append(refund["refund_line_items"][0]["subtotal_set"]["shop_money"]["amount"])
        placed = after_refund(placed, refund)
    assert sorted(amounts) == ["14.66", "14.67", "14.67"]
    assert placed["financial_status"] == "refunded"
    assert placed["current_total_price"] == "0.00"
    assert placed["line_items"][0]["current_quantity"] == 0


def test_a_refunds_lines_have_numbers_where_shopify_sends_numbers():
    placed = order()
    line = placed["line_items"][1]["id"]
    refund = refund_payload(id=9, order=placed, created_at=NOW, quantities={line: 2}, goodwill=150)
    (item,) = refund["refund_line_items"]
    assert (item["subtotal"], item["quantity"], item["line_item_id"]) == (36.0, 2, line)
    assert refund["order_id"] == placed["id"]
    assert refund["order_adjustments"][0]["amount"] == "-1.50"
    assert refund["transactions"][0]["amount"] == "37.50"


def test_a_refund_of_nothing_moves_no_money():
    refund = refund_payload(id=9, order=order(), created_at=NOW)
    assert (refund["refund_line_items"], refund["transactions"]) == ([], [])
