"""Amounts: exact, in minor units, never a float."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import money
from sharetrail.money import Amount, BadMoney, minor, share_out


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12.50", "USD", 1250),
        ("12.5", "EUR", 1250),
        ("0", "USD", 0),
        ("-3.01", "USD", -301),
        ("1200", "JPY", 1200),
        ("1200.00", "JPY", 1200),
        ("1.234", "KWD", 1234),
        ("0.005", "USD", 1),
        ("0.004999", "USD", 0),
        ("-0.005", "USD", -1),
        ("1" * 15 + "." + "4" * 15, "USD", int("1" * 15 + "44")),
    ],
)
def test_decimal_text_becomes_minor_units(text: str, currency: str, amount: int) -> None:
    assert minor(text, currency) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("12,50", "1e3", "1e400", "NaN", "", " 1", "1\n", "1.", ".5", "٣", "0x1", "+1", "--1"),
        *("1" * 16, "0." + "1" * 16),
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(BadMoney):
        minor(text, "USD")


@pytest.mark.parametrize("value", [None, 12.5, 1, True])
def test_only_text_is_an_amount(value: object) -> None:
    with pytest.raises(BadMoney):
        minor(value, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["", "usd", "US", "DOLLAR", "€€€", None])
def test_a_currency_is_three_capital_letters(currency: object) -> None:
    with pytest.raises(BadMoney):
        minor("1", currency)  # type: ignore[arg-type]


def test_a_refusal_shows_the_start_of_what_was_given() -> None:
    with pytest.raises(BadMoney, match=r"^'12,50' is not a decimal amount such as \"12\.50\"\.$"):
        minor("12,50", "USD")
    with pytest.raises(BadMoney, match=r"^'a{40}' is not"):
        minor("a" * 50, "USD")
    with pytest.raises(BadMoney, match=r"^'usd' is not an ISO 4217 currency\.$"):
        minor("1", "usd")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", "KWD"]))
def test_an_amount_survives_the_way_out_and_back(amount: int, currency: str) -> None:
    assert minor(Amount(amount, currency), currency) == amount


weights = st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda w: sum(w) > 0)


@given(st.integers(0, 10**15), weights)
def test_shares_sum_to_the_whole_and_miss_their_part_by_less_than_one(
    total: int, parts: list[float]
) -> None:
    shared = share_out(total, parts)
    assert sum(shared) == total
    for got, weight in zip(shared, parts, strict=True):
        assert abs(got - total * weight / sum(parts)) < 1 + total * 1e-12


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (1, [1, 2], [0, 1]),
        (10, [1, 1, 1], [4, 3, 3]),
        (11, [1, 1, 1], [4, 4, 3]),
        (5, [3, 0, 3], [3, 0, 2]),
        (10, [14, 29, 57], [1, 3, 6]),
        (100, [0.5, 0.25, 0.25], [50, 25, 25]),
        (7, [3], [7]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_what_is_left_over_goes_to_the_largest_remainders_and_in_a_tie_to_the_earlier(
    total: int, weights: list[float], parts: list[int]
) -> None:
    assert share_out(total, weights) == parts


def test_nothing_is_nothing_however_it_is_written() -> None:
    assert [money.is_zero(text) for text in ("0", "0.00", "-0.00", "0.01", "-1", "10")] == [
        *[True] * 3,
        *[False] * 3,
    ]


def test_a_sum_is_rounded_once_and_of_nothing_it_is_nothing() -> None:
    assert money.total(["0.004", "0.004", "0.004"], "USD") == 1
    assert money.total([], "USD") == 0
