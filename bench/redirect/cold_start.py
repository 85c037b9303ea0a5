"""G4: the CPU from nothing to the first 302 over TLS, ours and the cookbook's.

A process each time, the two in turn. Everything is compiled beforehand. The cookbook reads the
bundle of certificate authorities that botocore brings; ours reads Amazon's own.
"""

import statistics
from collections.abc import Mapping
from dataclasses import replace

from bench import goals
from bench.environments import Absent
from bench.goals import Figure
from bench.redirect import runtime
from bench.redirect.stage import COOKBOOK, NULL, OURS, UNTRACED, Stage, build_stage

_G4 = ("G4", "cold start to the first 302, CPU ÷ cookbook", 0.11)
_ROUNDS = 9


def measure() -> list[Figure]:
    try:
        with build_stage() as stage:
            times = _milliseconds(stage)
    except Absent as absent:
        return [goals.unmeasured(*_G4, absent)]
    goal, what, limit = _G4
    figure = goals.ratio(goal, what, times.pop("ours"), times.pop("cookbook"), limit, unit="ms")
    beside = {name: f"{statistics.median(others):,.4g} ms" for name, others in times.items()}
    return [replace(figure, details=figure.details | beside | {"runtime": runtime.version()})]


def _milliseconds(stage: Stage) -> dict[str, list[float]]:
    """Name → milliseconds, round by round; a first round fills the disk's cache and is dropped."""
    handlers: dict[str, tuple[str, Mapping[str, str]]] = {
        "ours": (OURS, {}),
        "cookbook": (COOKBOOK, {}),
        "null": (NULL, {}),
        "cookbook without Tracer": (COOKBOOK, UNTRACED),
        "ours trusting all that botocore does": (OURS, stage.every_authority),
        "cookbook trusting one authority": (COOKBOOK, stage.one_authority),
    }
    times: dict[str, list[float]] = {name: [] for name in handlers}
    for turn in range(_ROUNDS + 1):
        for name, (module, variables) in handlers.items():
            cpu = _cpu_of(stage, module, variables)
            times[name] += [cpu] if turn else []
    return times


def _cpu_of(stage: Stage, module: str, variables: Mapping[str, str]) -> float:
    with stage.start(module, **variables) as instance:
        instance.answer()
        return instance.cpu * 1e3


if __name__ == "__main__":
    goals.main(measure)
