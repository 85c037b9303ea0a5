"""G5: the most memory that a process takes, from its start through a few hundred clicks."""

import statistics
from collections.abc import Mapping
from dataclasses import replace

from bench import goals
from bench.environments import Absent
from bench.goals import Figure
from bench.redirect import runtime
from bench.redirect.stage import COOKBOOK, NULL, OURS, UNTRACED, Stage, build_stage

_G5 = ("G5", "peak memory ÷ cookbook", 0.36)
_ROUNDS, _CLICKS = 3, 200
_HANDLERS: dict[str, tuple[str, Mapping[str, str]]] = {
    "ours": (OURS, {}),
    "cookbook": (COOKBOOK, {}),
    "null": (NULL, {}),
    "cookbook without Tracer": (COOKBOOK, UNTRACED),
}


def measure() -> list[Figure]:
    try:
        with build_stage() as stage:
            rounds = [_peaks(stage) for _ in range(_ROUNDS)]
    except Absent as absent:
        return [goals.unmeasured(*_G5, absent)]
    peaks = {name: [peaks_of[name] for peaks_of in rounds] for name in _HANDLERS}
    goal, what, limit = _G5
    figure = goals.ratio(goal, what, peaks.pop("ours"), peaks.pop("cookbook"), limit, unit="MB")
    others = {name: f"{statistics.median(peak):,.4g} MB" for name, peak in peaks.items()}
    return [replace(figure, details=figure.details | others | {"runtime": runtime.version()})]


def _peaks(stage: Stage) -> dict[str, float]:
    return {name: _peak(stage, *handler) for name, handler in _HANDLERS.items()}


def _peak(stage: Stage, module: str, variables: Mapping[str, str]) -> float:
    with stage.start(module, **variables) as instance:
        for _ in range(_CLICKS):
            instance.click()
        return instance.peak / 1e6


if __name__ == "__main__":
    goals.main(measure)
