"""What a handler takes in a process of its own, ours and the cookbook's."""

import statistics
from collections.abc import Callable, Mapping

from bench import goals
from bench.environments import Absent
from bench.goals import Figure
from bench.redirect import runtime
from bench.redirect.instance import Instance
from bench.redirect.stage import COOKBOOK, NULL, OURS, UNTRACED, Stage, build_stage

Handlers = Mapping[str, tuple[str, Mapping[str, str]]]
"""By the name of a detail: a module, and variables beside Lambda's."""
HANDLERS: Handlers = {
    "ours": (OURS, {}),
    "cookbook": (COOKBOOK, {}),
    "null": (NULL, {}),
    "cookbook without Tracer": (COOKBOOK, UNTRACED),
}


def compare(
    goal: tuple[str, str, float],
    unit: str,
    rounds: int,
    take: Callable[[Instance], float],
    others: Callable[[Stage], Handlers] = lambda _: {},
) -> list[Figure]:
    """Ours ÷ cookbook, and beside it the others: a process each time, all of them in turn. A first
    round fills the disk's cache and is dropped.
    """
    try:
        with build_stage() as stage:
            handlers = {**HANDLERS, **others(stage)}
            runs = [_round(stage, handlers, take) for _ in range(rounds + 1)][1:]
    except Absent as absent:
        return [goals.unmeasured(*goal, absent)]
    values = {name: [run[name] for run in runs] for name in handlers}
    ours, theirs = values.pop("ours"), values.pop("cookbook")
    beside = {name: f"{statistics.median(own):,.4g} {unit}" for name, own in values.items()}
    details = {**beside, "runtime": runtime.version()}
    return [goals.ratio(*goal, ours, theirs, unit=unit, details=details)]


def _round(stage: Stage, handlers: Handlers, take: Callable[[Instance], float]) -> dict[str, float]:
    values = {}
    for name, (module, variables) in handlers.items():
        with stage.start(module, **variables) as instance:
            values[name] = take(instance)
    return values
