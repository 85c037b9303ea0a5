"""Hourly: close the local days that have ended since the last one closed."""

from typing import Any

from sharetrail import calendars, merchants, rounds, totals
from sharetrail.items import moment
from sharetrail.merchants import Merchant


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    now = moment(event["time"])

    def close(merchant: Merchant) -> int:
        oldest = calendars.local_day(now - totals.FROZEN, merchant.tz) + calendars.DAY
        today = calendars.local_day(now, merchant.tz)
        return totals.close_ended(merchant, oldest, today, now)

    return rounds.over(merchants.everyone(), close)
