"""Hourly: make the salts of today and tomorrow where they are missing, delete those of old days."""

from typing import Any

from sharetrail import logs
from sharetrail.calendars import moment
from sharetrail.clicks import daily_salts


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    return daily_salts.turn(moment(event["time"]))
