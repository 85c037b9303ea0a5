"""What a new event means for the totals: its five-minute slot, and its day if that is closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sharetrail import calendars, doorbells, events, merchants, totals, verdicts
from sharetrail.doorbells import Record


@dataclass(frozen=True)
class Door:
    """A slot of a shard; no slot for events without a time of their own, which wait for the day."""

    merchant: str
    shard: str
    day: str
    slot: datetime | None


def doors(record: Record) -> Iterator[Door]:
    """What a new event rings: its slot, and the next one where a repeat may begin in it."""
    pk, sk = doorbells.key_of(record)
    merchant, day, shard = pk.split("#")
    clock = sk.partition("#")[0]
    if clock == events.TIMELESS:
        yield Door(merchant, shard, day, None)
        return
    at = datetime.strptime(f"{day}{clock[:6]}", "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    slot = totals.slot_of(at)
    yield Door(merchant, shard, day, slot)
    next_slot = slot + totals.SLOT
    if next_slot - at <= verdicts.REPEAT_WITHIN and next_slot.date() == slot.date():
        yield Door(merchant, shard, day, next_slot)


def refresh(door: Door, now: datetime) -> None:
    """Recompute what the door stands for; a day that was closed already is closed again."""
    merchant = merchants.find(door.merchant, now)
    if door.slot is None:
        middle = datetime.strptime(door.day, "%Y%m%d").replace(tzinfo=UTC, hour=12)
        days = {calendars.local_day(middle + n * calendars.DAY / 2, merchant.tz) for n in (-1, 1)}
    else:
        if now - door.slot > totals.FROZEN:
            return
        totals.project_slot(door.merchant, door.shard, door.slot)
        days = {calendars.local_day(door.slot, merchant.tz)}
    for day in days:
        if day < calendars.local_day(now, merchant.tz) and totals.is_closed(merchant.id, day):
            totals.close_day(merchant, day)
