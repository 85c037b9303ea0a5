"""An absorbing chain of moves between states, and what each channel's removal takes from it. Pure.

A chain begins at the start and ends in a conversion or in nothing (null). A channel is removed by
leading whatever flows into a state that contains it to null; its effect is
1 − P(conversion without it) ÷ P(conversion). Where every state is one channel that is, with
N = (I − Q)⁻¹ and b the probability to convert from a state, N[start, c] / N[c, c] · b[c] / b[start]
(Kemeny and Snell, Finite Markov Chains, 1960). Exact: nothing is simulated.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
    """Channel → 0 to 1, by name: every channel of every state. All 0 where nothing converted.

    To stay in a state is no move: it changes nothing whether it is counted.
    """
    states = sorted({node for move in flows for node in move if isinstance(node, tuple)})
    channels = sorted({channel for state in states for channel in state})
    if not channels:
        return {}
    if all(len(state) == 1 for state in states):
        return dict(_eliminated(_rows(flows, states), channels))
    return _swept(flows, states, channels)


def _rows(flows: Flows, states: Sequence[State]) -> list[list[float]]:
    """Rows: start, then states. Columns: conversion, null, then states."""
    row: dict[State | End, int] = {End.START: 0}
    row |= {state: at for at, state in enumerate(states, 1)}
    column: dict[State | End, int] = {End.CONVERSION: 0, End.NULL: 1}
    column |= {state: at for at, state in enumerate(states, 2)}
    rows = [[0.0] * len(column) for _ in row]
    for (source, target), number in flows.items():
        rows[row[source]][column[target]] += number
    return rows


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


def _swept(flows: Flows, states: Sequence[State], channels: Sequence[str]) -> dict[str, float]:
    """Each channel's effect, for thousands of states with few moves from each."""
    leaving: dict[State | End, float] = defaultdict(float)
    for (source, target), number in flows.items():
        if source != target:
            leaving[source] += number
    converting: dict[State | End, float] = dict.fromkeys([*states, End.START], 0.0)
    onward: dict[State | End, list[tuple[State, float]]] = {node: [] for node in converting}
    for (source, target), number in flows.items():
        chance = _part(number, leaving[source])
        if target is End.CONVERSION:
            converting[source] = chance
        elif isinstance(target, tuple) and source != target:
            onward[source].append((target, chance))
    whole = _conversion(converting, onward, None)
    if not whole:
        return dict.fromkeys(channels, 0.0)
    return {c: 1 - _conversion(converting, onward, c) / whole for c in channels}


def _conversion(
    converting: Mapping[State | End, float],
    onward: Mapping[State | End, Sequence[tuple[State, float]]],
    without: str | None,
) -> float:
    """P(conversion | start) by Gauss–Seidel, from below, until nothing changes.

    That comes to pass: rounding keeps the order of numbers, so no sweep ever lowers one, and none
    grows above its sum. For the same reason it is never more without a channel than with it.
    """
    nodes = [node for node in converting if isinstance(node, End) or without not in node]
    place = {node: at for at, node in enumerate(nodes)}
    steps = [
        (
            place[node],
            converting[node],
            [(place[state], chance) for state, chance in onward[node] if state in place],
        )
        for node in nodes
    ]
    found = [0.0] * len(nodes)
    changes = True
    while changes:
        changes = False
        for at, chance, following in steps:
            total = chance
            for state, part in following:
                total += part * found[state]
            if total != found[at]:
                found[at] = total
                changes = True
    return found[place[End.START]]


def _part(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
