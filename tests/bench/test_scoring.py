"""The simulator that proves the score: its measures by hand, its worlds, and the goals."""

from collections import Counter
from math import log2
from random import Random
from statistics import fmean, median

import pytest

from bench.population import EFFECT, ORDER_VALUE
from bench.rankings import LAST_CLICK, baselines, month, ndcg, ranked, share_of_best, wilson
from bench.scenarios import BESIDE, SCENARIOS, Scenario
from bench.scoring import figures, outcome, scored, simulate, table
from bench.worlds import World, make, poisson
from sharetrail.analysis.score.expectation import WEEK_DECAY

SMALL = Scenario(name="small", influencers=30, clicks=1_500)
USUAL = Scenario(name="usual")


def worlds(scenario: Scenario, many: int) -> list[World]:
    return [make(scenario, f"test/{number}") for number in range(many)]


# ── measures ─────────────────────────────────────────────────────────────────────────────────────
def test_ndcg_counts_places_by_their_logarithm():
    truth = {"a": 300.0, "b": 0.0, "c": 100.0}
    best = 300 + 100 / log2(3)
    assert ndcg({"a": 3, "c": 2, "b": 1}, truth) == 1
    assert ndcg({"a": 2, "b": 9, "c": 5}, truth) == pytest.approx((100 / log2(3) + 150) / best)
    assert ndcg({"a": 2, "b": 9, "c": 5}, truth, top=1) == 0
    assert ndcg(truth, dict.fromkeys(truth, 0.0)) == 1, "there is nothing to gain"


def test_equals_are_ranked_by_name():
    assert ranked({"b": 1, "c": 2, "a": 1}) == ["c", "a", "b"]


def test_the_share_of_the_best_does_not_look_at_places():
    truth = {"a": 300.0, "b": 100.0, "c": 50.0}
    assert share_of_best({"a": 1, "b": 2, "c": 0}, truth, top=2) == 1
    assert share_of_best({"a": 1, "b": 0, "c": 2}, truth, top=2) == 350 / 400


def test_wilsons_bound_is_as_published():
    assert wilson(10, 100) == pytest.approx(0.0552, abs=1e-4)
    assert wilson(0, 50) == pytest.approx(0)
    assert wilson(0, 0) == 0


def test_baselines_look_at_the_last_four_weeks_and_leave_fraud_in():
    (world,) = worlds(SMALL, 1)
    found = baselines(world)
    for record in world.records:
        newest = record.weeks[:4]
        last = [week.last + week.flagged for week in record.weeks]
        assert found[LAST_CLICK][record.influencer] == pytest.approx(sum(last[:4]))
        assert found["clicks"][record.influencer] == sum(week.clicks for week in newest)
        whole = sum(WEEK_DECAY**age * each for age, each in enumerate(last))
        assert found["the same, decayed"][record.influencer] == pytest.approx(whole)
    assert set(found["followers"]) == set(world.truth)


# ── worlds ───────────────────────────────────────────────────────────────────────────────────────
def test_the_same_seed_makes_the_same_world_and_another_seed_another():
    assert make(SMALL, "1") == make(SMALL, "1") != make(SMALL, "2")


def test_a_shop_is_as_large_as_its_scenario_says():
    found = worlds(Scenario(name="honest", farms=0, selves=0, closers=0), 16)
    months = [[month(record) for record in world.records] for world in found]
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
        assert world.credited == pytest.approx(world.truth)
        for record in world.records:
            assert all(week.first == week.last == week.revenue for week in record.weeks)


def test_credit_expected_is_what_credit_comes_to():
    found = worlds(Scenario(name="busy", influencers=20, clicks=8_000), 40)
    for kind in ("ordinary", "closer", "self-referrer"):
        names = [(each, n) for each in found for n, own in each.kinds.items() if own == kind]
        came = fmean(world.realised[name] for world, name in names)
        expected = fmean(world.credited[name] for world, name in names)
        assert came == pytest.approx(expected, rel=0.1), kind


def test_a_closer_is_credited_and_caused_nothing():
    for world in worlds(USUAL, 3):
        closers = [name for name, kind in world.kinds.items() if kind == "closer"]
        assert all(world.credited[name] > 0 == world.truth[name] for name in closers)
        records = [record for record in world.records if record.influencer in closers]
        first, last = (
            sum(getattr(w, n) for r in records for w in r.weeks) for n in ("first", "last")
        )
        assert first < last


def test_a_closer_who_causes_half_has_half_of_what_begins_with_it():
    whole, half = (Scenario(name="x", overlap=0, caused=part) for part in (1.0, 0.5))
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


def test_what_fraud_rules_caught_is_flagged_and_nowhere_else():
    only = Scenario(name="selves", influencers=20, clicks=20, closers=0, farms=0, selves=1)
    weeks = [week for record in make(only, "1").records for week in record.weeks]
    assert any(week.flagged for week in weeks)
    assert all(not week.revenue for week in weeks if not week.orders)


@pytest.mark.parametrize("mean", [0.0, 0.4, 30, 200])
def test_poisson_has_its_mean_and_variance(mean):
    dice = Random(3)
    drawn = [poisson(mean, dice) for _ in range(4_000)]
    assert fmean(drawn) == pytest.approx(mean, rel=0.05)
    assert fmean((each - mean) ** 2 for each in drawn) == pytest.approx(mean, rel=0.1)


def test_scenarios_differ_in_name_and_in_what_they_are():
    named = {each.name for each in SCENARIOS + BESIDE}
    distinct = {repr(each).partition(", ")[2] for each in SCENARIOS + BESIDE}
    assert len(named) == len(distinct) == len(SCENARIOS + BESIDE)


# ── the proof ────────────────────────────────────────────────────────────────────────────────────
def test_a_few_worlds_are_judged_alike_by_the_same_seed():
    alike = [outcome(SMALL, 2, "test") for _ in range(2)]
    assert alike[0] == alike[1]
    assert alike[0].worlds == 6, "small shops are noisy, so more are made"
    assert SMALL.name in table(alike)


def test_in_a_few_worlds_factors_multiply_to_the_score_and_a_judged_farm_moves_nobody():
    found = [outcome(SMALL, 2, "test"), outcome(USUAL, 2, "test")]
    assert all(each.error < 1e-9 and each.moved <= 1 for each in found)
    assert all(0 <= each.share <= 1 and 0 <= each.covered <= 1 for each in found)
    assert {figure.goal for figure in figures(found)} == {"score"}


def test_the_score_trusts_closers_less_than_credit_does():
    shop = Scenario(name="shared", overlap=0.6)
    for world in worlds(shop, 2):
        closer = {
            kind: fmean(
                each.parts.closer
                for each in scored(world.records)
                if world.kinds[each.influencer] == kind
            )
            for kind in ("closer", "ordinary")
        }
        assert closer["closer"] < 0.75 < 0.85 < closer["ordinary"]


@pytest.mark.slow
def test_on_worlds_that_decided_nothing_the_score_beats_last_click_and_its_interval_holds():
    """The goal is 0.20; below 0.15 the score is not shipped."""
    found = simulate(16, "proof")
    gains = [each.gains[LAST_CLICK] for each in found]
    assert median(gains) >= 0.15
    assert min(gains) >= 0
    assert median(each.share for each in found) >= 0.80
    assert all(0.75 <= each.covered <= 0.97 for each in found)
    assert all(each.error < 1e-9 and each.moved <= 1 for each in found)
