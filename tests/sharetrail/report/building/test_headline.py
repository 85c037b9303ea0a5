"""What happened to what sharing earned, in a sentence or two."""

from datetime import date
from typing import Any

import pytest

from sharetrail.report.building import headline
from sharetrail.report.earned import Earned
from tests.reports import a_report


def said(earned: Earned, before: Earned | None, **more: Any) -> str:
    return headline.sentence(a_report(earned=earned, before=before, **more))


def earned(influenced: int, orders: int, all_net: int = 0, returned: int = 0) -> Earned:
    return Earned(
        last_click=influenced,
        last_click_orders=orders,
        all_orders=orders + 3,
        all_net=max(all_net, influenced),
        returned_orders=returned,
    )


def test_both_sums_stand_in_it_and_the_reason() -> None:
    two, half = "Two orders make the rest.", "Ana makes most of the difference."
    text = said(earned(148_800, 9, 420_000), earned(220_100, 11, 481_000), reason=two)
    assert text == (
        "Sharing brought $1,488.00 of $4,200.00 (35%), less than the $2,201.00 of $4,810.00 (46%) "
        "the week before. Two orders make the rest. No clear change."
    )
    text = said(earned(148_800, 4, 420_000), earned(220_100, 5), reason=two)
    assert text.endswith(". Two orders make the rest. Too few to tell.")
    text = said(earned(400_000, 90, 420_000), earned(120_100, 30), reason=half)
    assert text.endswith(" the week before. Ana makes most of the difference.")
    text = said(earned(148_800, 9, 420_000), earned(220_100, 11), reason="")
    assert text.endswith(" the week before. The change may be chance.")
    text = said(earned(148_800, 4, 420_000), earned(220_100, 5), reason="")
    assert text.endswith(" the week before. Too few orders to tell.")


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
            "Sharing brought $50.00 of $90.00, after nothing the week before. Too few orders to "
            "tell.",
        ),
        (
            earned(5_000, 1),
            earned(5_000, 1),
            "Sharing brought $50.00, exactly as much as the week before.",
        ),
        (
            earned(0, 0, 9_000),
            earned(5_000, 1),
            "Sharing brought nothing of 3 orders. Sharing brought $50.00 the week before.",
        ),
        (
            earned(0, 5, 9_000, returned=5),
            earned(5_000, 1),
            "All 5 orders that sharing brought were refunded or cancelled. Sharing brought $50.00 "
            "the week before.",
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
            "No order in USD came in this week. Sharing brought $50.00 the week before.",
        ),
    ],
)
def test_every_kind_of_week_has_its_own_sentence(
    now: Earned, before: Earned | None, words: str
) -> None:
    assert said(now, before, reason="") == words


def test_only_days_in_which_the_shop_was_first_heard_of_are_its_first() -> None:
    """The week is that of Monday, November 16."""
    first = "Sharing brought $50.00 of $90.00. There is nothing to compare it with yet."
    silent = "Sharing brought $50.00 of $90.00, after nothing was heard the week before."
    now = earned(5_000, 1, 9_000)
    assert said(now, None, reason="", heard_since=date(2026, 11, 16)) == first
    assert said(now, None, reason="", heard_since=date(2026, 11, 22)) == first
    assert said(now, None, reason="", heard_since=date(2026, 11, 15)) == silent


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2026, 11, 9), "less than the $500.00 the week before. A reason."),
        (
            date(2026, 11, 10),
            "Sharetrail ran on only 6 days the week before, which does not compare.",
        ),
        (
            date(2026, 11, 15),
            "Sharetrail ran on only 1 day the week before, which does not compare.",
        ),
    ],
)
def test_a_part_of_a_span_compares_with_nothing(since: date, words: str) -> None:
    now, before = earned(5_000, 40, 9_000), earned(50_000, 90)
    assert said(now, before, reason="A reason.", heard_since=since).endswith(words)
