"""Hourly: heal recent slots, ask again for orders' missing clicks, drop old salts."""

from typing import Any

from sharetrail import merchants, rounds, salts, sweeping
from sharetrail.items import moment
from sharetrail.merchants import Merchant


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    now = moment(event["time"])
    salts.drop_old(now)

    def heal(merchant: Merchant) -> int:
        sweeping.heal_slots(merchant, now)
        return sweeping.retry_waiting(merchant, now)

    return rounds.over(merchants.everyone(), heal)
