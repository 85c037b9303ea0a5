"""What was spent, and what came back: a shop's week computed by hand."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.fraud_rules import Decision, Verdict
from sharetrail.costs.cost import Cost
from sharetrail.costs.spend import Grouping, Return, Spend, returns_by
from tests.sharetrail.costs.orders import NOON, an_order, before, click, code

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 8)
NOW = NOON + timedelta(days=8)


def a_cost(kind: str, amount: int, first: date, last: date | None = None, **whom: str) -> Cost:
    name = f"{kind}-{amount}-{first}"
    days = {"first": first, "last": last or first}
    return Cost(id=name, kind=kind, amount=amount, currency="USD", entered_at=NOON, **days, **whom)  # type: ignore[arg-type]


COSTS = [
    a_cost("fee", 30_000, date(2026, 11, 1), date(2026, 11, 30), influencer="ana"),
    a_cost("gift", 2_500, date(2026, 11, 3), influencer="ben"),
    a_cost("other", 10_000, date(2026, 11, 2)),
    a_cost("fee", 2_000, date(2026, 11, 4), campaign="spring"),
    a_cost("fee", 7_700, date(2026, 11, 9), influencer="ben"),
]
"""Of the month's 300.00 seven days are of the week: 70.00. The last is of the week after."""
ORDERS = [
    an_order(1, 10_000, click("ana", before(), campaign="spring")),
    an_order(2, 6_000, click("ana", before()), click("ben", before())),
    an_order(
        3,
        8_000,
        click("ben", before(1)),
        code("ANA10", "ana", before(1)),
        day=1,
        off={"ANA10": 800},
    ),
    an_order(4, 4_000, code("ANA10", "ana", before(2)), day=2, off={"ANA10": 400}),
    an_order(
        5,
        9_000,
        click("ana", before(2)),
        code("ANA10", "ana", before(2)),
        day=2,
        off={"ANA10": 900},
        paid=False,
    ),
    an_order(6, 7_000, click("ben", before(3)), day=3, left=0, cancelled_at=NOON),
    an_order(7, 5_000, day=4),
]


def of_week(
    by: Grouping = "influencer", orders: Sequence[OrderFigures] | None = None
) -> dict[str, Return]:
    found = returns_by(by, COSTS, ORDERS if orders is None else orders, FIRST, LAST, NOW)
    return {"whole": found.whole, **found.groups}


def test_a_week_computed_by_hand() -> None:
    told = of_week()
    ana, ben, nobodys, whole = (told[who] for who in ("ana", "ben", "", "whole"))
    assert ana == Return(
        spend=Spend(fee=7_000, discount=1_200), orders=3, revenue=26_000, earned=17_000, earning=3
    )
    assert ben == Return(
        spend=Spend(gift=2_500), orders=2, revenue=11_000, earned=11_000, earning=2
    )
    assert nobodys == Return(spend=Spend(fee=2_000, other=10_000))
    assert whole == Return(
        spend=Spend(fee=9_000, gift=2_500, discount=1_200, other=10_000),
        orders=4,
        revenue=37_000,
        earned=28_000,
        earning=4,
    )
    assert round(ana.cost_per_order or 0) == 2_733  # 82.00 / 3
    assert round(ana.return_on_spend or 0, 4) == 2.0732  # 170.00 / 82.00
    assert whole.return_on_spend == 28_000 / 22_700


def test_by_campaign_and_by_network_it_is_the_same_money() -> None:
    campaigns = of_week("campaign")
    assert campaigns["spring"].spend == Spend(fee=2_000)
    assert (campaigns["spring"].orders, campaigns["spring"].earned) == (1, 10_000)
    networks = of_week("network")
    assert networks["coupon"].spend == Spend(discount=1_200), "codes are passed on anywhere"
    assert networks["instagram"].earned == 24_000
    assert campaigns["whole"] == networks["whole"] == of_week()["whole"]


def test_where_nothing_was_spent_nothing_is_said_of_it() -> None:
    brought = Return(orders=3, revenue=9_000, earned=9_000)
    assert (brought.cost_per_order, brought.return_on_spend, brought.return_range) == (None,) * 3
    barren = Return(spend=Spend(fee=5_000))
    assert (barren.cost_per_order, barren.return_on_spend, barren.return_range) == (None, 0, None)
    low, high = barren.cost_per_order_range
    assert (round(low, -2), high) == (2_200, None), "at most 2.3 orders were to be expected"


def test_the_fewer_orders_the_wider_what_it_may_come_to() -> None:
    few, many = (
        Return(spend=Spend(fee=100 * n), orders=n, earning=n, revenue=300 * n, earned=300 * n)
        for n in (3, 300)
    )
    assert few.return_range
    assert many.return_range
    assert (
        few.return_range[0] < many.return_range[0] < 3 < many.return_range[1] < few.return_range[1]
    )
    assert few.cost_per_order == many.cost_per_order == 100
    assert few.cost_per_order_range[0] < many.cost_per_order_range[0] < 100


def test_what_codes_took_off_is_of_each_order_and_no_fee() -> None:
    off = Return(spend=Spend(discount=5_000), orders=10, revenue=90_000)
    assert (off.cost_per_order, off.cost_per_order_range) == (500, (500, 500))
    fee = Return(spend=Spend(fee=5_000), orders=10, revenue=90_000)
    both = Return(spend=Spend(fee=5_000, discount=5_000), orders=10, revenue=90_000)
    assert both.cost_per_order_range == pytest.approx(
        [500 + end for end in fee.cost_per_order_range]
    )


def test_a_code_whose_discount_the_shop_does_not_tell_is_counted_and_costs_nothing() -> None:
    order = an_order(1, 4_000, code("ANA10", "ana", before()))
    ana = returns_by("influencer", [], [order], FIRST, LAST, NOW).groups["ana"]
    assert (ana.untold, ana.spend.total, ana.orders) == (1, 0, 1)


@pytest.mark.parametrize("verdict", [None, "upheld"])
def test_what_is_held_or_rejected_is_credited_and_not_earned(verdict: Verdict | None) -> None:
    doubt = Decision(
        rule="self_email", effect="doubt", influencer="ana", sentence="", verdict=verdict
    )
    order = replace(ORDERS[0], decisions=(doubt,))
    ana = returns_by("influencer", [], [order], FIRST, LAST, NOW).groups["ana"]
    assert (ana.revenue, ana.earned, ana.earning) == (10_000, 0, 0)
    assert ana.held == (0 if verdict else 10_000)
    assert replace(ana, spend=Spend(fee=5_000)).return_range is None, "nothing is known of it yet"


@given(st.randoms(use_true_random=False), st.sampled_from(["influencer", "campaign", "network"]))
def test_groups_add_up_to_the_whole_in_whatever_order_facts_are_told(
    chance: random.Random, by: Grouping
) -> None:
    costs, orders = chance.sample(COSTS, len(COSTS)), chance.sample(ORDERS, len(ORDERS))
    told = returns_by(by, costs, orders, FIRST, LAST, NOW)
    assert {"whole": told.whole, **told.groups} == of_week(by)
    spend = Spend()
    for group in told.groups.values():
        spend += group.spend
    assert spend == told.whole.spend
    assert sum(group.revenue for group in told.groups.values()) == told.whole.revenue
    assert sum(group.earned for group in told.groups.values()) == told.whole.earned
