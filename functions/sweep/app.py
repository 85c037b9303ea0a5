"""Hourly: heal recent slots, ask again for orders' missing clicks, store what spilled into the
bucket."""

from typing import Any

from sharetrail.attribution import late_evidence
from sharetrail.calendars import moment
from sharetrail.merchants import every_merchant, profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import spilled_facts
from sharetrail.totals import five_minute_slots


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    now = moment(event["time"])

    def heal(merchant: Merchant) -> int:
        five_minute_slots.heal_recent(merchant, now)
        return late_evidence.retry_waiting(merchant, now)

    try:
        return every_merchant.visit(profiles.everyone(), heal)
    finally:  # neither keeps the other waiting
        spilled_facts.save_all()
