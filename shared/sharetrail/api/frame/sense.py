"""What makes no sense of a body though it has the shape that it should have: a day that lies ahead,
other money than the shop's, what stands twice. It is told with what has not that shape, in one
answer, so that whoever sends it mends it once.

A body's class names its own rule. That is asked of every body, be it of that shape or not, and so
looks at `bodies.sound_fields` alone.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

from sharetrail.merchants.profile import Merchant

Faults = Mapping[str, str]
Sense = Callable[[Any, Merchant, datetime], Faults]
"""Of a body as JSON has it: what makes no sense, by field."""
C = TypeVar("C", bound=type[Any])
_SENSE = "__sense__"


def sensible(sense: Sense) -> Callable[[C], C]:
    """Says of a body which rule it goes by."""

    def said(body: C) -> C:
        setattr(body, _SENSE, sense)
        return body

    return said


def of_body(function: Any) -> Sense | None:
    """The rule of the body that a route takes; None of those that have none."""
    taken = (each for name, each in get_type_hints(function).items() if name != "return")
    rules = (getattr(each, _SENSE, None) for each in taken)
    return next(filter(None, rules), None)
