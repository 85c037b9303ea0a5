"""Markov attribution: which part of the conversions would be lost without a channel. Pure, exact.

Journeys make the chain of `sharetrail.chains`: a state is the last `order` touches, and a journey
shorter than that is one state (Anderl et al., Mapping the customer journey, 2016). Sums are made in
sorted order: the same journeys give the same bytes, in whatever order they come.
"""

import math
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from random import Random
from statistics import quantiles

from sharetrail.analysis.markov.markov_chain import Chain, End, Move, State, removal_effects_of

Path = tuple[str, ...]
"""Channels as they were touched, the earliest first."""
OTHERS = "others"
_LARGE = 100
"""From this mean on a Poisson is drawn as a rounded normal: there they hardly differ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of the journeys along one path: counts (floats are weights), in any currency."""

    conversions: float = 0
    value: float = 0
    """Of all these conversions together. No removal effect depends on it."""
    nulls: float = 0
    """Journeys that ended without a conversion; without any, effects say little."""

    @property
    def number(self) -> float:
        return self.conversions + self.nulls

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            conversions=self.conversions + other.conversions,
            value=self.value + other.value,
            nulls=self.nulls + other.nulls,
        )


Journeys = Mapping[Path, Outcome]


def removal_effects(journeys: Journeys, order: int = 1) -> dict[str, float]:
    """Channel → 0 to 1, by name: every channel of every path. All 0 where nothing converted.

    ValueError for a path without a touch, and for an order below 1.
    """
    flows: dict[Move, float] = defaultdict(float)
    for walk, outcome in _walks(journeys, order).items():
        for move in _moves(walk):
            flows[move] += outcome.number
        flows[walk[-1], End.CONVERSION] += outcome.conversions
        flows[walk[-1], End.NULL] += outcome.nulls
    return removal_effects_of(flows)


def shares(effects: Mapping[str, float]) -> dict[str, float]:
    """The effects as parts of 1; all 0 where every effect is."""
    whole = math.fsum(effects.values())
    return {channel: effect / whole if whole else 0.0 for channel, effect in effects.items()}


def intervals(
    journeys: Journeys, order: int, seed: int, draws: int = 200
) -> dict[str, tuple[float, float]]:
    """Channel → the 10th and the 90th percentile of its share of the effects.

    Poisson bootstrap over unique paths: each draw redraws every path's conversions and nulls, each
    as Poisson(count). Paths that walk the same states are drawn as one, since Poissons add up to a
    Poisson. A draw without any conversion says nothing about shares and is left out; where all are,
    a share may be anything from 0 to 1.
    """
    walks = _walks(journeys, order)
    moves: dict[Move, int] = {}
    routes = [_Route(walk, outcome, moves) for walk, outcome in walks.items()]
    chain = Chain(moves)
    random = Random(seed)  # noqa: S311 a bootstrap, no secret
    drawn: dict[str, list[float]] = {channel: [] for channel in chain.channels}
    for _ in range(draws):
        weights = [0.0] * len(moves)
        for route in routes:
            route.draw(random, weights)
        effects = chain.removal_effects(weights)
        if any(effects.values()):
            for channel, share in shares(effects).items():
                drawn[channel].append(share)
    return {channel: _middle(found) for channel, found in drawn.items()}


def pooled(journeys: Journeys, most: int, name: str = OTHERS) -> dict[Path, Outcome]:
    """The journeys with the `most` channels that most journeys touch; all others go by one name.

    Ties by name. Paths that have become the same are added up; repeats of a touch stay.
    """
    met: dict[str, float] = defaultdict(float)
    ordered = sorted(journeys.items(), key=itemgetter(0))
    for path, outcome in ordered:
        for channel in set(path):
            met[channel] += outcome.number
    kept = set(sorted(met, key=lambda channel: (-met[channel], channel))[:most])
    found: dict[Path, Outcome] = defaultdict(Outcome)
    for path, outcome in ordered:
        found[tuple(channel if channel in kept else name for channel in path)] += outcome
    return found


# ── from paths to states ─────────────────────────────────────────────────────────────────────────
Walk = tuple[State, ...]


def _walks(journeys: Journeys, order: int) -> dict[Walk, Outcome]:
    """Outcomes by the states walked through; to stay in a state is no move."""
    if order < 1:
        raise ValueError(f"no chain has the order {order}")
    outcomes: dict[Walk, Outcome] = defaultdict(Outcome)
    for path, outcome in sorted(journeys.items(), key=itemgetter(0)):
        if not path:
            raise ValueError("a journey without a touch")
        grams = (path[at : at + order] for at in range(max(1, len(path) - order + 1)))
        outcomes[tuple(state for state, _ in groupby(grams))] += outcome
    return outcomes


def _moves(walk: Walk) -> Iterable[Move]:
    """All but the last, whose end its journeys do not share."""
    nodes: tuple[State | End, ...] = (End.START, *walk)
    return pairwise(nodes)


# ── redrawing ────────────────────────────────────────────────────────────────────────────────────
class _Route:
    """The moves of a walk as numbers in `moves`, which it completes, and its counts to redraw."""

    def __init__(self, walk: Walk, outcome: Outcome, moves: dict[Move, int]) -> None:
        self._steps = [moves.setdefault(step, len(moves)) for step in _moves(walk)]
        self._converting = moves.setdefault((walk[-1], End.CONVERSION), len(moves))
        self._ending = moves.setdefault((walk[-1], End.NULL), len(moves))
        self._conversions, self._nulls = _poisson(outcome.conversions), _poisson(outcome.nulls)

    def draw(self, random: Random, weights: list[float]) -> None:
        conversions, nulls = self._conversions(random), self._nulls(random)
        weights[self._converting] += conversions
        weights[self._ending] += nulls
        number = conversions + nulls
        if number:
            for step in self._steps:
                weights[step] += number


@lru_cache(maxsize=1_000)
def _poisson(mean: float) -> Callable[[Random], int]:
    """Draws a Poisson, by looking a random number up in the distribution."""
    if not mean:
        return lambda _: 0
    if mean >= _LARGE:
        return lambda random: max(0, round(random.gauss(mean, math.sqrt(mean))))
    chance, below = math.exp(-mean), 0.0
    heights = []
    while below + chance > below:
        below += chance
        heights.append(below)
        chance *= mean / len(heights)
    return lambda random: bisect(heights, random.random())


def _middle(shares: Sequence[float]) -> tuple[float, float]:
    """Between which values 80 % of them lie."""
    if len(shares) < 2:
        return (shares[0], shares[0]) if shares else (0.0, 1.0)
    tenths = quantiles(shares, n=10, method="inclusive")
    return tenths[0], tenths[-1]
