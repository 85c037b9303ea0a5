"""What a figure is beside a target: reached, missed by how much, or hard to tell."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from sharetrail.kpis.benchmarks import BENCHMARKS
from sharetrail.kpis.comparison import Days, LastYear
from sharetrail.kpis.figure import Figure
from sharetrail.kpis.funnel import Funnel, Sales
from sharetrail.kpis.kpi import KPIS
from sharetrail.kpis.scorecard import Funnels, scorecard_of
from sharetrail.kpis.target import Aimed, Target, aimed

WEEK = Funnel(first=date(2026, 11, 16), last=date(2026, 11, 22), currency="USD")


def beside(kpi: str, figure: Figure, *targets: Target, funnel: Funnel = WEEK) -> tuple[Aimed, ...]:
    return aimed(KPIS[kpi], figure, funnel, targets)


def test_every_benchmark_says_who_says_so_and_of_when() -> None:
    for each in BENCHMARKS:
        assert each.kpi in KPIS
        assert each.source
        assert each.by
        assert each.year in (2014, 2023)
        assert bool(each.currency) == (KPIS[each.kpi].unit == "money")


def test_a_sums_target_is_for_as_many_days() -> None:
    a_month = Target(kpi="revenue_net", value="3000.00", currency="USD", per="month")
    (found,) = beside("revenue_net", Figure(60_000), a_month)
    assert found.aim == 70_000, "seven of November's thirty days"
    assert (found.off, found.standing) == (-10_000, "missed")


@pytest.mark.parametrize(
    ("first", "last", "aim"),
    [
        ("2026-02-01", "2026-02-28", 1_000),
        ("2026-12-01", "2026-12-31", 1_000),
        ("2026-01-01", "2026-03-31", 3_000),
        ("2026-01-01", "2026-12-31", 12_000),
        ("2024-02-15", "2024-03-31", 1_518),  # 15 of 29 days, and a month: 1,517.24
    ],
)
def test_a_months_target_is_the_months_however_long_it_is(first: str, last: str, aim: int) -> None:
    days = replace(WEEK, first=date.fromisoformat(first), last=date.fromisoformat(last))
    for per, times in (("month", 1), ("quarter", 3), ("year", 12)):
        target = Target(kpi="clicks", value=f"{1_000 * times}", per=per)
        (found,) = beside("clicks", Figure(aim), target, funnel=days)
        assert (found.aim, found.off, found.standing) == (aim, 0, "met")


def test_a_count_that_misses_its_target_is_off_by_one_at_least() -> None:
    (found,) = beside("clicks", Figure(4), Target(kpi="clicks", value="19"))
    assert (found.aim, found.off, found.standing) == (5, -1, "missed"), "of 4.43"


def test_a_rates_target_is_the_same_for_all_days() -> None:
    (found,) = beside(
        "conversion", Figure(40, 1_000, (40, 1_000)), Target(kpi="conversion", value="0.03")
    )
    assert (found.aim, found.off) == (Fraction(3, 100), Fraction(1, 100))


def test_of_what_should_be_little_more_is_a_miss() -> None:
    target = Target(kpi="bounce_rate", value="0.4")
    (more,) = beside("bounce_rate", Figure(900, 1_000, (900, 1_000)), target)
    (less,) = beside("bounce_rate", Figure(100, 1_000, (100, 1_000)), target)
    assert (more.standing, less.standing) == ("missed", "met")


def test_a_few_orders_miss_no_target() -> None:
    target = Target(kpi="conversion", value="0.07")
    (found,) = beside("conversion", Figure(2, 100, (2, 100)), target)
    assert found.standing == "too_few"


def test_other_money_is_told_and_judged_by_nobody() -> None:
    euros = replace(WEEK, currency="EUR")
    target = Target(kpi="order_value", value="125", currency="USD", source="somebody")
    (found,) = beside("order_value", Figure(9_000, 1, (40,)), target, funnel=euros)
    assert (found.aim, found.off, found.standing) == (12_500, None, None)


def test_the_merchants_own_target_stands_first() -> None:
    own = Target(kpi="conversion", value="0.05")
    found = beside("conversion", Figure(1, 2, (9, 9)), *BENCHMARKS, own)
    assert [each.target.is_own for each in found] == [True, False, False, False]


def test_without_a_figure_the_target_stands_alone() -> None:
    (found,) = aimed(KPIS["leads"], None, WEEK, [Target(kpi="leads", value="7", per="week")])
    assert (found.aim, found.off, found.standing) == (7, None, None)


def test_a_plan_is_reached_or_not_however_few_it_is_of() -> None:
    target = Target(kpi="transactions", value="3", per="week")
    funnel = replace(WEEK, sales=Sales(orders=2))
    (found,) = beside("transactions", Figure(2, 1, (2,)), target, funnel=funnel)
    assert (found.off, found.standing) == (-1, "missed")


def test_what_a_whole_month_should_reach_no_part_of_it_misses() -> None:
    targets = [Target(kpi="clicks", value="98563"), Target(kpi="conversion", value="0.5")]
    part = replace(WEEK, clicks=1_000, sales=Sales(orders=10))
    year = LastYear(days=Days(first=WEEK.first, last=WEEK.last))

    def standing(kpi: str, *, is_over: bool) -> str | None:
        card = scorecard_of(Funnels(now=part), year, targets, is_over=is_over)
        (found,) = card.of(kpi).targets
        assert is_over or kpi != "clicks" or found.off is None
        return found.standing

    assert (standing("clicks", is_over=True), standing("clicks", is_over=False)) == ("missed", None)
    assert standing("conversion", is_over=False) == "missed", "a rate is what it is on any day"
