"""Facts → tally: one shard's facts of a time, read consistently, judged and added up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sharetrail import calendars, clicks, events, tallies, verdicts
from sharetrail.clicks import time_key
from sharetrail.events import PageEvent
from sharetrail.items import Item
from sharetrail.tables import EVENTS
from sharetrail.tallies import Tally

EVENT_SHARDS = tuple(f"e{n}" for n in range(events.SHARDS))
SHARDS = (*(f"{n}" for n in range(clicks.SHARDS)), *EVENT_SHARDS)
_TICK = timedelta(milliseconds=1)
_LAST_INSTANT = "235959999~"


def fold(
    merchant_id: str, shard: str, start: datetime, end: datetime, day_closes: bool = False
) -> Tally:
    """The tally of a shard's facts in [start, end), which lie within one UTC day.

    When a local day closes, what only a day can show is looked at too: events that tell no time,
    and floods of clicks.
    """
    if shard in EVENT_SHARDS:
        return tallies.of_events(page_events(merchant_id, shard, start, end, day_closes))
    pk, high = f"{merchant_id}#{start:%Y%m%d}#{shard}", _until(end)
    # Repeats are judged against what came before the slot; a UTC day's visitors are its own.
    earlier = max(start - verdicts.LOOK_BACK, start.replace(hour=0, minute=0, second=0))
    followed = list(EVENTS.query(pk, between=(time_key(earlier), high)))
    judged = verdicts.judge(map(clicks.from_item, followed))
    if day_closes:
        judged = verdicts.without_floods(judged)
    tally = tallies.of_clicks(each for each in judged if each[0].at >= start)
    # A late click before the slot changes a verdict in it: whoever read it knows more.
    return replace(tally, facts=len(followed))


def page_events(
    merchant_id: str, shard: str, start: datetime, end: datetime, day_closes: bool = False
) -> Iterator[PageEvent]:
    """A shard's page events in [start, end), which lie within one UTC day."""
    pk = f"{merchant_id}#{start:%Y%m%d}#{shard}"
    yield from map(events.from_item, EVENTS.query(pk, between=(time_key(start), _until(end))))
    if day_closes:
        timeless = EVENTS.query(pk, prefix=events.TIMELESS)
        yield from (events.from_item(item) for item in timeless if _within(item, start, end))


def _until(end: datetime) -> str:
    return _LAST_INSTANT if end.time() == datetime.min.time() else time_key(end - _TICK) + "~"


def _within(item: Item, start: datetime, end: datetime) -> bool:
    at: int = item["at"]
    return start.timestamp() * 1000 <= at < end.timestamp() * 1000


def utc_parts(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, end) cut at every 00:00 UTC, where the facts' partitions change."""
    while start < end:
        midnight = datetime.combine(start.date() + calendars.DAY, datetime.min.time(), UTC)
        yield start, min(midnight, end)
        start = midnight
