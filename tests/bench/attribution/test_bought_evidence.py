"""Buying evidence: the docs' tables are what is computed, and no case that pays goes unheld."""

from fractions import Fraction
from pathlib import Path

import pytest

from bench.attribution.bought_evidence import (
    LATER_ORDERS,
    OTHER_VALUES,
    Cell,
    by_cell,
    by_value,
    cells,
    is_held,
)

PAGE = Path(__file__).parents[3] / "docs" / "fraud.md"


def test_the_page_shows_the_tables_as_they_are_computed() -> None:
    page = PAGE.read_text()
    assert by_cell() in page
    assert by_value() in page


def test_no_cell_that_pays_goes_unheld_nor_do_several_later_orders() -> None:
    grid = list(cells(OTHER_VALUES, LATER_ORDERS))
    assert any(each.profit > 0 for each in grid), "were nothing held, it would pay"
    assert [each for each in grid if each.unheld_profit > 0] == []
    paying = [each for each in grid if each.profit > 0]
    assert all(is_held(each.price, each.value * each.later) for each in paying)


@pytest.mark.parametrize(("commission", "repeat_rate"), [(30, 70), (23, 100), (10, 100)])
def test_at_any_price_what_stands_pays_nobody_up_to_these_rates(
    commission: int, repeat_rate: int
) -> None:
    """Beyond them, at 30 % of commission, who is sure to buy again would pay."""
    rates = {"commission": Fraction(commission, 100), "repeat_rate": Fraction(repeat_rate, 100)}
    profits = [
        Cell(price=price, value=value, later=later, **rates).unheld_profit
        for price in range(1, 400)
        for value in OTHER_VALUES
        for later in LATER_ORDERS
    ]
    assert max(profits) <= 0
    sure = Cell(price=150, commission=Fraction(3, 10), repeat_rate=Fraction(71, 100), value=500)
    assert sure.unheld_profit > 0
