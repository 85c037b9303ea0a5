"""What scenarios' worlds say of the score.

Made-up shops with known truth (worlds.py) are scored by the product's own rule and ranked by what
shops rank by today. A scenario's gain is the mean over its worlds, so that one bad shop is not
hidden by many good ones; the goal is the median over the scenarios.
"""

import math
import os
import statistics
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from unittest import mock

from bench.scoring import worlds
from bench.scoring.rankings import baselines, ndcg, ranking, share_of_best
from bench.scoring.scenarios import SCENARIOS, Scenario
from bench.scoring.worlds import World
from sharetrail.analysis.score import tiers
from sharetrail.analysis.score.expectation import InfluencerWeek, Record
from sharetrail.analysis.score.score import Score, score_all

_CROWD = 100
"""Influencers that make a world's figures steady: of smaller worlds more are made."""
_FARM = "a farm"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a scenario's worlds say, each a mean over them unless it says otherwise."""

    scenario: str
    worlds: int
    ndcg: float
    gains: dict[str, float]
    """Baseline → NDCG@10 of the score less that of the baseline."""
    share: float
    """Of the best possible top-10 revenue."""
    coverage: float
    """Influencers whose expected credit lies in the 80 % interval."""
    credit_coverage: float
    """The same for credit as it came, single orders' luck included: no goal."""
    error: float
    """The largest relative error of a waterfall's product."""
    places_moved: int
    """The most places that a farm of judged bots moved anyone."""


def simulate(many: int, seed: str, scenarios: tuple[Scenario, ...] = SCENARIOS) -> list[Outcome]:
    """One outcome for each scenario, of at least so many worlds each."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(outcome, many=many, seed=seed), scenarios))


def outcome(scenario: Scenario, many: int, seed: str) -> Outcome:
    times = many * max(1, _CROWD // scenario.influencers)
    names = (f"{seed}/{scenario.name}/{number}" for number in range(times))
    judged = [_judge(scenario, worlds.make(scenario, name)) for name in names]
    means = {
        name: statistics.fmean(getattr(one, name) for one in judged)
        for name in ("ndcg", "share", "coverage", "credit_coverage")
    }
    gains = {name: statistics.fmean(one.gains[name] for one in judged) for name in judged[0].gains}
    most = {name: max(getattr(one, name) for one in judged) for name in ("error", "places_moved")}
    return replace(judged[0], worlds=times, gains=gains, **means, **most)


# ── one world ────────────────────────────────────────────────────────────────────────────────────
def _judge(scenario: Scenario, world: World) -> Outcome:
    scores = scores_of(world.records)
    values = {one.influencer: one.value for one in scores}
    own = ndcg(values, world.truth)
    rivals = baselines(world)
    return Outcome(
        scenario=scenario.name,
        worlds=1,
        ndcg=own,
        gains={name: own - ndcg(rival, world.truth) for name, rival in rivals.items()},
        share=share_of_best(values, world.truth),
        coverage=_coverage(scores, world.expected_credits),
        credit_coverage=_coverage(scores, world.credits),
        error=max(_error(one) for one in scores),
        places_moved=_places_moved(world.records, scores),
    )


def scores_of(records: tuple[Record, ...]) -> tuple[Score, ...]:
    """By the product's rule. The draws decide only who is gold, which nothing here looks at."""
    with mock.patch.object(tiers, "DRAWS", 1):
        return score_all(records, seed="bench")


def _coverage(scores: tuple[Score, ...], credits: dict[str, float]) -> float:
    """The interval is about credit before the closer discount, and about its expectation: it has
    no room for the luck of single orders, and one who expects a single order has none each third
    time."""
    return statistics.fmean(
        one.low <= credits[one.influencer] * one.parts.closer <= one.high for one in scores
    )


def _error(one: Score) -> float:
    return abs(math.prod(one.waterfall.values()) - one.value) / (one.value or 1.0)


def _places_moved(records: tuple[Record, ...], scores: tuple[Score, ...]) -> int:
    """Beside the others comes a farm that shares and is clicked, by bots that are all found."""
    weeks = (
        InfluencerWeek(clicks=0, orders=0, squares=0, revenue=0, shares=1_000, first=0, last=0),
    ) * 4
    farm = Record(influencer=_FARM, network=records[0].network, weeks=weeks)
    before = [one.influencer for one in scores]
    after = ranking({one.influencer: one.value for one in scores_of((*records, farm))})
    return max(abs(after.index(name) - place) for place, name in enumerate(before))
