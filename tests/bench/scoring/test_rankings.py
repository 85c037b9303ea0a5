"""The measures of rankings, by hand."""

from math import log2

import pytest

from bench.scoring.rankings import LAST_CLICK, baselines, ndcg, ranking, share_of_best, wilson
from bench.scoring.scenarios import Scenario
from bench.scoring.worlds import make
from sharetrail.analysis.score.expectation import WEEK_DECAY


def test_ndcg_counts_places_by_their_logarithm():
    truth = {"a": 300.0, "b": 0.0, "c": 100.0}
    best = 300 + 100 / log2(3)
    assert ndcg({"a": 3, "c": 2, "b": 1}, truth) == 1
    assert ndcg({"a": 2, "b": 9, "c": 5}, truth) == pytest.approx((100 / log2(3) + 150) / best)
    assert ndcg({"a": 2, "b": 9, "c": 5}, truth, top=1) == 0
    assert ndcg(truth, dict.fromkeys(truth, 0.0)) == 1, "there is nothing to gain"


def test_equals_are_ranked_by_name():
    assert ranking({"b": 1, "c": 2, "a": 1}) == ["c", "a", "b"]


def test_the_share_of_the_best_does_not_look_at_places():
    truth = {"a": 300.0, "b": 100.0, "c": 50.0}
    assert share_of_best({"a": 1, "b": 2, "c": 0}, truth, top=2) == 1
    assert share_of_best({"a": 1, "b": 0, "c": 2}, truth, top=2) == 350 / 400


def test_wilsons_bound_is_as_published():
    assert wilson(10, 100) == pytest.approx(0.0552, abs=1e-4)
    assert wilson(0, 50) == pytest.approx(0)
    assert wilson(0, 0) == 0


def test_baselines_look_at_the_last_four_weeks_and_leave_fraud_in():
    world = make(Scenario(name="small", influencers=30, clicks=1_500), "test")
    rankings = baselines(world)
    for record in world.records:
        newest = record.weeks[:4]
        last = [week.last + week.doubted for week in record.weeks]
        assert rankings[LAST_CLICK][record.influencer] == pytest.approx(sum(last[:4]))
        assert rankings["clicks"][record.influencer] == sum(week.clicks for week in newest)
        whole = sum(WEEK_DECAY**age * revenue for age, revenue in enumerate(last))
        assert rankings["the same, decayed"][record.influencer] == pytest.approx(whole)
    assert set(rankings["followers"]) == set(world.truth)
