"""Daily: every merchant's influencers, scored as of the end of its last full week.

A day closes with the hour of UTC that it ends in (totals/local_days.py), and so does a week.
"""

from typing import Any

from sharetrail import calendars
from sharetrail.analysis import score_influencers
from sharetrail.calendars import moment
from sharetrail.merchants import every_merchant, profiles
from sharetrail.merchants.profile import Merchant


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    now = moment(event["time"])

    def score(merchant: Merchant) -> int:
        week = calendars.last_full_week(calendars.hour_of(now), merchant.tz)
        return len(score_influencers.refresh(merchant, week, now))

    return every_merchant.visit(profiles.everyone(), score, now)
