"""Healing what a doorbell missed: slots of the last hour, and orders whose clicks came late."""

from datetime import datetime, timedelta

from sharetrail import calendars, crediting, credits, folds, totals
from sharetrail.credits import OrderCredits
from sharetrail.merchants import Merchant
from sharetrail.orders import OrderRef

HEALED = timedelta(minutes=75)
"""A little more than the hour between two sweeps."""
PATIENCE = timedelta(days=14)
"""How long a click that an order names may take to arrive."""


def heal_slots(merchant: Merchant, now: datetime) -> None:
    """Recompute the recent slots, whether or not somebody rang."""
    slot = totals.slot_of(now - HEALED)
    while slot <= now:
        for shard in folds.SHARDS:
            totals.heal_slot(merchant.id, shard, slot)
        slot += totals.SLOT


def retry_waiting(merchant: Merchant, now: datetime) -> int:
    """Attribute again the recent orders that wait for a click, a code's owner or a rate; how many
    those were.
    """
    first = calendars.local_day(now - PATIENCE, merchant.tz)
    last = calendars.local_day(now, merchant.tz)
    recent = credits.between(merchant.id, first, last)
    waiting = [each for each in recent if _waits(each, merchant)]
    for each in waiting:
        ref = OrderRef(merchant=merchant.id, platform=each.platform, id=each.order)
        crediting.refresh(ref, now)
    return len(waiting)


def _waits(order: OrderCredits, merchant: Merchant) -> bool:
    is_foreign = order.currency != merchant.currency
    return bool(order.waiting or order.unknown_codes) or is_foreign
