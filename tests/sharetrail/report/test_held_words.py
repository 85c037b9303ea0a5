"""How it is told what of older orders waits."""

import pytest

from sharetrail.report import held_words
from sharetrail.report.held import Held, HeldSum, OlderHeld
from sharetrail.report.span import SpanKind
from tests.reports import a_held_order, a_report


def told(
    orders: int, kind: SpanKind = "week", name: str = "#998", *, are_more: bool = False
) -> str:
    asking = HeldSum(orders=orders, amount=4_800 * orders)
    listed = (a_held_order(name=name),)[:orders]
    older = OlderHeld(asking=asking, are_more=are_more, listed=listed)
    return held_words.waiting(a_report(older_held=older, kind=kind))


@pytest.mark.parametrize(
    ("orders", "kind", "words"),
    [
        (0, "week", ""),
        (1, "week", "The older order #998, $48.00, waits for you."),
        (2, "week", "2 older orders, $96.00, wait for you."),
        (2, "days", "2 older orders, $96.00, wait for you."),
    ],
)
def test_one_order_has_its_name_and_several_their_number(
    orders: int, kind: SpanKind, words: str
) -> None:
    assert told(orders, kind) == words


def test_an_order_without_a_name_is_one_order() -> None:
    assert told(1, name="") == "1 older order, $48.00, waits for you."


def test_where_not_all_were_looked_through_it_is_the_least() -> None:
    assert told(2, are_more=True) == ("At least 2 older orders, $96.00, wait for you.")


def test_where_none_of_those_waits_it_says_that_they_were_not_all() -> None:
    assert told(0, "month", are_more=True) == "Not all older orders were looked at."


@pytest.mark.parametrize(
    ("of_the_days", "before", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 order in another currency waits for you."),
        (1, 1, "2 orders in other currencies wait for you."),
    ],
)
def test_orders_in_other_currencies_are_counted(of_the_days: int, before: int, words: str) -> None:
    report = a_report(held=Held(foreign=of_the_days), older_held=OlderHeld(foreign=before))
    assert held_words.waiting(report) == words
    assert held_words.waiting(report, is_told=True) == words


def test_a_name_is_shown_as_names_are() -> None:
    assert "The older order Eve bhttp/evil·com, $48.00" in told(
        1, name="Eve\u202e <b>http://evil.com\r\n"
    )
