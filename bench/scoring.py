"""score: does it rank influencers by what they really sell, and does its interval hold?

Made-up shops with known truth (worlds.py) are scored by the product's own rule and ranked by what
shops rank by today. A scenario's gain is the mean over its worlds, so that one bad shop is not
hidden by many good ones; the goal is the median over the scenarios.

Seed 1 was used for choosing constants. What is reported comes from other seeds.
"""

import argparse
import json
import math
import os
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import partial
from unittest import mock

from bench import goals, worlds
from bench.goals import Figure
from bench.rankings import LAST_CLICK, baselines, ndcg, ranked, share_of_best
from bench.scenarios import BESIDE, SCENARIOS, Scenario
from bench.worlds import World
from sharetrail.analysis.score import tiers
from sharetrail.analysis.score.expectation import InfluencerWeek, Record
from sharetrail.analysis.score.score import Score, score_all

WORLDS = 24
SEED = "7"
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
    covered: float
    """Influencers whose expected credit lies in the 80 % interval."""
    realised: float
    """The same for credit as it came, single orders' luck included: no goal."""
    error: float
    """The largest relative error of a waterfall's product."""
    moved: int
    """The most places that a farm of judged bots moved anyone."""


def measure() -> list[Figure]:
    return figures(simulate(WORLDS, SEED))


def simulate(many: int, seed: str, scenarios: tuple[Scenario, ...] = SCENARIOS) -> list[Outcome]:
    """One outcome for each scenario, of at least so many worlds each."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(outcome, many=many, seed=seed), scenarios))


def outcome(scenario: Scenario, many: int, seed: str) -> Outcome:
    times = many * max(1, _CROWD // scenario.influencers)
    names = (f"{seed}/{scenario.name}/{number}" for number in range(times))
    judged = [_judge(worlds.make(scenario, name)) for name in names]
    return Outcome(
        scenario=scenario.name,
        worlds=times,
        ndcg=statistics.fmean(each.ndcg for each in judged),
        gains={
            name: statistics.fmean(each.gains[name] for each in judged) for name in judged[0].gains
        },
        share=statistics.fmean(each.share for each in judged),
        covered=statistics.fmean(each.covered for each in judged),
        realised=statistics.fmean(each.realised for each in judged),
        error=max(each.error for each in judged),
        moved=max(each.moved for each in judged),
    )


# ── one world ────────────────────────────────────────────────────────────────────────────────────
def _judge(world: World) -> Outcome:
    scores = scored(world.records)
    values = {each.influencer: each.value for each in scores}
    own = ndcg(values, world.truth)
    rivals = baselines(world)
    return Outcome(
        scenario="",
        worlds=1,
        ndcg=own,
        gains={name: own - ndcg(rival, world.truth) for name, rival in rivals.items()},
        share=share_of_best(values, world.truth),
        covered=_covered(scores, world.credited),
        realised=_covered(scores, world.realised),
        error=max(_error(each) for each in scores),
        moved=_moved(world.records, scores),
    )


def scored(records: tuple[Record, ...]) -> tuple[Score, ...]:
    """By the product's rule. The draws decide only who is gold, which nothing here looks at."""
    with mock.patch.object(tiers, "DRAWS", 1):
        return score_all(records, seed="bench")


def _covered(scores: tuple[Score, ...], came: dict[str, float]) -> float:
    """The interval is about credit before the closer discount, and about its expectation: it has
    no room for the luck of single orders, and one who expects a single order has none each third
    time."""
    closers = {each.influencer: each.parts.closer for each in scores}
    return statistics.fmean(
        each.low <= came[each.influencer] * closers[each.influencer] <= each.high for each in scores
    )


def _error(one: Score) -> float:
    factors = [getattr(one.waterfall, each.name) for each in fields(one.waterfall)]
    return abs(math.prod(factors) - one.value) / (one.value or 1.0)


def _moved(records: tuple[Record, ...], scores: tuple[Score, ...]) -> int:
    """Beside the others comes a farm that shares and is clicked, by bots that are all found."""
    weeks = (
        InfluencerWeek(clicks=0, orders=0, squares=0, revenue=0, shares=1_000, first=0, last=0),
    ) * 4
    farm = Record(influencer=_FARM, network=records[0].network, weeks=weeks)
    before = [each.influencer for each in scores]
    after = ranked({each.influencer: each.value for each in scored((*records, farm))})
    return max(abs(after.index(name) - place) for place, name in enumerate(before))


# ── the goals ────────────────────────────────────────────────────────────────────────────────────
def figures(outcomes: list[Outcome]) -> list[Figure]:
    gains = [each.gains[LAST_CLICK] for each in outcomes]
    shares = [each.share for each in outcomes]
    covered = [each.covered for each in outcomes]
    told = partial(Figure, goal="score")
    return [
        told(
            what="NDCG@10 less that of last-click revenue, median of scenarios",
            value=statistics.median(gains),
            limit=0.20,
            sense="at least",
            spread=goals.quartiles(gains),
            details=_behind(outcomes),
            note="without closers and fraud there is little to gain: see the scenarios",
        ),
        told(what="the same, worst scenario", value=min(gains), limit=0, sense="at least"),
        told(
            what="of the best possible top-10 revenue, median of scenarios",
            value=statistics.median(shares),
            limit=0.80,
            sense="at least",
            spread=goals.quartiles(shares),
            details={"worst scenario": f"{min(shares):.2f}"},
        ),
        told(what="80 % interval, least covered", value=min(covered), limit=0.75, sense="at least"),
        told(what="80 % interval, most covered", value=max(covered), limit=0.97),
        told(
            what="factors multiply to the score, error",
            value=max(each.error for each in outcomes),
            limit=1e-9,
        ),
        told(
            what="places that a farm of judged bots moves anyone",
            value=max(each.moved for each in outcomes),
            limit=1,
        ),
    ]


def _behind(outcomes: list[Outcome]) -> dict[str, str]:
    medians = {
        f"to {name}": f"{statistics.median(each.gains[name] for each in outcomes):+.3f}"
        for name in outcomes[0].gains
    }
    return {**medians, "worlds": str(sum(each.worlds for each in outcomes))}


# ── printing ─────────────────────────────────────────────────────────────────────────────────────
def table(outcomes: list[Outcome]) -> str:
    """Every scenario on a line: the gain over each baseline, share of the best, coverages."""
    heads = [*outcomes[0].gains, "of the best", "covered", "realised", "worlds"]
    lines = [" " * 38 + "  ".join(heads)]
    for each in outcomes:
        cells = [f"{gain:+.3f}" for gain in each.gains.values()]
        cells += [f"{share:.3f}" for share in (each.share, each.covered, each.realised)]
        row = zip([*cells, str(each.worlds)], heads, strict=True)
        lines.append(f"{each.scenario:38}" + "  ".join(cell.rjust(len(head)) for cell, head in row))
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.scoring")
    arguments.add_argument("--json", action="store_true", help="one JSON object, for machines")
    arguments.add_argument("--worlds", type=int, default=WORLDS, help="for each scenario, at least")
    arguments.add_argument("--seed", default=SEED, help="1 was used for choosing constants")
    asked = arguments.parse_args()
    outcomes = simulate(asked.worlds, asked.seed, SCENARIOS + BESIDE)
    found = figures(outcomes[: len(SCENARIOS)])
    if asked.json:
        told = json.loads(goals.dumped(found))
        print(json.dumps({**told, "scenarios": [asdict(each) for each in outcomes]}))
    else:
        print(goals.table(found), table(outcomes), sep="\n\n")
    sys.exit(any(figure.verdict == "missed" for figure in found))


if __name__ == "__main__":
    main()
