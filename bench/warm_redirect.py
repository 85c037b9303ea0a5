"""G1 and G2: the CPU of a warm click in Lambda's own loop, ours and the cookbook's.

All handlers live at once and take turns, so whatever else the machine does meets them alike.
"""

import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from bench import goals, runtime
from bench.goals import Figure
from bench.runtime import CACHING, COOKBOOK, NULL, OURS, UNTRACED, Instance, Stage

_G1 = ("G1", "warm redirect, CPU ÷ cookbook", 0.16)
_G2 = ("G2", "the same, net of a null handler", 0.08)
# Short turns, and many: a machine's speed drifts, and a round's handlers shall meet the same.
_ROUNDS, _CLICKS, _WARMING = 30, 20, 60
_UNPOLLED = {"AWS_EXECUTION_ENV": ""}
"""From Python 3.12 on Lambda's loop asks for each event in a new thread; so told, it does not."""
_HANDLERS: dict[str, tuple[str, Mapping[str, str]]] = {
    "ours": (OURS, {}),
    "cookbook": (COOKBOOK, {}),
    "null": (NULL, {}),
    "ours unpolled": (OURS, _UNPOLLED),
    "cookbook unpolled": (COOKBOOK, _UNPOLLED),
    "null unpolled": (NULL, _UNPOLLED),
    "untraced": (COOKBOOK, UNTRACED),
    "caching": (CACHING, UNTRACED),
}

Times = Mapping[str, Sequence[float]]


def measure() -> list[Figure]:
    try:
        with runtime.stage() as stage:
            took = _measured(stage)
            spilled = stage.dynamodb.spilled
    except runtime.Absent as absent:
        return [runtime.unmeasured(*goal, absent) for goal in (_G1, _G2)]
    note = f"{spilled} clicks of ours were late and went to the queue" if spilled else ""
    return [replace(_whole(took), note=note), _net(took)]


def _measured(stage: Stage) -> Times:
    """Name → microseconds a click, round by round."""
    took: dict[str, list[float]] = {name: [] for name in _HANDLERS}
    with ExitStack() as stack:
        instances = {
            name: stack.enter_context(stage.start(module, **variables))
            for name, (module, variables) in _HANDLERS.items()
        }
        for instance in instances.values():
            _clicked(instance, _WARMING)
        for _ in range(_ROUNDS):
            for name, instance in instances.items():
                took[name].append(_clicked(instance, _CLICKS))
    return took


def _clicked(instance: Instance, clicks: int) -> float:
    """Microseconds a click, after one that brings the handler's memory back into the caches."""
    instance.click()
    before = instance.cpu
    for _ in range(clicks):
        instance.click()
    return (instance.cpu - before) / clicks * 1e6


# ── figures ──────────────────────────────────────────────────────────────────────────────────────
def _whole(took: Times) -> Figure:
    goal, what, limit = _G1
    figure = goals.ratio(goal, what, took["ours"], took["cookbook"], limit, unit="µs")
    unpolled = _against(took["ours unpolled"], took["cookbook unpolled"])
    details = {
        "null": _time(took["null"]),
        "without the loop's polling thread": unpolled,
        "to a cookbook without Tracer": _against(took["ours"], took["untraced"]),
        "and with its links cached": _against(took["ours"], took["caching"]),
        "clicks": "ten a second by their own time, so ours reads its link once in 600",
        "runtime": runtime.version(),
    }
    return replace(figure, details=figure.details | details)


def _net(took: Times) -> Figure:
    goal, what, limit = _G2
    ours, theirs = _less(took["ours"], took["null"]), _less(took["cookbook"], took["null"])
    figure = goals.ratio(goal, what, ours, theirs, limit, unit="µs")
    null = took["null unpolled"]
    unpolled = _against(_less(took["ours unpolled"], null), _less(took["cookbook unpolled"], null))
    return replace(figure, details=figure.details | {"without the loop's polling thread": unpolled})


def _less(whole: Sequence[float], null: Sequence[float]) -> list[float]:
    return [each - nothing for each, nothing in zip(whole, null, strict=True)]


def _against(ours: Sequence[float], theirs: Sequence[float]) -> str:
    pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
    return f"{statistics.median(pairs):.3g} ({_time(ours)} ÷ {_time(theirs)})"


def _time(times: Sequence[float]) -> str:
    return f"{statistics.median(times):,.4g} µs"


if __name__ == "__main__":
    goals.main(measure)
