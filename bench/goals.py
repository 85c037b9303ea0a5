"""A goal's figure, the verdict on it, and how it is printed. The goals themselves: docs/speed.md.

Every benchmark is a module, or a room's `__main__`, that measures figures and prints them:
`python -m bench.<name>` a table, `--json` the same for machines.
"""

import argparse
import json
import os
import platform
import re
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, asdict, dataclass, field
from pathlib import Path
from typing import Literal, NoReturn

from pydantic import TypeAdapter

Sense = Literal["at most", "at least", "exactly"]


@dataclass(frozen=True)
class Figure:
    """What was measured for a goal, and the limit it has to keep."""

    goal: str
    """`G1`, … ; two figures of one goal are both to be met."""
    what: str
    """What the value is, in the words of a table: `warm redirect, CPU ÷ cookbook`."""
    value: float | None
    """None: could not be measured here; `note` says why."""
    limit: float
    _: KW_ONLY
    sense: Sense = "at most"
    spread: tuple[float, float] | None = None
    """Lower and upper quartile of the runs; None for what is counted and does not vary."""
    details: dict[str, str] = field(default_factory=dict)
    """Name → what stands behind the value: both medians, counts, assumptions."""
    note: str = ""

    @property
    def verdict(self) -> str:
        """met, missed, or not measured."""
        if self.value is None:
            return "not measured"
        met = {
            "at most": self.value <= self.limit,
            "at least": self.value >= self.limit,
            "exactly": self.value == self.limit,
        }[self.sense]
        return "met" if met else "missed"


def ratio(
    goal: str,
    what: str,
    limit: float,
    ours: Sequence[float],
    theirs: Sequence[float],
    *,
    unit: str,
    sense: Sense = "at most",
    details: Mapping[str, str] | None = None,
    note: str = "",
) -> Figure:
    """A figure of paired runs: the median of the pairs' ratios, with their quartiles."""
    pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Figure(
        goal,
        what,
        statistics.median(pairs),
        limit,
        sense=sense,
        spread=quartiles(pairs),
        details={
            "ours": f"{statistics.median(ours):,.4g} {unit}",
            "theirs": f"{statistics.median(theirs):,.4g} {unit}",
            "pairs": str(len(pairs)),
            **(details or {}),
        },
        note=note,
    )


def exactly_one(goal: str, what: str, counts: Iterable[int], details: dict[str, str]) -> Figure:
    """A figure of what is to happen once each time: the count that is farthest from one."""
    farthest = max(counts, key=lambda count: abs(count - 1))
    return Figure(goal, what, farthest, 1, sense="exactly", details=details)


def unmeasured(
    goal: str, what: str, limit: float, reason: object, sense: Sense = "at most"
) -> Figure:
    """Where it cannot be measured, and why."""
    return Figure(goal, what, None, limit, sense=sense, note=str(reason))


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def machine() -> str:
    """The machine in one line: processor, cores, Python."""
    file = Path("/proc/cpuinfo")
    name = re.search(r"^model name\s*: (.*)", file.read_text(), re.M) if file.exists() else None
    processor = name[1] if name else platform.processor() or platform.machine()
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}"


# ── printing ─────────────────────────────────────────────────────────────────────────────────────
def main(measure: Callable[[], list[Figure]]) -> None:
    """Measure and print: the command line of most benchmarks."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--json", action="store_true", help="one JSON object, for machines")
    as_json = arguments.parse_args().json
    tell(measure(), as_json)


def tell(figures: Sequence[Figure], as_json: bool) -> NoReturn:
    """Prints them and ends: with 1 where a goal is missed."""
    print(dumps(figures) if as_json else table(figures))
    sys.exit(any(figure.verdict == "missed" for figure in figures))


def dumps(figures: Sequence[Figure]) -> str:
    rows = [{**asdict(figure), "verdict": figure.verdict} for figure in figures]
    return json.dumps({"machine": machine(), "figures": rows})


def loads(text: str) -> list[Figure]:
    """The figures that `--json` printed last: functions that were measured log before it."""
    *_, told = text.splitlines()
    return TypeAdapter(list[Figure]).validate_python(json.loads(told)["figures"])


def table(figures: Sequence[Figure]) -> str:
    rows = [("goal", "figure", "value", "quartiles", "limit", "")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [machine(), ""]
    for row, figure in zip(rows, [None, *figures], strict=True):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
        if figure:
            lines += _behind(figure)
    return "\n".join(line.rstrip() for line in lines)


def _row(figure: Figure) -> tuple[str, ...]:
    value = "–" if figure.value is None else f"{figure.value:,.4g}"
    spread = f"{figure.spread[0]:,.3g} – {figure.spread[1]:,.3g}" if figure.spread else ""
    sign = {"at most": "≤", "at least": "≥", "exactly": "="}[figure.sense]
    limit = f"{sign} {figure.limit:g}"
    return figure.goal, figure.what, value, spread, limit, figure.verdict


def _behind(figure: Figure) -> list[str]:
    details = "; ".join(f"{name} {value}" for name, value in figure.details.items())
    return [f"      {line}" for line in (details, figure.note) if line]
