"""Clicks and page events that rang in vain: their stream's record was lost, and nobody knows it.
They are looked for in each UTC hour of which somebody wrote facts, once that is over: see
agenda/heard_hours.py.
"""

from datetime import datetime

from sharetrail import calendars
from sharetrail.calendars import moment
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import closings, five_minute_slots, local_days


def heal(merchant: Merchant, about: str, now: datetime) -> None:
    """Recompute what lacks facts of a UTC hour (`2026-11-30T07`): its slots, and those of its days
    that have been closed. Others are noted, as their facts' records would have.

    A slot that is whole says nothing of its day: what was heard after that was closed may have rung
    the one, and in vain the other. So such a day is held against its facts itself.
    """
    hour = moment(f"{about}:00Z")
    if now - hour > local_days.FROZEN:
        return
    slots = five_minute_slots.heal(merchant.id, hour, now)
    lacking = {calendars.local_day(slot, merchant.tz) for slot in slots}
    for day in lacking:
        closings.hear(merchant, day, now)
    days = {calendars.local_day(at, merchant.tz) for at in calendars.ends_of_hour(hour)}
    for day in days - lacking:
        closings.close_lacking(merchant, day, now)
