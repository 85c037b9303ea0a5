"""Last, first, linear, position and unique-channel Shapley over many rows at once.

The weights are the product's own (`attribution/models.py`). They depend on nothing but how many
touches there are, so paths of one length are worked off together, touch by touch.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bench.attribution.journeys import SEPARATOR, Row
from sharetrail.attribution.models import MODELS, CountedTouches, Model

WEIGHT_MODELS: tuple[Model, ...] = ("last", "first", "linear", "position")
Credits = dict[str, dict[str, float]]
"""Model → channel → credit: value; conversions under `shapley`. Who earned nothing may lack."""


def credits(rows: Sequence[Row]) -> Credits:
    values: dict[str, float] = defaultdict(float)
    conversions: dict[str, float] = defaultdict(float)
    for path, number, value, _ in rows:
        if number or value:
            values[path] += value
            conversions[path] += number
    credits: Credits = {model: defaultdict(float) for model in WEIGHT_MODELS}
    for length, paths in _by_length(values).items():
        touches = SEPARATOR.join(paths).split(SEPARATOR)
        columns = [touches[place::length] for place in range(length)]
        _weigh(columns, [values[path] for path in paths], credits)
    return credits | {"shapley": _shapley(conversions)}


def _shapley(conversions: Mapping[str, float]) -> dict[str, float]:
    """Paths of the same channels are worked off together as well."""
    sets: dict[frozenset[str], float] = defaultdict(float)
    for path, number in conversions.items():
        sets[frozenset(path.split(SEPARATOR))] += number
    credit: dict[str, float] = defaultdict(float)
    for channels, number in sets.items():
        for channel in channels:
            credit[channel] += number / len(channels)
    return credit


def _by_length(paths: Iterable[str]) -> dict[int, list[str]]:
    lengths: dict[int, list[str]] = defaultdict(list)
    for path in paths:
        lengths[path.count(SEPARATOR) + 1].append(path)
    return lengths


def _weigh(columns: list[list[str]], values: list[float], credits: Credits) -> None:
    weights = {model: _weights(model, len(columns)) for model in WEIGHT_MODELS}
    for place, column in enumerate(columns):
        sums: dict[str, float] = defaultdict(float)
        for channel, value in zip(column, values, strict=True):
            sums[channel] += value
        for model in WEIGHT_MODELS:
            if weight := weights[model][place]:
                credit = credits[model]
                for channel, value in sums.items():
                    credit[channel] += weight * value


def _weights(model: Model, touches: int) -> list[float]:
    """Of that many touches, which sum to 1."""
    weights = MODELS[model](CountedTouches(ages=[0.0] * touches))
    whole = sum(weights)
    return [weight / whole for weight in weights]
