"""Facts of orders as stored: once, and rung by the hour in which they were written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharetrail.orders import order_facts, order_rings
from sharetrail.orders.order_fact import Fact, LineItem, OrderRef, Sale
from tests.stores import on_both

pytestmark = [on_both, pytest.mark.usefixtures("tables")]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ORDER = OrderRef(merchant="m_1", platform="shopify", id="1001")


def a_fact(kind: Any = "placed", received: datetime = NOON) -> Fact:
    mug = LineItem(product="1", title="Mug", quantity=1, net=5_000)
    sale = Sale(name="#1", currency="USD", lines=(mug,), net=5_000, total=5_000)
    return Fact(kind=kind, at=NOON, received=received, sale=sale)


def stored() -> list[Fact]:
    return order_facts.among(order_facts.rows(ORDER))


def test_a_fact_is_stored_once_and_read_as_it_was_told() -> None:
    assert order_facts.save(ORDER, a_fact(), NOON)
    assert not order_facts.save(ORDER, a_fact(), NOON + HOUR)
    assert order_facts.save(ORDER, a_fact("paid"), NOON)
    assert stored() == [a_fact("paid"), a_fact()]


def test_what_is_worked_off_late_is_of_when_it_was_first_received() -> None:
    order_facts.save(ORDER, a_fact(received=NOON + HOUR), NOON + HOUR)
    order_facts.save(ORDER, a_fact(received=NOON), NOON + 2 * HOUR)
    assert [each.received for each in stored()] == [NOON]


def test_orders_are_found_by_the_hours_in_which_they_rang() -> None:
    others = [OrderRef(merchant="m_1", platform="shopify", id=f"{n}") for n in range(9)]
    for number, order in enumerate(others):
        order_facts.save(order, a_fact(), NOON + number % 3 * HOUR)
    rang = [each.pk for number, each in enumerate(others) if number % 3]
    assert list(order_rings.between(NOON + HOUR, NOON + 2 * HOUR)) == sorted(rang)
