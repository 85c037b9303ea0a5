"""How good a ranking of influencers is, and the rankings that a score has to beat."""

import math
from collections.abc import Mapping
from dataclasses import fields

from bench.scoring.worlds import World
from sharetrail.analysis.score.expectation import HORIZON, WEEK_DECAY, InfluencerWeek, Record

TOP = 10
_SURE = 1.96
"""Deviations of Wilson's 95 % interval."""
Points = Mapping[str, float]
"""Influencer → what they are ranked by, the most first; ties by name."""

LAST_CLICK = "last-click revenue"
"""The ranking that a shop without this product would have: fraud is in it."""


def ranking(points: Points) -> list[str]:
    return sorted(points, key=lambda name: (-points[name], name))


def ndcg(points: Points, truth: Points, top: int = TOP) -> float:
    """The gain of the first places over the best possible: the truth itself is the gain, and place
    n counts 1 / log2(n + 1). 1 where there is nothing to gain."""
    best = _gain(truth, truth, top)
    return _gain(points, truth, top) / best if best else 1.0


def _gain(points: Points, truth: Points, top: int) -> float:
    first = enumerate(ranking(points)[:top])
    return sum(truth[name] / math.log2(place + 2) for place, name in first)


def share_of_best(points: Points, truth: Points, top: int = TOP) -> float:
    """What the first places bring, over what the best of as many would; 1 where that is nothing."""
    best = sum(truth[name] for name in ranking(truth)[:top])
    return sum(truth[name] for name in ranking(points)[:top]) / best if best else 1.0


def baselines(world: World) -> dict[str, Points]:
    """Name → ranking. Those of a month look at the last four weeks."""
    months = {record.influencer: month(record) for record in world.records}
    return {
        LAST_CLICK: {name: _last(week) for name, week in months.items()},
        "the same, decayed": {record.influencer: _decayed_last(record) for record in world.records},
        "linear credit": {name: week.revenue + week.doubted for name, week in months.items()},
        "followers": world.followers,
        "clicks": {name: week.clicks for name, week in months.items()},
        "Wilson × clicks": {
            name: wilson(week.orders, week.clicks) * week.clicks for name, week in months.items()
        },
    }


def month(record: Record) -> InfluencerWeek:
    """The last four weeks as one."""
    weeks, names = record.weeks[:HORIZON], [field.name for field in fields(InfluencerWeek)]
    return InfluencerWeek(**{name: sum(getattr(week, name) for week in weeks) for name in names})


def _last(week: InfluencerWeek) -> float:
    """With what was doubted: those orders had but one touch."""
    return week.last + week.doubted


def _decayed_last(record: Record) -> float:
    """Over as long a memory as the score's, for what of a gain is memory alone."""
    return sum(WEEK_DECAY**age * _last(week) for age, week in enumerate(record.weeks))


def wilson(hits: float, trials: float) -> float:
    """The lower bound of Wilson's interval for hits / trials; `hits` may be a fraction."""
    if not trials:
        return 0.0
    rate, square = min(1.0, hits / trials), _SURE**2 / trials
    spread = math.sqrt(square * (rate * (1 - rate) + square / 4))
    return (rate + square / 2 - spread) / (1 + square)
