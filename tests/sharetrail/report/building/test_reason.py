"""Why sharing earned what it did, in one sentence."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.report.building import reason
from sharetrail.report.building.reason import CHANCE, Sold
from sharetrail.report.report import Earned
from tests.reports import a_report

NAMES = {"ana": "Ana Oliveira", "theo": "Theo Okafor"}


def why(now: Sold, earlier: Sold) -> str:
    return reason.reason(now, earlier, NAMES, "en_US")


def many(net: int, count: int, **more: Any) -> Sold:
    return Sold(nets=(net,) * count, **more)


def said(earned: Earned, before: Earned | None, **more: Any) -> str:
    return reason.sentence(a_report(earned=earned, before=before, **more))


def earned(influenced: int, orders: int, all_net: int = 0) -> Earned:
    return Earned(
        last_click=influenced,
        last_click_orders=orders,
        all_orders=orders + 3,
        all_net=max(all_net, influenced),
    )


# ── Why ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (9_000, "one order makes the difference"),
        (9_001, "two orders make the difference"),
        (16_000, "two orders make the difference"),
        (16_001, "three orders make the difference"),
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
    assert why(now, earlier) == "Ana Oliveira makes most of the difference"
    assert why(earlier, now) == "Ana Oliveira makes most of the difference"


def test_nobody_is_named_who_makes_half_of_it_or_of_whom_nothing_is_known() -> None:
    now = many(1_000, 40, by_person={"ana": 22_000, "theo": 18_000})
    earlier = many(1_000, 30, by_person={"ana": 17_000, "theo": 13_000})
    assert "Ana" not in why(now, earlier)
    stranger = many(1_000, 40, by_person={"gone": 40_000})
    assert "gone" not in why(stranger, many(1_000, 30))


def test_else_the_number_of_orders_where_it_changed_by_more_than_chance() -> None:
    assert why(many(1_000, 62), many(1_000, 24)) == "more orders, 62 (24 before)"
    assert why(many(1_000, 24), many(1_000, 62)) == "fewer orders, 24 (62 before)"


def test_else_their_size() -> None:
    assert why(many(2_000, 60), many(1_000, 60)) == "larger orders"
    assert why(many(1_000, 60), many(2_000, 60)) == "smaller orders"


def test_else_what_came_back() -> None:
    refunded, whole = many(800, 60, returned=12_000), many(1_000, 60)
    assert why(refunded, whole) == "refunds and cancelled orders make most of the difference"
    assert why(whole, refunded) == "fewer refunds and cancelled orders make most of the difference"


def test_else_it_is_no_more_than_chance() -> None:
    assert why(many(1_000, 60), many(900, 60)) == CHANCE


SOLD = st.builds(
    Sold,
    nets=st.lists(st.integers(0, 90_000), max_size=40).map(tuple),
    returned=st.integers(0, 50_000),
    by_person=st.dictionaries(st.sampled_from([*NAMES, "gone"]), st.integers(0, 90_000)),
)


@given(SOLD, SOLD)
def test_there_is_a_reason_wherever_there_is_a_difference(now: Sold, earlier: Sold) -> None:
    assert bool(why(now, earlier)) is (now.net != earlier.net)
    assert not re.search(r"\d+ ?%", why(now, earlier)), "few orders have no percentage"


# ── The sentence ─────────────────────────────────────────────────────────────────────────────────
def test_both_sums_stand_in_it_and_the_reason() -> None:
    two, half = "two orders make the rest", "Ana makes most of the difference"
    text = said(earned(148_800, 9, 420_000), earned(220_100, 11, 481_000), reason=two)
    assert text == (
        "Sharing brought $1,488.00 of $4,200.00, less than the $2,201.00 of $4,810.00 the week "
        "before; two orders make the rest, which is no clear change."
    )
    text = said(earned(148_800, 4, 420_000), earned(220_100, 5), reason=two)
    assert text.endswith("; two orders make the rest, which is too few to tell.")
    text = said(earned(400_000, 90, 420_000), earned(120_100, 30), reason=half)
    assert text.endswith("; Ana makes most of the difference.")
    text = said(earned(148_800, 9, 420_000), earned(220_100, 11), reason=CHANCE)
    assert text.endswith("; no more than chance.")


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (
            earned(5_000, 1, 9_000),
            None,
            "Sharing brought $50.00 of $90.00 in this first week; there is nothing to compare it "
            "with yet.",
        ),
        (
            earned(5_000, 1, 9_000),
            earned(0, 0, 4_000),
            "Sharing brought $50.00 of $90.00, after nothing the week before.",
        ),
        (
            earned(5_000, 1),
            earned(5_000, 1),
            "Sharing brought $50.00, exactly as much as the week before.",
        ),
        (
            earned(0, 0, 9_000),
            earned(5_000, 1),
            "Sharing brought nothing of 3 orders. The week before it brought $50.00.",
        ),
        (
            earned(0, 5, 9_000),
            earned(5_000, 1),
            "All 5 orders that sharing brought were refunded or cancelled. The week before it "
            "brought $50.00.",
        ),
        (earned(-50, 1), None, "The one order that sharing brought was refunded or cancelled."),
        (
            Earned(),
            earned(5_000, 1),
            "No order in USD came in this week. The week before it brought $50.00.",
        ),
    ],
)
def test_every_kind_of_week_has_its_own_sentence(
    now: Earned, before: Earned | None, words: str
) -> None:
    assert said(now, before, reason="") == words
