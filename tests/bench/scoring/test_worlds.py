"""Simulated shops are what their scenarios say."""

from collections import Counter
from random import Random
from statistics import fmean

import pytest

from bench.scoring.population import EFFECT, ORDER_VALUE
from bench.scoring.rankings import month
from bench.scoring.scenarios import BESIDE, SCENARIOS, Scenario
from bench.scoring.worlds import World, make, poisson

SMALL = Scenario(name="small", influencers=30, clicks=1_500)
USUAL = Scenario(name="usual")


def worlds(scenario: Scenario, many: int) -> list[World]:
    return [make(scenario, f"test/{number}") for number in range(many)]


def test_the_same_seed_makes_the_same_world_and_another_seed_another():
    assert make(SMALL, "1") == make(SMALL, "1") != make(SMALL, "2")


def test_a_shop_is_as_large_as_its_scenario_says():
    shops = worlds(Scenario(name="honest", farms=0, selves=0, closers=0), 16)
    months = [[month(record) for record in world.records] for world in shops]
    assert {len(each) for each in months} == {100}
    assert fmean(sum(w.clicks for w in each) for each in months) == pytest.approx(5_000, rel=0.1)
    orders, clicks = (
        sum(getattr(w, n) for each in months for w in each) for n in ("orders", "clicks")
    )
    assert orders / clicks == pytest.approx(EFFECT, rel=0.15)
    earned = sum(w.revenue for each in months for w in each)
    assert earned / orders == pytest.approx(ORDER_VALUE, rel=0.15)


def test_kinds_are_as_frequent_as_the_scenario_says():
    kinds = Counter(kind for world in worlds(USUAL, 20) for kind in world.kinds.values())
    shares = {kind: count / 2_000 for kind, count in kinds.items()}
    assert shares["closer"] == pytest.approx(0.15, abs=0.03)
    assert shares["farm"] == pytest.approx(0.05, abs=0.02)
    assert shares["self-referrer"] == pytest.approx(0.05, abs=0.02)


def test_without_overlap_an_honest_shops_credit_is_the_truth():
    for world in worlds(Scenario(name="alone", overlap=0, closers=0, selves=0), 3):
        assert world.expected_credits == pytest.approx(world.truth)
        for record in world.records:
            assert all(week.first == week.last == week.revenue for week in record.weeks)


def test_credit_expected_is_what_credit_comes_to():
    shops = worlds(Scenario(name="busy", influencers=20, clicks=8_000), 40)
    for kind in ("ordinary", "closer", "self-referrer"):
        names = [(shop, n) for shop in shops for n, own in shop.kinds.items() if own == kind]
        came = fmean(world.credits[name] for world, name in names)
        expected = fmean(world.expected_credits[name] for world, name in names)
        assert came == pytest.approx(expected, rel=0.1), kind


def test_a_closer_is_credited_and_caused_nothing():
    for world in worlds(USUAL, 3):
        closers = [name for name, kind in world.kinds.items() if kind == "closer"]
        assert all(world.expected_credits[name] > 0 == world.truth[name] for name in closers)
        records = [record for record in world.records if record.influencer in closers]
        first, last = (
            sum(getattr(w, n) for r in records for w in r.weeks) for n in ("first", "last")
        )
        assert first < last


def test_a_closer_who_causes_half_has_half_of_what_begins_with_it():
    whole, half = (Scenario(name="x", overlap=0, caused_share=part) for part in (1.0, 0.5))
    one, other = make(whole, "1"), make(half, "1")
    for name, kind in one.kinds.items():
        part = 0.5 if kind == "closer" else 1
        assert other.truth[name] == pytest.approx(part * one.truth[name])


def test_a_farms_clicks_are_mostly_taken_for_peoples_and_buy_nothing():
    for world in worlds(USUAL, 3):
        farms = [r for r in world.records if world.kinds[r.influencer] == "farm"]
        for clicks, orders in ((month(r).clicks, month(r).orders) for r in farms):
            assert clicks > 60
            assert orders < 0.05 * clicks


def test_what_fraud_rules_caught_is_doubted_and_nowhere_else():
    only = Scenario(name="selves", influencers=20, clicks=20, closers=0, farms=0, selves=1)
    weeks = [week for record in make(only, "1").records for week in record.weeks]
    assert any(week.doubted for week in weeks)
    assert all(not week.revenue for week in weeks if not week.orders)


@pytest.mark.parametrize("mean", [0.0, 0.4, 30, 200])
def test_poisson_has_its_mean_and_variance(mean):
    dice = Random(3)
    drawn = [poisson(mean, dice) for _ in range(4_000)]
    assert fmean(drawn) == pytest.approx(mean, rel=0.05)
    assert fmean((each - mean) ** 2 for each in drawn) == pytest.approx(mean, rel=0.1)


def test_scenarios_differ_in_name_and_in_what_they_are():
    named = {scenario.name for scenario in SCENARIOS + BESIDE}
    distinct = {repr(scenario).partition(", ")[2] for scenario in SCENARIOS + BESIDE}
    assert len(named) == len(distinct) == len(SCENARIOS + BESIDE)
