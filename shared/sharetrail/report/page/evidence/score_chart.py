"""A few weeks' scores as a drawing: the range as a band, the score as a line. Pure.

In a box of 100 by 100, which the page stretches: no letter stands in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sharetrail.analysis.score.score import Score

WEEKS = 26


@dataclass(frozen=True, kw_only=True)
class ScoreChart:
    band: str
    """Points of a polygon: the upper bounds from left to right, and the lower ones back."""
    line: str
    highest: float
    """What the top stands for, in minor units; the bottom is nothing."""


def chart_of(scores: Sequence[Score]) -> ScoreChart | None:
    """Oldest first; None of fewer than two, or where nothing was ever expected."""
    highest = max((each.high for each in scores), default=0.0)
    if len(scores) < 2 or highest <= 0:
        return None
    xs = [100 * n / (len(scores) - 1) for n in range(len(scores))]

    def points(xs: Sequence[float], values: Sequence[float]) -> str:
        pairs = zip(xs, values, strict=True)
        return " ".join(f"{x:.2f},{100 - 100 * value / highest:.2f}" for x, value in pairs)

    upper = points(xs, [each.high for each in scores])
    lower = points([*reversed(xs)], [each.low for each in reversed(scores)])
    return ScoreChart(
        band=f"{upper} {lower}",
        line=points(xs, [each.value for each in scores]),
        highest=highest,
    )
