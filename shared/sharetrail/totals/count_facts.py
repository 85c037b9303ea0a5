"""Facts → tally: one shard's facts of a time, read consistently, judged and added up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sharetrail import calendars
from sharetrail.aws.tables import EVENTS
from sharetrail.calendars import HOUR, hour_of
from sharetrail.clicks.click import CLICK_SHARDS, Click, read_click, time_key
from sharetrail.clicks.page_event import PAGE_EVENT_SHARDS, TIMELESS, PageEvent, read_page_event
from sharetrail.clicks.readable import readable
from sharetrail.clicks.verdict import LOOK_BACK, judge_clicks, without_floods
from sharetrail.totals.tally import Tally, tally_clicks, tally_page_events, tally_slot

SHARDS_OF_CLICKS = tuple(f"{n}" for n in range(CLICK_SHARDS))
SHARDS_OF_PAGE_EVENTS = tuple(f"e{n}" for n in range(PAGE_EVENT_SHARDS))
SHARDS = SHARDS_OF_CLICKS + SHARDS_OF_PAGE_EVENTS
_TICK = timedelta(milliseconds=1)
_LAST_INSTANT = "235959999~"


def of_shard(
    merchant_id: str,
    shard: str,
    start: datetime,
    end: datetime,
    now: datetime,
    day_closes: bool = False,
) -> Tally:
    """The tally of a shard's facts in [start, end), which lie within one UTC day.

    When a local day closes, what only more than a slot can show is looked at too: events that tell
    no time, and floods of clicks, for which whole UTC hours are read, whatever the day's zone.
    """
    if shard in SHARDS_OF_PAGE_EVENTS:
        return tally_page_events(page_events(merchant_id, shard, start, end, now, day_closes))
    first, until = _hours(start, end) if day_closes else (start, end)
    judged = judge_clicks(clicks(merchant_id, shard, first, until, now))
    if day_closes:
        return tally_clicks(without_floods(judged), lambda click: start <= click.at < end)
    return tally_slot(judged, lambda click: start <= click.at < end)


def number(merchant_id: str, shard: str, start: datetime, end: datetime, now: datetime) -> int:
    """Of how many facts the tally would be where a day closes."""
    if shard in SHARDS_OF_PAGE_EVENTS:
        return sum(1 for _ in page_events(merchant_id, shard, start, end, now, day_closes=True))
    return sum(1 for _ in clicks(merchant_id, shard, *_hours(start, end), now))


def _hours(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """The whole UTC hours that [start, end) lies in."""
    return hour_of(start), hour_of(end + HOUR - _TICK)


def clicks(
    merchant_id: str, shard: str, start: datetime, end: datetime, now: datetime
) -> Iterator[Click]:
    """A shard's clicks in [start, end), which lie within one UTC day, and those shortly before by
    which repeats among them are known: a UTC day's visitors are its own.
    """
    earlier = max(start - LOOK_BACK, start.replace(hour=0, minute=0, second=0))
    pk, between = f"{merchant_id}#{start:%Y%m%d}#{shard}", (time_key(earlier), _until(end))
    return readable(read_click, EVENTS.query(pk, between=between), now)


def page_events(
    merchant_id: str,
    shard: str,
    start: datetime,
    end: datetime,
    now: datetime,
    day_closes: bool = False,
) -> Iterator[PageEvent]:
    """A shard's page events in [start, end), which lie within one UTC day."""
    pk = f"{merchant_id}#{start:%Y%m%d}#{shard}"
    timed = EVENTS.query(pk, between=(time_key(start), _until(end)))
    yield from readable(read_page_event, timed, now)
    if day_closes:
        timeless = readable(read_page_event, EVENTS.query(pk, prefix=TIMELESS), now)
        yield from (event for event in timeless if start <= event.at < end)


def _until(end: datetime) -> str:
    return _LAST_INSTANT if end.time() == datetime.min.time() else time_key(end - _TICK) + "~"


def utc_parts(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, end) cut at every 00:00 UTC, where the facts' partitions change."""
    while start < end:
        midnight = datetime.combine(start.date() + calendars.DAY, datetime.min.time(), UTC)
        yield start, min(midnight, end)
        start = midnight
