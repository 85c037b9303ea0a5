"""The moves of a chain of order 1, counted over many rows at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bench.attribution.journeys import SEPARATOR, Row
from sharetrail.analysis.markov.markov_chain import End, Flows, Move


def flows(rows: Sequence[Row]) -> Flows:
    """What `sharetrail.analysis.markov.markov_chain.effects_of` wants."""
    moves: dict[Move, float] = defaultdict(float)
    converted: dict[str, float] = defaultdict(float)
    ended: dict[str, float] = defaultdict(float)
    for path, conversions, _, nulls in rows:
        if conversions:
            converted[path] += conversions
        if nulls:
            ended[path] += nulls
    _count(converted, End.CONVERSION, moves)
    _count(ended, End.NULL, moves)
    return moves


def _count(numbers: dict[str, float], end: End, moves: dict[Move, float]) -> None:
    """All paths that were walked equally often are one long text."""
    alike: dict[float, list[str]] = defaultdict(list)
    for path, number in numbers.items():
        alike[number].append(path)
    for number, paths in alike.items():
        for (source, target), times in Counter(pairwise(_touches(paths))).items():
            one = (source,) if source else End.START
            other = (target,) if target else end
            moves[one, other] += number * times


def _touches(paths: Iterable[str]) -> list[str]:
    """Of one path after the other, with a touch without a name, which none has, around each."""
    return (SEPARATOR + (2 * SEPARATOR).join(paths) + SEPARATOR).split(SEPARATOR)
