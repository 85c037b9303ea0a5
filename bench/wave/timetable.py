"""What template.yaml says of time and room: when schedules fire, how many workers a queue has."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from local.template import intrinsics
from local.template.declarations import Template
from local.template.reader import TEMPLATE

_CRON = re.compile(r"cron\((?:(\d+)|(\d+)/(\d+)) \* \* \* \? \*\)")
_HOUR = 60
_TEMPLATE = intrinsics.read(TEMPLATE.read_text())
Minutes = Mapping[str, Sequence[int]]
"""Schedule → the minutes of every hour in which it fires."""
_SALTS = "turn_salts"
"""The local cloud fires it by itself."""


def minutes(template: Template) -> Minutes:
    return {
        folder: _minutes(function.schedules[0].expression)
        for folder, function in template.functions.items()
        if function.schedules and folder != _SALTS
    }


def _minutes(expression: str) -> tuple[int, ...]:
    """ValueError for anything but a minute of each hour, or every so many minutes."""
    told = _CRON.fullmatch(expression)
    if not told:
        raise ValueError(f"no hourly schedule: {expression}")
    once, first, step = told.groups()
    return (int(once),) if once else tuple(range(int(first), _HOUR, int(step)))


def next_firing(at: datetime, minutes: Sequence[int]) -> datetime:
    """The first of these minutes from `at` on."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    moments = (hour + timedelta(hours=n, minutes=each) for n in (0, 1) for each in minutes)
    return min(each for each in moments if each >= at)


def workers(function: str) -> int:
    """How many invocations at once the ScalingConfig of its first queue allows."""
    (source, *_) = _TEMPLATE["Resources"][function]["Properties"]["Events"].values()
    most = source["Properties"]["ScalingConfig"]["MaximumConcurrency"]
    return int(parameter(most["Ref"]) if isinstance(most, dict) else most)


def memory(function: str) -> int:
    """Megabytes."""
    common = _TEMPLATE["Globals"]["Function"]["MemorySize"]
    return int(_TEMPLATE["Resources"][function]["Properties"].get("MemorySize", common))


def resources(kind: str) -> int:
    """How many of a kind there are."""
    return [each["Type"] for each in _TEMPLATE["Resources"].values()].count(kind)


def polled_queues() -> int:
    """How many queues invoke a function."""
    functions = [each.get("Properties", {}) for each in _TEMPLATE["Resources"].values()]
    triggers = [event for each in functions for event in _events(each)]
    return [each["Type"] for each in triggers].count("SQS")


def _events(properties: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    events = properties.get("Events", {})
    return [*events.values()] if isinstance(events, dict) else []


def parameter(name: str) -> float:
    """A number's default."""
    return float(_TEMPLATE["Parameters"][name]["Default"])
