"""An absorbing chain of moves between states, and what each channel's removal takes from it. Pure.

A chain begins at the start and ends in a conversion or in nothing (null). A channel is removed by
leading whatever flows into a state that contains it to null; its effect is
1 − P(conversion without it) ÷ P(conversion). Where every state is one channel that is, with
N = (I − Q)⁻¹ and b the probability to convert from a state, N[start, c] / N[c, c] · b[c] / b[start]
(Kemeny and Snell, Finite Markov Chains, 1960). Exact: nothing is simulated.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

State = tuple[str, ...]
"""Channels, the latest last."""


class End(Enum):
    """Where chains begin and end; names of channels cannot be mistaken for them."""

    START = "start"
    CONVERSION = "conversion"
    NULL = "null"


Move = tuple[State | End, State | End]
Flows = Mapping[Move, float]
"""How many journeys made a move; a journey counts as often as it made it."""


def removal_effects_of(flows: Flows) -> dict[str, float]:
    """As Chain.removal_effects tells them."""
    return Chain(flows).removal_effects(flows.values())


class Chain:
    """A chain's moves, which stay the same however often each is made."""

    def __init__(self, moves: Iterable[Move]) -> None:
        self._moves = list(moves)
        states = sorted({node for move in self._moves for node in move if isinstance(node, tuple)})
        self.channels = sorted({channel for state in states for channel in state})
        self._is_plain = all(len(state) == 1 for state in states)
        row: dict[State | End, int] = {End.START: 0}
        row |= {state: at for at, state in enumerate(states, 1)}
        column: dict[State | End, int] = {End.CONVERSION: 0, End.NULL: 1}
        column |= {state: at for at, state in enumerate(states, 2)}
        self._cells = [(row[source], column[target]) for source, target in self._moves]
        self._size = len(row)
        numbers = [*range(1, len(row)), 0]  # the start is swept last
        self._without = {
            channel: [at for at in numbers if not at or channel not in states[at - 1]]
            for channel in self.channels
        }
        self._numbers = numbers

    def removal_effects(self, weights: Iterable[float]) -> dict[str, float]:
        """Channel → 0 to 1, by name: every channel of every state. All 0 where nothing converted.

        `weights` are how many journeys made each move; a journey counts as often as it made it. To
        stay in a state is no move: it changes nothing whether it is counted.
        """
        if not self.channels:
            return {}
        if self._is_plain:
            return dict(_eliminated(self._rows(weights), self.channels))
        return self._swept(weights)

    def _rows(self, weights: Iterable[float]) -> list[list[float]]:
        """Rows: start, then states. Columns: conversion, null, then states."""
        rows = [[0.0] * (self._size + 1) for _ in range(self._size)]
        for (row, column), number in zip(self._cells, weights, strict=True):
            rows[row][column] += number
        return rows

    def _swept(self, weights: Iterable[float]) -> dict[str, float]:
        """Each channel's effect, for thousands of states with few moves from each."""
        leaving = [0.0] * self._size
        numbers = list(weights)
        for (row, column), number in zip(self._cells, numbers, strict=True):
            if column < 2 or row != column - 1:
                leaving[row] += number
        converting = [0.0] * self._size
        onward: list[list[tuple[int, float]]] = [[] for _ in range(self._size)]
        for (row, column), number in zip(self._cells, numbers, strict=True):
            chance = _part(number, leaving[row])
            if column == 0:
                converting[row] = chance
            elif column > 1 and row != column - 1 and chance:
                onward[row].append((column - 1, chance))
        whole = _conversion(converting, onward, self._numbers)
        if not whole:
            return dict.fromkeys(self.channels, 0.0)
        return {
            channel: 1 - _conversion(converting, onward, self._without[channel]) / whole
            for channel in self.channels
        }


def _eliminated(rows: list[list[float]], channels: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Each channel's effect, from a chain where all others have been eliminated.

    Half of the channels are eliminated for the other half, and so on: n³ steps for all n channels.
    """
    if len(channels) == 1:
        start, own = rows
        through = start[2] * _part(own[0], own[0] + own[1])
        yield channels[0], _part(through, start[0] + through)
        return
    half = len(channels) // 2
    turned = [row[:2] + row[2 + half :] + row[2 : 2 + half] for row in rows]
    yield from _eliminated(_without_last(rows, half), channels[:half])
    turned = [turned[0], *turned[1 + half :], *turned[1 : 1 + half]]
    yield from _eliminated(_without_last(turned, len(channels) - half), channels[half:])


def _without_last(rows: list[list[float]], number: int) -> list[list[float]]:
    """The chain as seen whenever it is in one of the first states; rows need not sum to 1.

    Nothing is ever subtracted, so that small effects have as many digits as large ones (Grassmann,
    Taksar, Heyman, Regenerative analysis and steady state distributions, 1985).
    """
    rows = [row.copy() for row in rows]
    while len(rows) > number + 1:
        gone = rows.pop()
        gone.pop()  # from the state to itself: it leaves some day
        left = math.fsum(gone)
        for at, row in enumerate(rows):
            part = _part(row.pop(), left)
            if part:
                rows[at] = [own + part * more for own, more in zip(row, gone, strict=True)]
    return rows


def _conversion(
    converting: Sequence[float],
    onward: Sequence[Sequence[tuple[int, float]]],
    nodes: Sequence[int],
) -> float:
    """P(conversion | start) through these nodes by Gauss–Seidel, from below, until nothing changes.

    That comes to pass: rounding keeps the order of numbers, so no sweep ever lowers one, and none
    grows above its sum. For the same reason it is never more without a channel than with it.
    """
    found = [0.0] * len(converting)
    steps = [(at, converting[at], onward[at]) for at in nodes]
    changes = True
    while changes:
        changes = False
        for at, total, following in steps:
            for state, part in following:
                total += part * found[state]
            if total != found[at]:
                found[at] = total
                changes = True
    return found[0]


def _part(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
