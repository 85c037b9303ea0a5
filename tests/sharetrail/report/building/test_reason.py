"""Why sharing earned what it did, in one sentence."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.report.building import reason
from sharetrail.report.building.reason import CHANCE, TOO_FEW, Sold
from sharetrail.report.earned import Earned
from tests.reports import a_report

NAMES = {"ana": "Ana Oliveira", "theo": "Theo Okafor"}


def why(now: Sold, earlier: Sold) -> str:
    return reason.reason(now, earlier, NAMES, "en_US")


def many(net: int, count: int, **more: Any) -> Sold:
    return Sold(nets=(net,) * count, **more)


def said(earned: Earned, before: Earned | None, **more: Any) -> str:
    return reason.sentence(a_report(earned=earned, before=before, **more))


def earned(influenced: int, orders: int, all_net: int = 0, returned: int = 0) -> Earned:
    return Earned(
        last_click=influenced,
        last_click_orders=orders,
        all_orders=orders + 3,
        all_net=max(all_net, influenced),
        returned_orders=returned,
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
    assert why(many(1_000, 62), many(1_000, 24)) == "more orders, 62 (24 before)"
    assert why(many(1_000, 24), many(1_000, 62)) == "fewer orders, 24 (62 before)"


def test_fifteen_orders_after_none_are_more_than_chance() -> None:
    assert why(many(1_000, 15), Sold()) == "more orders, 15 (none before)"
    assert why(Sold(), many(1_000, 15)) == "fewer orders, none (15 before)"


def test_orders_are_counted_as_the_funnel_counts_them_cancelled_ones_too() -> None:
    now = Sold(nets=(1_000,) * 40 + (0,) * 20, returned=10_000)
    assert why(now, many(1_000, 15)) == "more orders, 60 (15 before)"


def test_else_their_size() -> None:
    assert why(many(2_000, 60), many(1_000, 60)) == "larger orders"
    assert why(many(1_000, 60), many(2_000, 60)) == "smaller orders"


def test_what_came_back_is_asked_for_first() -> None:
    """Six orders, of each of which a tenth was refunded, make no difference by being there."""
    refunded, whole = many(9_000, 6, returned=6_000), many(10_000, 6)
    assert why(refunded, whole) == "refunds and cancelled orders make most of the difference"
    assert why(whole, refunded) == "fewer refunds and cancelled orders make most of the difference"


def test_what_came_back_is_told_of_many_orders_as_well() -> None:
    refunded, whole = many(800, 60, returned=12_000), many(1_000, 60)
    assert why(refunded, whole) == "refunds and cancelled orders make most of the difference"
    assert why(whole, refunded) == "fewer refunds and cancelled orders make most of the difference"


def test_else_it_is_no_more_than_chance() -> None:
    assert why(many(1_000, 60), many(900, 60)) == CHANCE


def test_of_fewer_orders_than_tell_anything_chance_is_not_claimed() -> None:
    assert why(many(1_000, 9), many(1_000, 5)) == TOO_FEW
    assert why(many(1_000, 12), many(1_000, 8)) == CHANCE


def test_what_is_a_change_without_one_reason_is_not_chance() -> None:
    assert why(many(1_350, 60), many(1_000, 42)) == "a little of everything makes the difference"


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
    text = said(earned(148_800, 4, 420_000), earned(220_100, 5), reason=TOO_FEW)
    assert text.endswith("; too few orders to tell.")


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (
            earned(5_000, 1, 9_000),
            None,
            "Sharing brought $50.00 of $90.00, after nothing was heard the week before.",
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
            earned(0, 5, 9_000, returned=5),
            earned(5_000, 1),
            "All 5 orders that sharing brought were refunded or cancelled. The week before it "
            "brought $50.00.",
        ),
        (
            earned(-50, 1, returned=1),
            None,
            "The one order that sharing brought was refunded or cancelled.",
        ),
        (earned(0, 1), None, "The one order that sharing brought cost nothing."),
        (
            earned(0, 3, returned=1),
            None,
            "All 3 orders that sharing brought cost nothing or were refunded or cancelled.",
        ),
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


def test_only_days_in_which_the_shop_was_first_heard_of_are_its_first() -> None:
    """The week is that of Monday, November 16."""
    first = (
        "Sharing brought $50.00 of $90.00 in this first week; there is nothing to compare it "
        "with yet."
    )
    silent = "Sharing brought $50.00 of $90.00, after nothing was heard the week before."
    now = earned(5_000, 1, 9_000)
    assert said(now, None, reason="", heard_since=date(2026, 11, 16)) == first
    assert said(now, None, reason="", heard_since=date(2026, 11, 22)) == first
    assert said(now, None, reason="", heard_since=date(2026, 11, 15)) == silent


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2026, 11, 9), "less than the $500.00 the week before; a reason."),
        (date(2026, 11, 10), "the week before had 6 days with us."),
        (date(2026, 11, 15), "the week before had 1 day with us."),
    ],
)
def test_a_part_of_a_span_compares_with_nothing(since: date, words: str) -> None:
    now, before = earned(5_000, 40, 9_000), earned(50_000, 90)
    assert said(now, before, reason="a reason", heard_since=since).endswith(words)
