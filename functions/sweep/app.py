"""Hourly: store what spilled into the bucket; heal each merchant's recent slots, and ask again for
their orders' missing clicks; then attribute what rang in vain."""

from contextlib import ExitStack
from typing import Any

from sharetrail.attribution import late_evidence, missed_rings
from sharetrail.calendars import moment
from sharetrail.merchants import every_merchant, profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import spilled_facts
from sharetrail.totals import five_minute_slots


def handler(event: dict[str, Any], _context: Any) -> None:
    now = moment(event["time"])

    def heal(merchant: Merchant) -> int:
        five_minute_slots.heal_recent(merchant, now)
        return late_evidence.retry_waiting(merchant, now)

    with ExitStack() as jobs:  # from the last to the first, whichever of them fail
        jobs.callback(missed_rings.heal, now)  # as long as there were orders in three hours
        jobs.callback(lambda: every_merchant.visit(profiles.everyone(), heal, now))
        jobs.callback(spilled_facts.save_all, now)
