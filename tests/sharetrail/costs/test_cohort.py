"""Buyers and what they were worth since: a shop's quarter computed by hand."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.attribution.buyer_history import CROWD
from sharetrail.attribution.credit import BuyerOrder
from sharetrail.costs.cohort import Bought, Buyers, buyers_of, is_purchase, steps_of
from tests.sharetrail.costs.orders import NOON, an_order, before, click

LUCY, MAX, IDA = (("d" + name, "n" + name) for name in ("lucy", "max", "ida"))
"""A name and a door, and the name alone."""
ORDERS = [
    an_order(1, 5_000, click("ana", before(0)), buyer=LUCY),
    an_order(2, 3_000, day=20, buyer=LUCY),
    an_order(3, 2_000, click("ben", before(80)), day=80, buyer=LUCY),
    an_order(4, 4_000, click("ana", before(3)), click("ben", before(3)), day=3, buyer=MAX),
    an_order(5, 6_000, day=5, buyer=IDA),
    an_order(6, 1_000, day=40, buyer=("aida", "dida2", "nida")),
]
"""Lucy came by Ana and ordered twice since; Max by Ana and Ben, once; Ida by nobody. Somebody of
Ida's name ordered to another door."""


def told(*orders: BuyerOrder) -> Buyers:
    return buyers_of(map(Bought.of, orders))


def test_a_quarter_computed_by_hand() -> None:
    lucy, max_, ida = told(*ORDERS).new
    brought = [sorted(each.first.brought_by) for each in (lucy, max_, ida)]
    assert brought == [["ana"], ["ana", "ben"], []]
    assert [sum(lucy.within(days)) for days in (0, 19, 20, 30, 79, 80, 360)] == [
        *(5_000, 5_000, 8_000, 8_000, 8_000, 10_000, 10_000),
    ]
    assert (ida.within(360), ida.namesakes_within(30), ida.namesakes_within(60)) == (
        [6_000],
        [],
        [1_000],
    )
    steps = steps_of([lucy, max_], NOON + timedelta(days=92))
    known = {step.days: (step.buyers, step.returned, step.worth) for step in steps}
    assert known == {
        0: (2, 0, 4_500),
        30: (2, 1, 6_000),
        60: (2, 1, 6_000),
        90: (1, 1, 10_000),  # Max came 89 days ago
        180: (0, 0, None),
        360: (0, 0, None),
    }
    (step,) = (step for step in steps_of([ida], NOON + timedelta(days=92)) if step.days == 60)
    assert (step.worth, step.with_namesakes) == (6_000, 7_000)


def test_who_has_but_the_name_in_common_is_no_new_buyer_and_not_surely_the_old_one() -> None:
    found = told(*ORDERS, an_order(7, 500, day=60, buyer=("aida", "nsomebody")))
    (ida,) = (each for each in found.new if each.first.ref == "shopify#5")
    assert [each.net for each in ida.namesakes] == [1_000, 500], "whose login it was is known"
    assert len(found.new) == 3


def test_who_had_ordered_before_or_cannot_be_known_is_no_new_buyer() -> None:
    found = told(an_order(1, 100, buyer=LUCY, earlier=2), an_order(2, 100, day=1), ORDERS[3])
    assert [each.first.ref for each in found.new] == ["shopify#4"]
    assert [each.ref for each in found.unknown] == ["shopify#2"]


def test_of_whom_nobody_can_tell_whether_they_are_new_they_are_in_no_group() -> None:
    """The shop knew the name long before it told us of orders."""
    found = told(
        an_order(1, 100, buyer=LUCY, earlier=None), an_order(2, 900, day=9, buyer=LUCY), ORDERS[3]
    )
    assert [each.first.ref for each in found.new] == ["shopify#4"]
    assert [each.ref for each in found.unknown] == ["shopify#1"]


def test_who_is_proved_later_to_be_one_was_one_from_the_first() -> None:
    """A guest at a door, then a login under another name, then an order that has both."""
    guest = an_order(1, 3_000, buyer=("ddoor", "nmia"))
    login = an_order(2, 2_000, day=3, buyer=("alogin", "nwork"))
    both = an_order(3, 1_000, day=9, buyer=("alogin", "ddoor", "nmia"))
    assert [sum(each.within(30)) for each in told(guest, login).new] == [3_000, 2_000]
    (mia,) = told(guest, login, both).new
    assert [mia.within(days) for days in (0, 3, 30)] == [
        [3_000],
        [3_000, 2_000],
        [3_000, 2_000, 1_000],
    ]


def test_a_counter_is_no_buyer() -> None:
    counter = [an_order(n, 100, day=n, buyer=IDA) for n in range(CROWD + 1)]
    assert told(*counter[1:]).new
    assert not told(*counter).new


def test_what_was_not_paid_for_or_is_gone_makes_nobody_a_buyer() -> None:
    assert is_purchase(ORDERS[0], "USD")
    assert not is_purchase(ORDERS[0], "EUR")
    assert not is_purchase(an_order(1, 100, buyer=LUCY, paid=False), "USD")
    assert not is_purchase(an_order(1, 100, buyer=LUCY, cancelled_at=NOON), "USD")


@given(st.randoms(use_true_random=False))
def test_it_is_the_same_in_whatever_order_orders_are_read(chance: random.Random) -> None:
    shuffled = chance.sample(ORDERS, len(ORDERS))
    assert told(*shuffled) == told(*ORDERS)


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 9_999), st.integers(0, 4)), max_size=30)
)
def test_no_order_is_worth_anything_twice(rows: list[tuple[int, int, int]]) -> None:
    orders = [
        an_order(n, net, day=day, buyer=(f"d{who}", f"a{who * net % 4}", f"n{who % 3}"))
        for n, (day, net, who) in enumerate(rows)
    ]
    found = told(*orders).new
    refs = [each.ref for buyer in found for each in (*buyer.orders, *buyer.namesakes)]
    assert sorted(refs) == sorted(f"shopify#{order.order}" for order in orders)
