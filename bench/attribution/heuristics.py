"""Last, first, linear, position and unique-channel Shapley over many rows at once.

The weights are the product's own (`attribution/models.py`). They depend on nothing but how many
touches there are, so paths of one length are worked off together, touch by touch.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import or_

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
    credits: Credits = {model: defaultdict(float) for model in (*WEIGHT_MODELS, "shapley")}
    sets = _Sets()
    for length, paths in _by_length(values).items():
        touches = SEPARATOR.join(paths).split(SEPARATOR)
        columns = [touches[place::length] for place in range(length)]
        _weigh(columns, [values[path] for path in paths], credits)
        sets.add(columns, [conversions[path] for path in paths])
    sets.share(credits["shapley"])
    return credits


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


class _Sets:
    """Conversions by the set of channels that a path has; a set is a number, a channel its bit."""

    def __init__(self) -> None:
        self._bits = _Bits()
        self._conversions: dict[int, float] = defaultdict(float)

    def add(self, columns: list[list[str]], conversions: list[float]) -> None:
        numbers = map(self._bits.__getitem__, columns[0])
        for column in columns[1:]:
            numbers = map(or_, numbers, map(self._bits.__getitem__, column))
        for channels, number in zip(numbers, conversions, strict=True):
            self._conversions[channels] += number

    def share(self, credit: dict[str, float]) -> None:
        for channels, number in self._conversions.items():
            members = [channel for channel, bit in self._bits.items() if bit & channels]
            for channel in members:
                credit[channel] += number / len(members)


class _Bits(dict[str, int]):
    def __missing__(self, channel: str) -> int:
        self[channel] = 1 << len(self)
        return self[channel]
