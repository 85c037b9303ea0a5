"""How past ranges held: in a simulated world whose scores are right, and by scores too sure."""

import random
from dataclasses import replace
from math import exp
from statistics import NormalDist

import pytest

from sharetrail.analysis.score.calibration import (
    Calibration,
    Range,
    calibrate,
    range_of,
)
from sharetrail.analysis.score.expectation import Record
from sharetrail.analysis.score.history import History, HistoryWeek
from sharetrail.analysis.score.score import Score, score_all

WEEKS = 26
JUDGED = range(4, 16)
UNIT = 5_000.0
WANDERS = 0.15
"""The deviation of a rate's logarithm from one week to the next."""


def a_world(dice: random.Random, people: int, clicks: int) -> dict[str, History]:
    """So many people of rates about 3 % that wander from week to week, whose followers come as
    chance has it; whole orders of 50.00 on average."""
    found = {}
    for n in range(people):
        rate, reach = dice.gammavariate(4, 0.03 / 4), dice.uniform(0.3, 2) * clicks
        weeks = {}
        for age in reversed(range(WEEKS)):
            rate *= exp(dice.gauss(0, WANDERS))
            weeks[age] = a_week(dice, min(0.5, rate), reach)
        found[f"w{n:03}"] = History(weeks=weeks)
    return found


def a_week(dice: random.Random, rate: float, reach: float) -> HistoryWeek:
    clicks = poisson(dice, reach)
    orders = sum(dice.random() < rate for _ in range(clicks))
    revenue = sum(dice.expovariate(1 / UNIT) for _ in range(orders))
    return HistoryWeek(
        clicks=clicks, orders=orders, squares=orders, revenue=revenue, first=revenue, last=revenue
    )


def poisson(dice: random.Random, mean: float) -> int:
    spread = NormalDist(mean, mean**0.5)
    return max(0, round(spread.inv_cdf(dice.random() or 0.5)))


def scored(world: dict[str, History], age: int) -> tuple[Score, ...]:
    """As of the end of the week of that age, by what had come then."""
    records = [
        Record(
            influencer=who,
            network="x",
            weeks=tuple(history.weeks[each] for each in range(age, WEEKS)),
        )
        for who, history in world.items()
    ]
    return score_all(records, seed="s")


Sellers = list[tuple[int, list[Score]]]
World = tuple[dict[str, History], Sellers]


def sellers_of(world: dict[str, History]) -> Sellers:
    """Of the twelve weeks that can be judged, by their age."""
    return [(age, [each for each in scored(world, age) if each.has_sold]) for age in JUDGED]


def calibrated(world: World, sure: float = 1) -> Calibration:
    """By ranges that are narrowed around their middle to a part of what they are."""
    histories, sellers = world
    ranges = (
        (age, {each.influencer: range_of(narrowed(each, sure)) for each in some})
        for age, some in sellers
    )
    return calibrate(ranges, histories)


def narrowed(score: Score, sure: float) -> Score:
    middle = (score.low * score.high) ** 0.5
    low, high = (middle * (end / middle) ** sure for end in (score.low, score.high))
    return replace(score, low=low, high=high)


@pytest.fixture(scope="module")
def large() -> World:
    """Forty people with some 40 orders in four weeks each."""
    world = a_world(random.Random(7), people=40, clicks=300)
    return world, sellers_of(world)


@pytest.fixture(scope="module")
def small() -> World:
    """Forty people with some two orders in four weeks."""
    world = a_world(random.Random(8), people=40, clicks=15)
    return world, sellers_of(world)


def part(of: Calibration) -> float:
    return of.held / of.ranges


def test_where_scores_are_right_as_many_ranges_hold_as_are_due(large: World, small: World) -> None:
    much, little = calibrated(large), calibrated(small)
    assert (much.weeks, much.ranges) == (12, 480)
    assert 0.7 < part(much) < 0.95, "about 80 %"
    assert 0.65 < much.due / much.ranges < 0.8
    assert part(little) == pytest.approx(little.due / little.ranges, abs=0.15)
    assert little.due / little.ranges < much.due / much.ranges, "few orders scatter more"


def test_ranges_of_a_score_that_is_too_sure_hold_less_often(large: World, small: World) -> None:
    for world in (large, small):
        honest, sure = calibrated(world), calibrated(world, 0.25)
        assert part(sure) < part(honest) - 0.2
        assert sure.due < honest.due


@pytest.mark.parametrize("mean", [0.4, 3.0, 25.0, 200.0])
def test_what_is_due_is_what_chance_gives(mean: float) -> None:
    dice = random.Random(int(mean * 10))
    score = replace(scored(a_world(dice, 3, 20), 0)[0], low=mean * UNIT / 2, high=mean * UNIT * 2)
    score = replace(score, parts=replace(score.parts, order_value=UNIT, phi=1.0, closer=1.0))
    sd = NormalDist()
    hits = 0
    for _ in range(4_000):
        expected = mean * 2 ** (sd.inv_cdf(dice.random()) / 1.28)
        orders = arrivals(dice, expected)
        came = sum(dice.expovariate(1 / UNIT) for _ in range(orders))
        hits += score.low <= came <= score.high
    assert range_of(score).due == pytest.approx(hits / 4_000, abs=0.03)


def arrivals(dice: random.Random, mean: float) -> int:
    """By Poisson's law, to the letter."""
    count, time = 0, dice.expovariate(1)
    while time < mean:
        count, time = count + 1, time + dice.expovariate(1)
    return count


def a_history(**revenue: float) -> History:
    weeks = {int(age[1:]): HistoryWeek(revenue=amount) for age, amount in revenue.items()}
    return History(weeks=weeks)


def test_a_range_is_laid_beside_its_own_four_weeks_and_no_others() -> None:
    ana, ben = a_history(a4=900, a3=10, a0=20), a_history(a5=50, a1=70)
    ranges = {"ana": Range(25, 35, 0.5), "ben": Range(60, 80, 0.5), "eve": Range(1, 9, 0.5)}
    found = calibrate([(4, ranges), (3, ranges)], {"ana": ana, "ben": ben})
    assert found == Calibration(weeks=1, ranges=3, held=2, due=2), "Eve's came to nothing"


def test_a_refund_is_taken_off_what_came() -> None:
    ranges = {"ana": Range(25, 35, 1.0)}
    assert calibrate([(4, ranges)], {"ana": a_history(a2=30)}).held == 1
    assert calibrate([(4, ranges)], {"ana": a_history(a2=20)}).held == 0


def test_a_range_is_told_before_the_discount_for_closers() -> None:
    score = scored(a_world(random.Random(1), 3, 100), 0)[0]
    parts = replace(score.parts, closer=0.5)
    halved = replace(score, parts=parts, low=score.low / 2, high=score.high / 2)
    assert range_of(halved)[:2] == pytest.approx((score.low, score.high))
    assert range_of(replace(score, low=0.0)) is None


def test_of_few_ranges_nothing_is_said() -> None:
    few = Calibration(weeks=1, ranges=19, held=15, due=15)
    assert "Too few" in few.sentence("en_US")
    assert not few.is_enough
    enough = Calibration(weeks=12, ranges=200, held=110, due=120)
    assert enough.sentence("en_US") == (
        "In the 12 weeks that can be judged, 110 of 200 ranges held what came; about 120 is what "
        "one can expect."
    )
    alone = Calibration(weeks=1, ranges=2_000, held=1_100, due=1_200)
    told = alone.sentence("de_DE")
    assert told.startswith("In the week that can be judged, 1.100 of 2.000 ranges held what")
