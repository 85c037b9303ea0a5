"""What an order is worth in the reports' own currency."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.aws.items import dump
from sharetrail.orders.exchange_rate import Rate, convert_order
from sharetrail.orders.exchange_rates import fixed, key
from sharetrail.orders.order import Order, Original
from sharetrail.orders.order_fact import LineItem, Sale

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def a_rate(rate: str = "1.5", currency: str = "EUR", to: str = "USD") -> Rate:
    return Rate(currency=currency, to=to, day=date(2026, 11, 2), rate=rate)


def an_order(*nets: int, currency: str = "EUR", **changes: Any) -> Order:
    """Of lines that earned so much."""
    lines = tuple(
        LineItem(product=f"p{n}", title=f"No. {n}", quantity=n + 1, net=net)
        for n, net in enumerate(nets)
    )
    sale = Sale(name="#1", currency=currency, lines=lines, net=sum(nets), total=sum(nets))
    whole = Order(sale=sale, placed_at=AT, net=sum(nets), refunded=0, fact_count=1)
    return replace(whole, **changes)


def test_every_amount_of_an_order_is_converted() -> None:
    order = an_order(7_000, 3_000)
    sale = replace(order.sale, total=12_400, discounts=200, tax=1_800, shipping=600)
    told = convert_order(
        replace(order, sale=sale, net=6_000, refunded=3_000, charged_back=1_000), a_rate()
    )
    assert (told.currency, told.net, told.refunded, told.charged_back) == (
        "USD",
        9_000,
        4_500,
        1_500,
    )
    assert (told.sale.net, told.sale.total, told.sale.discounts) == (15_000, 18_600, 300)
    assert (told.sale.tax, told.sale.shipping) == (2_700, 900)
    assert [line.net for line in told.sale.lines] == [10_500, 4_500]


@given(
    st.lists(st.integers(0, 9_999), min_size=3, max_size=3),
    st.decimals("0.0001", "1000", places=4).map(str),
)
def test_what_was_sold_moves_by_no_cent_when_it_comes_back(parts: list[int], rate: str) -> None:
    net, refunded, charged_back = parts
    whole = convert_order(an_order(sum(parts)), a_rate(rate))
    back = {"net": net, "refunded": refunded, "charged_back": charged_back}
    some = convert_order(an_order(sum(parts), **back), a_rate(rate))
    assert some.net + some.refunded + some.charged_back == whole.net
    assert min(some.net, some.refunded, some.charged_back) >= 0


def test_what_is_no_amount_stays() -> None:
    order = an_order(5, fact_count=3, apart=("r",), cancelled_at=AT)
    told = convert_order(order, a_rate())
    assert (told.sale.name, told.placed_at, told.cancelled_at) == ("#1", AT, AT)
    assert (told.fact_count, told.apart) == (3, ("r",))
    (line,) = told.sale.lines
    assert (line.product, line.title, line.quantity) == ("p0", "No. 0", 1)


@pytest.mark.parametrize(
    ("currency", "to", "rate", "amount", "worth"),
    [
        ("JPY", "USD", "0.0065", 1_000, 650),
        ("USD", "JPY", "150", 250, 375),
        ("KWD", "USD", "3.25", 1_000, 325),
        ("USD", "KWD", "0.31", 100, 310),
        ("JPY", "KWD", "0.002", 1_000, 2_000),
    ],
)
def test_a_rate_is_of_whole_units_whatever_decimals_the_currencies_have(
    currency: str, to: str, rate: str, amount: int, worth: int
) -> None:
    told = convert_order(an_order(amount, currency=currency), a_rate(rate, currency, to))
    assert (told.net, told.sale.lines[0].net) == (worth, worth)


def test_half_a_unit_goes_to_the_even_one() -> None:
    assert [convert_order(an_order(net), a_rate("0.5")).net for net in (1, 2, 3, 5)] == [0, 1, 2, 2]


def test_the_lines_are_converted_together_so_their_sum_is_rounded_once() -> None:
    told = convert_order(an_order(1, 1, 1), a_rate("0.5"))
    assert [line.net for line in told.sale.lines] == [1, 1, 0]


def test_lines_that_earned_nothing_stay_as_they_are() -> None:
    assert convert_order(an_order(0, 0), a_rate()).sale.lines == an_order(0, 0).sale.lines
    assert convert_order(an_order(), a_rate()).sale.lines == ()


@given(
    st.lists(st.integers(0, 10**7), max_size=8),
    st.decimals("0.0001", "10000", places=4).map(str),
)
def test_the_converted_lines_sum_to_the_converted_net(nets: list[int], rate: str) -> None:
    told = convert_order(an_order(*nets), a_rate(rate))
    assert sum(line.net for line in told.sale.lines) == told.net == told.sale.net


def test_rates_stand_by_currency_and_day() -> None:
    assert key(a_rate()) == "rate#EUR#2026-11-02"


def test_an_orders_rate_is_the_one_of_the_currency_that_is_asked_for() -> None:
    rates = [a_rate(), a_rate("0.85", to="GBP")]
    rows = [{"sk": "placed"}, *({"sk": f"rate#{rate.to}", **dump(rate)} for rate in rates)]
    assert fixed(rows, "USD") == rates[0]
    assert fixed(rows, "GBP") == rates[1]
    assert fixed(rows, "JPY") is None


def test_what_an_order_was_and_by_which_rate_it_was_converted_stays_with_it() -> None:
    told = convert_order(an_order(6_000, refunded=3_000), a_rate())
    assert told.original == Original(
        currency="EUR", net=6_000, refunded=3_000, rate="1.5", rate_day=date(2026, 11, 2)
    )
