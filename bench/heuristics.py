"""Last, first, linear, position and unique-channel Shapley over many rows at once.

The weights are the product's own (`sharetrail.attribution.MODELS`). They depend on nothing but how
many touches there are, so paths of one length are worked off together, touch by touch.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import or_

from bench.journeys import SEPARATOR, Row
from sharetrail.attribution.models import MODELS, CountedTouches, Model

WEIGHED: tuple[Model, ...] = ("last", "first", "linear", "position")
Credits = dict[str, dict[str, float]]
"""Model → channel → credit: value; conversions under `shapley`. Who earned nothing may lack."""


def credited(rows: Sequence[Row]) -> Credits:
    values: dict[str, float] = defaultdict(float)
    conversions: dict[str, float] = defaultdict(float)
    for path, number, value, _ in rows:
        if number or value:
            values[path] += value
            conversions[path] += number
    found: Credits = {model: defaultdict(float) for model in (*WEIGHED, "shapley")}
    together = _Together()
    for length, paths in _by_length(values).items():
        touches = SEPARATOR.join(paths).split(SEPARATOR)
        columns = [touches[place::length] for place in range(length)]
        _weigh(columns, [values[path] for path in paths], found)
        together.add(columns, [conversions[path] for path in paths])
    together.share(found["shapley"])
    return found


def _by_length(paths: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for path in paths:
        found[path.count(SEPARATOR) + 1].append(path)
    return found


def _weigh(columns: list[list[str]], values: list[float], found: Credits) -> None:
    weights = {model: _weights(model, len(columns)) for model in WEIGHED}
    for place, column in enumerate(columns):
        sums: dict[str, float] = defaultdict(float)
        for channel, value in zip(column, values, strict=True):
            sums[channel] += value
        for model in WEIGHED:
            if weight := weights[model][place]:
                credit = found[model]
                for channel, value in sums.items():
                    credit[channel] += weight * value


def _weights(model: Model, touches: int) -> list[float]:
    """Of that many touches, which sum to 1."""
    weights = MODELS[model](CountedTouches(ages=[0.0] * touches))
    whole = sum(weights)
    return [weight / whole for weight in weights]


class _Together:
    """Conversions by the set of channels that a path has; a set is a number, a channel its bit."""

    def __init__(self) -> None:
        self._bits = _Bits()
        self._conversions: dict[int, float] = defaultdict(float)

    def add(self, columns: list[list[str]], conversions: list[float]) -> None:
        sets = map(self._bits.__getitem__, columns[0])
        for column in columns[1:]:
            sets = map(or_, sets, map(self._bits.__getitem__, column))
        for channels, number in zip(sets, conversions, strict=True):
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
