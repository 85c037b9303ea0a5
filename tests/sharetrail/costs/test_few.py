"""Intervals: as others tabulate them, and as often right as they say."""

import random
from math import isclose

import pytest

from sharetrail.costs import few

# χ²(.1; 2n)/2 and χ²(.9; 2n + 2)/2, as tables of Poisson limits have them (80 %, two-sided).
GARWOOD = {
    0: (0, 2.303),
    1: (0.1054, 3.890),
    2: (0.5318, 5.322),
    5: (2.433, 9.275),
    10: (6.221, 15.41),
}


@pytest.mark.parametrize("seen", GARWOOD)
def test_limits_of_a_count_are_garwoods_within_seven_percent(seen: int) -> None:
    for own, table in zip(few.mean_of(seen), GARWOOD[seen], strict=True):
        assert isclose(own, table, rel_tol=0.07)


def test_the_more_orders_the_surer_their_revenue() -> None:
    widths = [high - low for low, high in map(few.revenue_of, (1, 4, 20, 400))]
    assert widths == sorted(widths, reverse=True)
    assert all(low < 1 < high for low, high in map(few.revenue_of, (1, 4, 20, 400)))


@pytest.mark.parametrize("count", [3, 10, 60])
def test_what_a_buyer_is_worth_lies_in_its_interval_four_times_in_five(count: int) -> None:
    chance, spread = random.Random(count), 0.8
    truth = 100 * 2.718281828 ** (spread**2 / 2)
    hits = 0
    for _ in range(400):
        values = [100 * chance.lognormvariate(0, spread) for _ in range(count)]
        _, low, high = few.mean_value(values)
        hits += low <= truth <= high
    assert 0.72 <= hits / 400 <= 0.92


def test_two_buyers_who_spent_alike_do_not_prove_that_all_do() -> None:
    mean, low, high = few.mean_value([50.0, 50.0])
    assert (mean, low < 40, high > 60) == (50, True, True)
    assert few.mean_value([0, 0]) == (0, 0, 0)


def test_a_part_is_wilsons() -> None:
    low, high = few.part_of(3, 10)
    assert (round(low, 3), round(high, 3)) == (0.154, 0.503)
    assert few.part_of(0, 5)[0] == 0
    assert few.part_of(5, 5)[1] == pytest.approx(1)
