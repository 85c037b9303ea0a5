"""Hourly: look for what waits for a person, and ring."""

from typing import Any

from sharetrail import logs
from sharetrail.calendars import moment
from sharetrail.operations import tell_operator


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> None:
    tell_operator.look(moment(event["time"]))
