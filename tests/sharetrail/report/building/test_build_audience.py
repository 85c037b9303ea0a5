"""A report's days over time, and who came."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import calendars
from sharetrail.analysis.period import Period
from sharetrail.analysis.visits import Visits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.report import span
from sharetrail.report.building.build_audience import audience_of, steps_of
from sharetrail.report.span import Span
from sharetrail.totals.tally import Tally

ZONE = "America/New_York"
AN_ORDER = OrderFigures(
    platform="shopify",
    order="1",
    name="#1",
    placed_at=datetime(2026, 11, 16, 12, tzinfo=UTC),
    currency="USD",
    net=100,
    refunded=0,
    influence="last_click",
    packed="",
    trail_state="ids",
)


def a_period(asked: Span, orders: list[OrderFigures], now: datetime) -> Period:
    """A click of the first day, two of the second, and so on."""
    visits = Visits(zone=ZoneInfo(ZONE))
    for n in range(asked.length):
        day = asked.first + n * calendars.DAY
        if day <= calendars.local_day(now, ZoneInfo(ZONE)):
            visits.add_day(day, Tally(links={"c": {"human": n + 1, "country:DE": 1}}))
    return Period(
        first=asked.first,
        last=asked.last,
        as_of=now,
        tally=Tally(),
        visits=visits,
        links={},
        orders=tuple(orders),
        foreign=(),
    )


@pytest.mark.parametrize(
    ("key", "steps", "second"),
    [
        ("2026-11-16", 1, None),
        ("2026-W47", 7, date(2026, 11, 17)),
        ("2026-10", 31, date(2026, 10, 2)),
        ("2026-10-02..2026-11-11", 7, date(2026, 10, 5)),
        ("2026-Q2", 14, date(2026, 4, 6)),
        ("2025", 12, date(2025, 2, 1)),
        ("2025-12-31..2026-11-01", 12, date(2026, 1, 1)),
    ],
)
def test_days_are_told_one_by_one_by_week_or_by_month(
    key: str, steps: int, second: date | None
) -> None:
    asked = span.read(key)
    told = steps_of(a_period(asked, [], datetime(2026, 12, 1, tzinfo=UTC)))
    assert len(told) == steps
    assert told[0].first == asked.first
    assert second is None or told[1].first == second


orders = st.builds(
    lambda net, influence, day: replace(
        AN_ORDER,
        net=net,
        influence=influence,
        placed_at=AN_ORDER.placed_at + timedelta(days=day),
    ),
    st.integers(0, 10_000),
    st.sampled_from(["last_click", "assisted", "none"]),
    st.integers(-50, 60),
)


@given(
    st.lists(orders, max_size=12),
    st.sampled_from(["2026-W47", "2026-11", "2026-Q4", "2026", "2026-10-01..2026-11-20"]),
    st.integers(0, 40),
)
def test_steps_add_up_to_what_is_earned_and_clicked(
    orders: list[OrderFigures], key: str, later: int
) -> None:
    now = datetime(2026, 11, 16, 13, tzinfo=UTC) + timedelta(days=later)
    period = a_period(span.read(key), orders, now)
    told = steps_of(period)
    for influence in ("last_click", "assisted"):
        whole = sum(each.net for each in orders if each.influence == influence)
        assert sum(getattr(each, influence) for each in told) == whole
    assert sum(each.all_net for each in told) == sum(each.net for each in orders)
    assert sum(each.orders for each in told) == sum(e.influence != "none" for e in orders)
    assert sum(each.clicks for each in told) == sum(period.visits.by_day.values())
    assert all(each.first <= calendars.local_day(now, ZoneInfo(ZONE)) for each in told)


def test_an_order_and_a_click_are_of_their_own_day_on_the_shops_clock() -> None:
    late = replace(AN_ORDER, placed_at=datetime(2026, 11, 18, 4, 59, tzinfo=UTC))
    told = steps_of(a_period(span.read("2026-W47"), [late], datetime(2026, 12, 1, tzinfo=UTC)))
    assert [each.orders for each in told] == [0, 1, 0, 0, 0, 0, 0]
    assert [each.clicks for each in told] == [1, 2, 3, 4, 5, 6, 7]
    weeks = span.read("2026-10-02..2026-11-30")
    told = steps_of(a_period(weeks, [late], datetime(2026, 12, 1, tzinfo=UTC)))
    assert [each.first for each in told if each.orders] == [date(2026, 11, 16)]


def test_days_that_have_not_begun_have_no_step() -> None:
    assert steps_of(a_period(span.read("2026-W47"), [], datetime(2026, 11, 10, tzinfo=UTC))) == ()


def test_buyers_are_new_or_returning_as_far_as_orders_say() -> None:
    returned = Decision(rule="repeat_buyer", effect="wait", sentence="The buyer had ordered.")
    told = [
        replace(AN_ORDER, earlier_orders=0),
        replace(AN_ORDER, earlier_orders=2),
        AN_ORDER,
        replace(AN_ORDER, decisions=(returned,)),
        replace(AN_ORDER, earlier_orders=0, influence="none"),
    ]
    now = datetime(2026, 11, 30, tzinfo=UTC)
    audience = audience_of(a_period(span.read("2026-W47"), told, now))
    buyers = audience.new_buyers, audience.returning_buyers, audience.unknown_buyers
    assert buyers == (1, 2, 1)
    assert audience.countries == {"DE": 7}
    assert audience.hours == ()
    assert audience.weekdays == (1, 2, 3, 4, 5, 6, 7)
