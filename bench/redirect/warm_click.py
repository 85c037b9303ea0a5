"""G1 and G2: the CPU of a warm click in Lambda's own loop, ours and the cookbook's.

All handlers live at once and take turns, so whatever else the machine does meets them alike.
"""

import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from bench import goals
from bench.environments import Absent
from bench.goals import Figure
from bench.redirect import runtime
from bench.redirect.instance import Instance
from bench.redirect.stage import CACHING, COOKBOOK, NULL, OURS, UNTRACED, Stage, build_stage

_G1 = ("G1", "warm redirect, CPU ÷ cookbook", 0.16)
_G2 = ("G2", "the same, net of a null handler", 0.08)
# Short turns, and many: a machine's speed drifts, and a round's handlers shall meet the same.
_ROUNDS, _CLICKS, _WARMING = 30, 20, 60
_HANDLERS: dict[str, tuple[str, Mapping[str, str]]] = {
    "ours": (OURS, {}),
    "cookbook": (COOKBOOK, {}),
    "null": (NULL, {}),
    "untraced": (COOKBOOK, UNTRACED),
    "caching": (CACHING, UNTRACED),
}

Times = Mapping[str, Sequence[float]]


def measure() -> list[Figure]:
    try:
        with build_stage() as stage:
            times = _microseconds(stage)
            spills = stage.dynamodb.spills
    except Absent as absent:
        return [goals.unmeasured(*goal, absent) for goal in (_G1, _G2)]
    return [_whole(times, spills), _net(times)]


def _microseconds(stage: Stage) -> Times:
    """Name → microseconds a click, round by round."""
    times: dict[str, list[float]] = {name: [] for name in _HANDLERS}
    with ExitStack() as stack:
        instances = {
            name: stack.enter_context(stage.start(module, **variables))
            for name, (module, variables) in _HANDLERS.items()
        }
        for instance in instances.values():
            _time_of(instance, _WARMING)
        for _ in range(_ROUNDS):
            for name, instance in instances.items():
                times[name].append(_time_of(instance, _CLICKS))
    return times


def _time_of(instance: Instance, clicks: int) -> float:
    """Microseconds a click, after one that brings the handler's memory back into the caches."""
    instance.click()
    before = instance.cpu
    for _ in range(clicks):
        instance.click()
    return (instance.cpu - before) / clicks * 1e6


# ── figures ──────────────────────────────────────────────────────────────────────────────────────
def _whole(times: Times, spills: int) -> Figure:
    ours, theirs = times["ours"], times["cookbook"]
    details = {
        "null": _time(times["null"]),
        "to a cookbook without Tracer": _against(ours, times["untraced"]),
        "and with its links cached": _against(ours, times["caching"]),
        "clicks": "ten a second by their own time, so ours reads its link once in 600",
        "runtime": runtime.version(),
    }
    note = f"{spills} clicks of ours were late and went to the queue" if spills else ""
    return goals.ratio(*_G1, ours, theirs, unit="µs", details=details, note=note)


def _net(times: Times) -> Figure:
    ours, theirs = (
        [time - nothing for time, nothing in zip(times[name], times["null"], strict=True)]
        for name in ("ours", "cookbook")
    )
    return goals.ratio(*_G2, ours, theirs, unit="µs")


def _against(ours: Sequence[float], theirs: Sequence[float]) -> str:
    pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
    return f"{statistics.median(pairs):.3g} ({_time(ours)} ÷ {_time(theirs)})"


def _time(times: Sequence[float]) -> str:
    return f"{statistics.median(times):,.4g} µs"


if __name__ == "__main__":
    goals.main(measure)
