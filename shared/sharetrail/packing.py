"""What attribution said of an order, as one short text: reports read tens of thousands of orders,
and DynamoDB's nested maps take twenty times as long to read as JSON. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from sys import intern
from typing import Any

from sharetrail.attribution import Attribution, Model, Why
from sharetrail.items import iso, moment
from sharetrail.touches import Touch


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    touches: tuple[Touch, ...] = ()
    """Every touch of the order in time order, whether it counts or not."""
    counted: tuple[int, ...] = ()
    """The places in `touches` of those that count, in the models' order."""
    excluded: Mapping[str, Why] = field(default_factory=dict)
    """Touch id → why it does not count. A touch in neither was rejected by a fraud rule."""
    parts: Mapping[Model, tuple[tuple[float, int], ...]] = field(default_factory=dict)
    """For each model a share and an amount for each touch of `counted`."""
    effects: Mapping[str, float] = field(default_factory=dict)
    """Network → removal effect: what `markov` weighed the order's touches by."""


_FIELDS = tuple(each.name for each in fields(Touch))
_values = attrgetter(*_FIELDS)
_REPEATED = ("influencer", "name", "link", "network", "campaign", "product")


def pack(touches: tuple[Touch, ...], found: Attribution, effects: Mapping[str, float]) -> str:
    """The same inputs give the same text."""
    place = {touch.id: n for n, touch in enumerate(touches)}
    told = {
        "touches": [
            [iso(v) if isinstance(v, datetime) else v for v in _values(t)] for t in touches
        ],
        "counted": [place[touch.id] for touch in found.counted],
        "excluded": {each.touch.id: each.why for each in found.excluded},
        "parts": {m: [[c.share, c.amount] for c in given] for m, given in found.credits.items()},
        "effects": dict(sorted(effects.items())),
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def unpack(text: str) -> Details:
    told = json.loads(text)
    return Details(
        touches=tuple(_touch(each) for each in told["touches"]),
        counted=tuple(told["counted"]),
        excluded=told["excluded"],
        parts={model: tuple(map(tuple, given)) for model, given in told["parts"].items()},
        effects=told["effects"],
    )


def _touch(values: list[Any]) -> Touch:
    """Names repeat from order to order: each is kept once."""
    named = dict(zip(_FIELDS, values, strict=True))
    named["at"] = moment(named["at"])
    for name in _REPEATED:
        named[name] = intern(named[name])
    return Touch(**named)
