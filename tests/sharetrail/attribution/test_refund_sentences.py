"""How a refund was read, in a sentence a merchant understands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sharetrail.attribution.refund_sentences import how_read
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import Refund, ReturnedLines, Sale

SALE = Sale(name="#1", currency="EUR", lines=(), net=9_000, total=9_000)
ORDER = Order(
    sale=SALE,
    placed_at=datetime(2026, 11, 2, tzinfo=UTC),
    net=9_000,
    refunded=0,
    apart=("apart",),
    fact_count=1,
)


def returned(**parts: Any) -> Refund:
    return Refund(id="1", returned=ReturnedLines(**parts))


@pytest.mark.parametrize(
    ("refund", "how", "sentence"),
    [
        (
            Refund(id="1", items=0, read_as="shipping"),
            "shipping",
            "Shipping alone: nothing of net.",
        ),
        (
            Refund(id="1", items=500, read_as="lines"),
            "lines",
            "It is the price of whole items: 5.00 EUR of net.",
        ),
        (
            Refund(id="1", items=500, read_as="items"),
            "items",
            "It includes tax, so it was for items: 5.00 EUR of net.",
        ),
        (Refund(id="1", items=500), "lines", "Items of 5.00 EUR were given back."),
        (Refund(id="1", items=0), "shipping", "Shipping alone: nothing of net."),
        (
            Refund(id="1", amount=500),
            "amount",
            "5.00 EUR went back, and no item is named: it counts pro rata of what was paid.",
        ),
        (Refund(id="1", amount=0), "amount", "It failed, or was for nothing: it takes nothing."),
        (
            Refund(id="apart", amount=500, currency="JPY"),
            "amount",
            "It is in another currency than the order, whose rate nobody told: it takes nothing.",
        ),
        (
            Refund(id="export", amount=500, sum=True),
            "sum",
            "An export says that 5.00 EUR went back in all until then.",
        ),
        (
            returned(lines="60.0", money="40", currency="EUR"),
            "lines",
            "Items of 60.00 EUR came back; 40.00 EUR was paid back.",
        ),
        (
            returned(lines="60.00", money="0", currency="EUR"),
            "lines",
            "Items of 60.00 EUR came back; no money reached the buyer for them.",
        ),
        (
            returned(lines="60.00"),
            "lines",
            "Items of 60.00 EUR came back; no payment for them is told.",
        ),
        (
            returned(lines="60.00", money="60.00", is_on_its_way=True),
            "lines",
            "Items of 60.00 EUR came back; 60.00 EUR is on its way.",
        ),
        (
            returned(beside="10.00", money="10.0"),
            "shipping",
            "Shipping, duties, fees or tips alone: nothing of net.",
        ),
        (
            returned(beside="10.00", beside_tax="1.90"),
            "shipping",
            "Shipping, duties, fees or tips alone: nothing of net.",
        ),
        (
            returned(beside="10.00", adjusted="-2.00", money="12.00"),
            "amount",
            "12.00 EUR went back, and no item is named: it counts pro rata of what was paid.",
        ),
        (returned(), "amount", "It failed, or was for nothing: it takes nothing."),
    ],
)
def test_how_a_refund_was_read_is_told(refund: Refund, how: str, sentence: str) -> None:
    assert how_read(refund, ORDER) == (how, sentence)
