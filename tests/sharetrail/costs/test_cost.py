"""Costs: spread over their days to the cent, the same twice the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sharetrail.calendars import DAY
from sharetrail.costs.cost import LONGEST, Cost, derived_id
from sharetrail.money import share_out

FIRST = date(2026, 11, 1)
NOW = datetime(2026, 11, 5, tzinfo=UTC)


def a_cost(days: int = 30, **said: Any) -> Cost:
    told = {"id": "fee-1", "kind": "fee", "amount": 50_000, "currency": "USD", **said}
    last = FIRST + (days - 1) * DAY
    return Cost(**{"first": FIRST, "last": last, "entered_at": NOW, **told})


def test_a_months_fee_is_spread_over_its_days() -> None:
    fee = a_cost(30, amount=50_000)
    assert fee.within(FIRST, FIRST) == 1_667
    assert fee.within(FIRST, FIRST + 6 * DAY) == 7 * 1_667
    assert fee.within(date(2026, 11, 30), date(2026, 12, 31)) == 1_666
    assert fee.within(date(2026, 10, 1), date(2026, 10, 31)) == 0
    assert fee.within(date(2026, 1, 1), date(2026, 12, 31)) == 50_000


@given(
    st.integers(1, LONGEST.days), st.integers(1, 10**9), st.lists(st.integers(-50, 420), max_size=5)
)
def test_the_parts_of_adjoining_spans_add_up_to_the_whole(
    days: int, amount: int, cuts: list[int]
) -> None:
    cost = a_cost(days, amount=amount)
    ends = sorted({-60, 430, *cuts})
    parts = [
        cost.within(FIRST + begin * DAY, FIRST + (end - 1) * DAY) for begin, end in pairwise(ends)
    ]
    assert sum(parts) == amount


@given(st.integers(1, 120), st.integers(1, 10**7))
def test_a_days_part_is_what_money_shares_out(days: int, amount: int) -> None:
    cost = a_cost(days, amount=amount)
    daily = [cost.within(FIRST + n * DAY, FIRST + n * DAY) for n in range(days)]
    assert daily == share_out(amount, [1.0] * days)


def test_what_was_taken_back_is_no_cost_of_any_day() -> None:
    gone = replace(a_cost(), taken_back_at=NOW)
    assert gone.within(date(2026, 1, 1), date(2026, 12, 31)) == 0


def test_the_same_said_twice_has_one_id_and_anything_else_another() -> None:
    cost = a_cost()
    assert derived_id(cost) == derived_id(replace(cost, id="", entered_at=NOW + timedelta(days=3)))
    others = [
        a_cost(amount=50_001),
        a_cost(kind="gift"),
        a_cost(29),
        a_cost(influencer="ana"),
        a_cost(campaign="ana"),
        a_cost(note="a lamp"),
    ]
    assert len({derived_id(each) for each in [cost, *others]}) == 7
    assert not any(cost.says_the_same(each) for each in others)
    assert cost.says_the_same(replace(cost, entered_at=NOW + timedelta(days=3)))
