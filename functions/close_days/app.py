"""Hourly: close the local days that have ended, and again those judged by an older rule."""

from datetime import date
from typing import Any

from sharetrail import calendars, merchants, rounds, totals
from sharetrail.items import moment
from sharetrail.merchants import Merchant


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    now = moment(event["time"])

    def close(merchant: Merchant) -> int:
        today = calendars.local_day(now, merchant.tz)
        return totals.close_ended(merchant, date.min, today, now)

    return rounds.over(merchants.everyone(), close)
