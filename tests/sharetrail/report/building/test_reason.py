"""Why sharing earned what it did, in one sentence."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.report.building import reason
from sharetrail.report.building.reason import Sold

NAMES = {"ana": "Ana Oliveira", "theo": "Theo Okafor"}


def why(now: Sold, earlier: Sold) -> str:
    return reason.reason(now, earlier, NAMES, "en_US")


def many(net: int, count: int, **more: Any) -> Sold:
    return Sold(nets=(net,) * count, **more)


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (9_000, "One order makes the difference."),
        (9_001, "Two orders make the difference."),
        (16_000, "Two orders make the difference."),
        (16_001, "Three orders make the difference."),
    ],
)
def test_as_few_orders_as_make_the_difference_are_counted(difference: int, words: str) -> None:
    larger = (5_000, 7_000, 9_000, 6_000)
    smaller = Sold(nets=(sum(larger) - difference,))
    assert why(Sold(nets=larger), smaller) == words
    assert why(smaller, Sold(nets=larger)) == words


def test_else_whoever_makes_most_of_the_difference_is_named() -> None:
    now = many(1_000, 40, by_person={"ana": 25_000, "theo": 15_000})
    earlier = many(1_000, 30, by_person={"ana": 17_000, "theo": 13_000})
    assert why(now, earlier) == "Ana Oliveira makes most of the difference."
    assert why(earlier, now) == "Ana Oliveira makes most of the difference."


def test_nobody_is_named_who_makes_half_of_it_or_of_whom_nothing_is_known() -> None:
    now = many(1_000, 40, by_person={"ana": 22_000, "theo": 18_000})
    earlier = many(1_000, 30, by_person={"ana": 17_000, "theo": 13_000})
    assert "Ana" not in why(now, earlier)
    stranger = many(1_000, 40, by_person={"gone": 40_000})
    assert "gone" not in why(stranger, many(1_000, 30))


@pytest.mark.parametrize("theo", [-26_000, -5_000, 5_000])
def test_nobody_is_named_beside_whom_somebody_moved_more_than_half_as_much(theo: int) -> None:
    """Be it the other way: of Ana's 30,000 and Theo's −26,000 neither makes the 4,000 left."""
    ana = 9_000 if abs(theo) == 5_000 else 30_000
    now = many(1_000, 60, by_person={"ana": ana + 30_000, "theo": 30_000 + theo})
    before = (60_000 - ana - theo) // 1_000
    earlier = many(1_000, before, by_person={"ana": 30_000, "theo": 30_000})
    assert "Ana" not in why(now, earlier)
    assert "Ana" not in why(earlier, now)


def test_nobody_is_named_who_makes_much_more_than_the_difference() -> None:
    crowd = {f"{n}": 1_000 for n in range(26)}
    now = many(1_000, 60, by_person={"ana": 30_000})
    assert "Ana" not in why(now, many(1_000, 56, by_person=crowd))


def test_else_the_number_of_orders_where_it_changed_by_more_than_chance() -> None:
    assert why(many(1_000, 62), many(1_000, 24)) == "More orders, 62 (24 before)."
    assert why(many(1_000, 24), many(1_000, 62)) == "Fewer orders, 24 (62 before)."


def test_fifteen_orders_after_none_are_more_than_chance() -> None:
    assert why(many(1_000, 15), Sold()) == "More orders, 15 (0 before)."
    assert why(Sold(), many(1_000, 15)) == "Fewer orders, 0 (15 before)."


def test_orders_are_counted_as_the_funnel_counts_them_cancelled_ones_too() -> None:
    now = Sold(nets=(1_000,) * 40 + (0,) * 20, returned=10_000)
    assert why(now, many(1_000, 15)) == "More orders, 60 (15 before)."


def test_else_their_size() -> None:
    assert why(many(2_000, 60), many(1_000, 60)) == "Larger orders."
    assert why(many(1_000, 60), many(2_000, 60)) == "Smaller orders."


def test_what_came_back_is_asked_for_first() -> None:
    """Six orders, of each of which a tenth was refunded, make no difference by being there."""
    refunded, whole = many(9_000, 6, returned=6_000), many(10_000, 6)
    assert why(refunded, whole) == "Refunds and cancelled orders make most of the difference."
    assert why(whole, refunded) == "Fewer refunds and cancelled orders make most of the difference."


def test_what_came_back_is_told_of_many_orders_as_well() -> None:
    refunded, whole = many(800, 60, returned=12_000), many(1_000, 60)
    assert why(refunded, whole) == "Refunds and cancelled orders make most of the difference."
    assert why(whole, refunded) == "Fewer refunds and cancelled orders make most of the difference."


def test_what_is_no_more_than_chance_has_no_reason() -> None:
    assert why(many(1_000, 60), many(900, 60)) == ""
    assert why(many(1_000, 9), many(1_000, 5)) == ""


def test_what_is_a_change_without_one_reason_is_not_chance() -> None:
    assert why(many(1_350, 60), many(1_000, 42)) == "A little of everything makes the difference."


SOLD = st.builds(
    Sold,
    nets=st.lists(st.integers(0, 90_000), max_size=40).map(tuple),
    returned=st.integers(0, 50_000),
    by_person=st.dictionaries(st.sampled_from([*NAMES, "gone"]), st.integers(0, 90_000)),
)


@given(SOLD, SOLD)
def test_there_is_no_reason_without_a_difference(now: Sold, earlier: Sold) -> None:
    assert not (why(now, earlier) and now.net == earlier.net)
    assert not re.search(r"\d+ ?%", why(now, earlier)), "few orders have no percentage"
