"""Daily: every merchant's influencers, scored as of the end of its last full week."""

from typing import Any

from sharetrail import calendars, merchants, rounds, scores
from sharetrail.items import moment
from sharetrail.merchants import Merchant


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    now = moment(event["time"])

    def score(merchant: Merchant) -> int:
        return len(scores.refresh(merchant, calendars.last_full_week(now, merchant.tz), now))

    return rounds.over(merchants.everyone(), score)
