"""Log lines as template.yaml counts them for the alarm that rings by them."""

import re
from collections.abc import Iterable
from typing import Any

from local.template import intrinsics
from local.template.reader import TEMPLATE

ALARM = "PersonNeeded"
_RESOURCES = intrinsics.read(TEMPLATE.read_text())["Resources"]
FILTER, WATCHED = _RESOURCES["Rings"]["Properties"], _RESOURCES[ALARM]["Properties"]
(COUNTED,) = FILTER["MetricTransformations"]


def rings(line: dict[str, Any]) -> str | None:
    """By which name a line rings; None where it is not counted."""
    told = re.fullmatch(r'\{ \$\.(\w+) = "(\w+)" \}', FILTER["FilterPattern"])
    assert told
    name, value = told.groups()
    return str(line["message"]) if line.get(name) == value else None


def all_rung(lines: Iterable[dict[str, Any]]) -> list[str]:
    return [name for line in lines if (name := rings(line))]
