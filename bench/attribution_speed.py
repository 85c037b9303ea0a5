"""G11: journeys a second, ours ÷ ChannelAttribution, which is written in C++.

The same rows, one a journey, in each side's own form of rows in memory: a list of tuples, a data
frame. What reads and makes them is not counted, on either side. Every run is a fresh process; the
sides take turns. Ours works off equal paths once, so paths that hardly repeat are measured as well.
"""

import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import goals, journeys, peers
from bench.goals import Figure
from bench.journeys import Row

_LEAST = 500_000
"""Rows of data whose paths repeat."""
_UNREPEATED = 100_000
_PAIRS = 5
_MODELS = {"heuristics": "heuristics", "markov": "Markov, order 1"}
_DONE = {
    "heuristics": "ours last, first, linear, position and Shapley; theirs last, first and linear,"
    " each of conversions and of value",
    "markov": "ours exact; theirs simulated, with its defaults: one thread, 100,000 journeys at"
    " first, none longer than the data's longest, until ten repetitions agree within 5 %",
}
Told = Mapping[str, Any]


def measure(rows: Sequence[Row], name: str) -> list[Figure]:
    """Of these journeys, by what they are called, and of paths that hardly repeat."""
    data = {
        name: journeys.expanded(rows, _LEAST),
        "paths that hardly repeat": journeys.unrepeated(_UNREPEATED),
    }
    try:
        peers.python(peers.CHANNEL_ATTRIBUTION)
    except peers.Absent as absent:
        return [_unmeasured(model, name, str(absent)) for name in data for model in _MODELS]
    return [figure for name, rows in data.items() for figure in _compared(name, rows)]


def _unmeasured(model: str, name: str, why: str) -> Figure:
    return Figure(
        goal="G11", what=_what(model, name), value=None, limit=1, sense="at least", note=why
    )


def _what(model: str, name: str) -> str:
    return f"{_MODELS[model]}, paths/s ÷ ChannelAttribution, {name}"


def _compared(name: str, rows: list[Row]) -> list[Figure]:
    with TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "rows"
        journeys.dump(rows, file)
        sides = {
            "ours": [sys.executable, "-m", "bench.attribution_run", file],
            "theirs": peers.command(peers.CHANNEL_ATTRIBUTION, file),
        }
        runs: dict[str, list[Told]] = {"ours": [], "theirs": []}
        for pair in range(_PAIRS):
            for side in sorted(sides, reverse=bool(pair % 2)):
                runs[side].append(peers.told(sides[side]))
    behind = {
        "journeys": f"{len(rows):,} on {len({row[0] for row in rows}):,} paths",
        "credits differ by": f"{_difference(runs['ours'][0], runs['theirs'][0]):.0e} at most",
        "peak memory": " v ".join(_peak(told) for told in runs.values()),
    }
    return [_figure(model, name, runs, len(rows), behind) for model in _MODELS]


def _figure(
    model: str, name: str, runs: Mapping[str, list[Told]], rows: int, behind: dict[str, str]
) -> Figure:
    ours, theirs = ([rows / told[model] for told in runs[side]] for side in ("ours", "theirs"))
    what = _what(model, name)
    figure = goals.ratio("G11", what, ours, theirs, 1, unit="paths/s", sense="at least")
    return replace(figure, details=figure.details | behind, note=_DONE[model])


def _difference(ours: Told, theirs: Told) -> float:
    """Between two credits, as part of the larger one."""
    return max(
        abs(credit - ours["credits"][model].get(channel, 0)) / max(credit, 1)
        for model, credits in theirs["credits"].items()
        for channel, credit in credits.items()
    )


def _peak(runs: list[Told]) -> str:
    peaks = [told["peak"] for told in runs if told["peak"]]
    return f"{statistics.median(peaks):,.0f} MB" if peaks else "unknown"
