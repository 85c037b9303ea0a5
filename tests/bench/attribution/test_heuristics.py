"""The heuristics over many rows at once, and the same path by path."""

from itertools import combinations

import pytest

from bench.attribution import heuristics
from sharetrail.attribution.models import MODELS, CountedTouches, Model
from tests.bench.attribution.command import SMALL


@pytest.mark.parametrize("model", heuristics.WEIGHT_MODELS)
def test_a_model_credits_what_the_product_credits_path_by_path(model: Model) -> None:
    wanted: dict[str, float] = {}
    for path, _, value, _ in SMALL:
        channels = path.split(" > ")
        weights = MODELS[model](CountedTouches(ages=[1.0] * len(channels)))
        for channel, weight in zip(channels, weights, strict=True):
            wanted[channel] = wanted.get(channel, 0) + value * weight / sum(weights)
    credits = {**dict.fromkeys(wanted, 0.0), **heuristics.credits(SMALL)[model]}
    assert credits == pytest.approx(wanted)


def test_shapley_is_the_mean_of_what_a_channel_adds_over_all_orders_of_joining() -> None:
    """Of the game whose worth is the conversions on paths of none but those who have joined."""
    names = "abcde"
    credit = heuristics.credits(SMALL)["shapley"]
    for name in names:
        others = [other for other in names if other != name]
        added = 0.0
        for size in range(len(names)):
            ways = [set(joined) for joined in combinations(others, size)]
            gains = [worth(joined | {name}) - worth(joined) for joined in ways]
            added += sum(gains) / len(ways) / len(names)
        assert credit.get(name, 0) == pytest.approx(added)


def worth(joined: set[str]) -> float:
    return sum(number for path, number, *_ in SMALL if set(path.split(" > ")) <= joined)
