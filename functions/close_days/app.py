"""Hourly: close the local days that have ended, and again those judged by an older rule."""

from datetime import date
from typing import Any

from sharetrail import calendars
from sharetrail.calendars import moment
from sharetrail.merchants import every_merchant, profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import local_days


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    now = moment(event["time"])

    def close(merchant: Merchant) -> int:
        today = calendars.local_day(now, merchant.tz)
        return local_days.close_ended(merchant, date.min, today, now)

    return every_merchant.visit(profiles.everyone(), close, now)
