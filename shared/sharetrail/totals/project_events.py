"""What a new event means for the totals: its five-minute slot, and its day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sharetrail import calendars
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.clicks.click import time_of_key
from sharetrail.clicks.page_event import TIMELESS
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import closings, five_minute_slots, local_days


@dataclass(frozen=True)
class Slot:
    merchant: str
    shard: str
    start: datetime


@dataclass(frozen=True)
class Day:
    """A local day that has a fact."""

    merchant: str
    day: date


_TICK = timedelta(milliseconds=1)
Door = Slot | Day


def doors(record: Record) -> Iterator[Door]:
    """What a new event rings: its slot, the next one where a repeat may reach into it, its day; of
    a shop that was erased nothing."""
    pk, sk = batches.key_of(record)
    merchant_id, utc_day, shard = pk.split("#")
    now = batches.created(record)
    merchant = profiles.find_if_any(merchant_id, now)
    if merchant is None:
        return
    clock = sk.partition("#")[0]
    if clock == TIMELESS:
        yield from _days(merchant, _hours(utc_day))
        return
    at = time_of_key(utc_day, clock)
    if now - at > local_days.FROZEN:
        return
    slots = [*five_minute_slots.slots_of(at)]
    yield from (Slot(merchant_id, shard, start) for start in slots)
    yield from _days(merchant, (*calendars.ends_of_hour(at), *slots))


def alike(record: Record) -> tuple[str, str]:
    """What tells which doors a record rings: its partition and the ten seconds it tells of, or that
    it tells no time. Those of one batch were written within a day of each other: a day that only
    the newest of them finds ended is closed once more, or not yet.
    """
    keys = record["dynamodb"]["Keys"]
    return keys["pk"]["S"], keys["sk"]["S"][:5]


def open_door(door: Door, record: Record) -> None:
    """Recompute what the door stands for; a day that nobody has closed yet waits for that."""
    now = batches.created(record)
    match door:
        case Slot():
            five_minute_slots.project(door.merchant, door.shard, door.start, now)
        case Day():
            if merchant := profiles.find_if_any(door.merchant, now):
                closings.hear(merchant, door.day, now)


def _days(merchant: Merchant, times: tuple[datetime, ...]) -> set[Day]:
    """The days of these times. A click's are all that its hour is of, and its slots: whoever finds
    a total whole (totals/missed_events.py) may know that its day has heard of that."""
    return {Day(merchant.id, calendars.local_day(at, merchant.tz)) for at in times}


def _hours(utc_day: str) -> tuple[datetime, ...]:
    """First and last instant of a UTC day: an event without a time lies between them."""
    start = datetime.strptime(utc_day, "%Y%m%d").replace(tzinfo=UTC)
    return start, start + calendars.DAY - _TICK
