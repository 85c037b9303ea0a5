"""Whether a shop's orders stopped to come before a report's days were over."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sharetrail.report.building import order_silence, tasks
from sharetrail.report.earned import Earned
from sharetrail.report.report import Funnel, Report
from tests.reports import a_report, an_influencer

LAST = date(2026, 12, 13)


def paid(orders: int, **more: Any) -> Earned:
    return Earned(all_orders=orders, all_paid_orders=orders, all_net=orders * 5_000, **more)


def a_month(**changes: Any) -> Report:
    """Of a shop that was last heard of on 13 December, after a whole November."""
    month: dict[str, Any] = {
        "kind": "month",
        "first": date(2026, 12, 1),
        "last": date(2026, 12, 31),
        "earned": paid(71),
        "before": paid(134),
        "last_order": LAST,
        "last_event": datetime(2026, 12, 13, 20, tzinfo=UTC),
        "influencers": (),
        "held_orders": (),
        "other_currencies": (),
    }
    return a_report(**(month | changes))


def told(report: Report) -> list[str]:
    return [f"{tasks.title(task)}: {task.reason}" for task in tasks.choose(report)]


def test_a_silence_at_the_end_of_the_days_is_told_before_all_else() -> None:
    assert order_silence.since(a_month()) == LAST
    assert told(a_month()) == [
        "Mend the order webhook: Nothing was heard of the shop after Dec 13: does its webhook "
        "still reach us?"
    ]


def test_where_clicks_still_come_it_is_orders_alone_that_stopped() -> None:
    at = datetime(2026, 12, 31, 20, tzinfo=UTC)
    (task,) = told(a_month(last_event=at))
    assert task.startswith("Mend the order webhook: No order came after Dec 13:")
    by_the_clock = datetime(2026, 12, 14, 4, 59, tzinfo=UTC)
    (task,) = told(a_month(last_event=by_the_clock))
    assert "shop after Dec 13:" in task, "it was the 13th in New York"


@pytest.mark.parametrize(
    ("orders", "before", "last", "is_silent"),
    [
        (300, 300, date(2026, 12, 28), True),
        (900, 900, date(2026, 12, 29), False),  # two days are a weekend
        (71, 33, LAST, False),  # 18 days of which 19.8 orders were due
        (71, 34, LAST, True),
        (14, 134, LAST, False),  # by the days before it that are the weaker
        (15, 134, LAST, True),
    ],
)
def test_of_a_silence_is_told_that_would_hardly_be_chance(
    orders: int, before: int, last: date, is_silent: bool
) -> None:
    report = a_month(earned=paid(orders), before=paid(before), last_order=last)
    assert bool(order_silence.since(report)) == is_silent


def test_without_a_span_before_it_is_told_by_the_days_with_the_shop() -> None:
    """Heard of on the 3rd for the first time: eleven days, and then eleven without an order."""
    new: dict[str, Any] = {"before": None, "heard_since": date(2026, 12, 3)}
    ended = new | {"last": date(2026, 12, 24), "kind": "days"}
    assert order_silence.since(a_month(earned=paid(20), **ended)) == LAST
    assert order_silence.since(a_month(earned=paid(19), **ended)) is None
    assert order_silence.since(a_month(earned=paid(90), **new)) is None, "more days than others"
    part = a_month(before=paid(12), heard_since=date(2026, 11, 21))
    assert order_silence.since(part) == LAST, "twelve orders in ten days"
    assert order_silence.since(a_month(before=paid(12))) is None, "in a month"


def test_who_never_pays_makes_no_shop_look_silent() -> None:
    unpaid = Earned(all_orders=9_000, all_paid_orders=2, all_net=9_000)
    assert order_silence.since(a_month(earned=unpaid)) is None


def test_of_days_that_are_not_over_and_of_older_reports_nothing_is_told() -> None:
    at = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert order_silence.since(a_month(built_at=at)) is None
    assert order_silence.since(a_month(last_order=None)) is None


def test_nobody_is_asked_for_what_the_shop_itself_did_not_send() -> None:
    fewer = an_influencer(0, id="cove", name="Tide", tier="", clicks=44, clicks_before=970)
    gone = an_influencer(0, id="rosa", name="Rosa", revenue=0, orders=0, revenue_before=90_000)
    clicks = {"funnel": Funnel(clicks=9_044), "funnel_before": Funnel(clicks=9_970)}
    people = {"influencers": (fewer,), "quiet": (gone,), **clicks}
    whole = a_month(last_order=date(2026, 12, 31), **people)
    assert [task.kind for task in whole.tasks] == ["ask", "ask"]
    assert [task.kind for task in a_month(**people).tasks] == ["mend"]
