"""G11: journeys a second, ours ÷ ChannelAttribution, which is written in C++.

The same rows, one a journey, in each side's own form of rows in memory: a list of tuples, a data
frame. What reads and makes them is not counted, on either side. Every run is a fresh process; the
sides take turns. Ours works off equal paths once, so paths that hardly repeat are measured as well.
"""

import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import goals
from bench.attribution import journeys
from bench.attribution.journeys import Row
from bench.attribution.peers import scripts
from bench.attribution.peers.scripts import Result
from bench.environments import Absent
from bench.goals import Figure

_LEAST = 500_000
"""Rows of data whose paths repeat."""
_UNREPEATED = 100_000
_PAIRS = 5
_MODELS = {"heuristics": "heuristics", "markov": "Markov, order 1"}
_WORK = {
    "heuristics": "ours last, first, linear, position and Shapley; theirs last, first and linear,"
    " each of conversions and of value",
    "markov": "ours exact; theirs simulated, with its defaults: one thread, 100,000 journeys at"
    " first, none longer than the data's longest, until ten repetitions agree within 5 %",
}


def measure(rows: Sequence[Row], name: str) -> list[Figure]:
    """Of these journeys, by what they are called, and of paths that hardly repeat."""
    data = {
        name: journeys.single_rows(rows, _LEAST),
        "paths that hardly repeat": journeys.random_rows(_UNREPEATED),
    }
    try:
        scripts.python(scripts.CHANNEL_ATTRIBUTION)
    except Absent as absent:
        whats = [_what(model, name) for name in data for model in _MODELS]
        return [goals.unmeasured("G11", what, 1, absent, "at least") for what in whats]
    return [figure for name, rows in data.items() for figure in _compared(name, rows)]


def _what(model: str, name: str) -> str:
    return f"{_MODELS[model]}, paths/s ÷ ChannelAttribution, {name}"


def _compared(name: str, rows: list[Row]) -> list[Figure]:
    with TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "rows"
        journeys.dump(rows, file)
        sides = {
            "ours": [sys.executable, "-m", "bench.attribution.product", file],
            "theirs": scripts.command(scripts.CHANNEL_ATTRIBUTION, file),
        }
        runs: dict[str, list[Result]] = {"ours": [], "theirs": []}
        for pair in range(_PAIRS):
            for side in sorted(sides, reverse=bool(pair % 2)):
                runs[side].append(scripts.result(sides[side]))
    behind = {
        "journeys": f"{len(rows):,} on {len({row[0] for row in rows}):,} paths",
        "credits differ by": f"{_difference(runs['ours'][0], runs['theirs'][0]):.0e} at most",
        "peak memory": " v ".join(_peak(results) for results in runs.values()),
    }
    figure = partial(goals.ratio, unit="paths/s", sense="at least", details=behind)
    return [
        figure("G11", _what(model, name), 1, *_rates(model, runs, len(rows)), note=_WORK[model])
        for model in _MODELS
    ]


def _rates(model: str, runs: Mapping[str, list[Result]], rows: int) -> Iterator[list[float]]:
    """Rows a second, of one side and the other."""
    for results in runs.values():
        yield [rows / result[model] for result in results]


def _difference(ours: Result, theirs: Result) -> float:
    """Between two credits, as part of the larger one."""
    return max(
        abs(credit - ours["credits"][model].get(channel, 0)) / max(credit, 1)
        for model, credits in theirs["credits"].items()
        for channel, credit in credits.items()
    )


def _peak(runs: list[Result]) -> str:
    peaks = [result["peak"] for result in runs if result["peak"]]
    return f"{statistics.median(peaks):,.0f} MB" if peaks else "unknown"
