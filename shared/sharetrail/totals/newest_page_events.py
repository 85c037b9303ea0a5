"""A shop's newest page events themselves, not what they add up to: by them one sees what its pages
are like now."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from sharetrail import calendars
from sharetrail.aws.tables import EVENTS, TOTALS
from sharetrail.clicks.page_event import PageEvent, read_page_event
from sharetrail.clicks.readable import readable
from sharetrail.totals import count_facts, total_chunks

MOST = 1_000
"""Of each shard and day: some 250 KB, and as much for every shop."""


def around(merchant_id: str, last: datetime, now: datetime) -> list[PageEvent]:
    """Those of the UTC day of the last one and of the day before, newest first."""
    days = (last.date(), last.date() - calendars.DAY)
    found = [e for day in days for e in _of_day(merchant_id, day, now)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _of_day(merchant_id: str, day: date, now: datetime) -> Iterator[PageEvent]:
    for shard in count_facts.SHARDS_OF_PAGE_EVENTS:
        rows = EVENTS.query(f"{merchant_id}#{day:%Y%m%d}#{shard}", backward=True)
        yield from readable(read_page_event, islice(rows, MOST), now)


def last_day_of(merchant_id: str, kind: str, today: date, span: timedelta) -> date | None:
    """The last closed local day of those that has page events of a type."""
    days = [today - n * calendars.DAY for n in range(1, span.days + 1)]
    shards = count_facts.SHARDS_OF_PAGE_EVENTS
    keys = [{"pk": f"{merchant_id}#day", "sk": f"{d}#{s}#0"} for d in days for s in shards]
    rows = [row for row in TOTALS.get_all(keys) if total_chunks.read(row).events.get(kind)]
    return max((date.fromisoformat(row["sk"].partition("#")[0]) for row in rows), default=None)
