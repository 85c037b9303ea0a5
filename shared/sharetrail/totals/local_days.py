"""Local days: what a day's facts add up to, recomputed and overwritten, never incremented.

Table totals: `merchant#day / date#shard#chunk` for a closed local day, and `merchant#closed / date`
says that it is closed. An open day is read from its slots. Unique visitors are known for a closed
day alone: those of its slots do not add up.
"""

import heapq
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sharetrail import calendars
from sharetrail.aws.tables import TOTALS
from sharetrail.clicks import verdict
from sharetrail.clicks.click import EVENT_LIFETIME
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import count_facts, five_minute_slots, total_chunks, trail_samples
from sharetrail.totals.tally import Tally, merge_tallies, tally_page_events, without_kinds
from sharetrail.totals.trail_sample import sample_trails

FROZEN = EVENT_LIFETIME - timedelta(days=3)
"""Behind this age facts begin to expire, and a recomputation would shrink history."""
_AT_ONCE = 8


def close(merchant: Merchant, day: date) -> None:
    """Recompute one local day from its facts and mark it closed."""
    parts = list(count_facts.utc_parts(*calendars.bounds(day, merchant.tz)))

    def close(shard: str) -> int:
        if shard in count_facts.EVENT_SHARDS:
            tally = _of_page_events(merchant, day, shard, parts)
        else:
            closed = (
                count_facts.of_shard(merchant.id, shard, *part, day_closes=True) for part in parts
            )
            tally = merge_tallies(closed)
        if tally.fact_count:
            total_chunks.write(f"{merchant.id}#day", f"{day}#{shard}", tally)
        return tally.fact_count

    with ThreadPoolExecutor(_AT_ONCE) as pool:  # mostly waiting for answers
        facts = sum(pool.map(close, count_facts.SHARDS))
    total_chunks.put(
        {"pk": f"{merchant.id}#closed", "sk": day.isoformat()}, Tally(fact_count=facts), facts
    )


def _of_page_events(
    merchant: Merchant, day: date, shard: str, parts: list[tuple[datetime, datetime]]
) -> Tally:
    """The tally of a closing day's page events; the trails among them are kept beside it."""
    told = [
        event
        for start, end in parts
        for event in count_facts.page_events(merchant.id, shard, start, end, day_closes=True)
    ]
    trail_samples.save(merchant.id, day, shard, sample_trails(told))
    return tally_page_events(told)


def close_ended(merchant: Merchant, first: date, last: date, now: datetime) -> int:
    """Close the days of the range that have ended and are not closed, or were by an older rule of
    verdicts, as far back as facts are whole; how many those were.
    """
    oldest = calendars.local_day(now - FROZEN, merchant.tz) + calendars.DAY
    first = max(first, oldest, calendars.local_day(merchant.created_at, merchant.tz))
    ended = min(last, calendars.local_day(now, merchant.tz) - calendars.DAY)
    closed = closed_days(merchant.id, first, ended, verdict.VERSION) if first <= ended else set()
    days_of_range = (first + n * calendars.DAY for n in range((ended - first).days + 1))
    missing = [day for day in days_of_range if day not in closed]
    for day in missing:
        close(merchant, day)
    return len(missing)


def is_closed(merchant_id: str, day: date) -> bool:
    return TOTALS.get(f"{merchant_id}#closed", day.isoformat()) is not None


def closed_days(merchant_id: str, first: date, last: date, version: int = 0) -> set[date]:
    """Which days of the range, both ends included, are closed, by this version of the verdict or a
    newer one."""
    rows = TOTALS.query(f"{merchant_id}#closed", between=(first.isoformat(), last.isoformat()))
    return {date.fromisoformat(row["sk"]) for row in rows if row["judged"] >= version}


def walk(
    merchant: Merchant, first: date, last: date, now: datetime
) -> Iterator[tuple[date, Tally]]:
    """The days of the range that saw anything, in order, one at a time: without countries, devices
    and referrers, which are what most of a day's counts are.
    """
    open_days = _open_days(merchant, first, last, now, closed_days(merchant.id, first, last))
    stored = _stored(merchant.id, first, last, bare=True)
    still_open = ((day, without_kinds(open_tally(merchant, day))) for day in open_days)
    told = heapq.merge(stored, still_open, key=itemgetter(0))
    for _, same_day in groupby(told, itemgetter(0)):
        yield next(same_day)


def between(merchant: Merchant, first: date, last: date, now: datetime) -> dict[date, Tally]:
    """The days of the range that have begun: the closed ones, the open ones from their slots."""
    found = closed_tallies(merchant.id, first, last)
    open_days = _open_days(merchant, first, last, now, found.keys())
    return found | {day: open_tally(merchant, day) for day in open_days}


def closed_tallies(merchant_id: str, first: date, last: date) -> dict[date, Tally]:
    """The closed days of the range, both ends included; a day without a fact is an empty tally."""
    found = {day: Tally() for day in sorted(closed_days(merchant_id, first, last))}
    return found | dict(_stored(merchant_id, first, last))


def _stored(
    merchant_id: str, first: date, last: date, *, bare: bool = False
) -> Iterator[tuple[date, Tally]]:
    rows = TOTALS.query(f"{merchant_id}#day", between=(first.isoformat(), f"{last}~"))
    for day, parts in groupby(rows, lambda row: date.fromisoformat(row["sk"].partition("#")[0])):
        told = map(total_chunks.read, parts)
        yield day, merge_tallies(map(without_kinds, told) if bare else told)


def _open_days(
    merchant: Merchant, first: date, last: date, now: datetime, closed: Collection[date]
) -> list[date]:
    """The days of the range that have begun, as far back as slots are kept, and are not closed."""
    oldest = calendars.local_day(now - five_minute_slots.LIFETIME, merchant.tz)
    first, last = max(first, oldest), min(last, calendars.local_day(now, merchant.tz))
    days = (first + n * calendars.DAY for n in range((last - first).days + 1))
    return [day for day in days if day not in closed]


def open_tally(merchant: Merchant, day: date) -> Tally:
    """A local day that is not closed yet, from its slots; unique visitors are not known."""
    start, end = calendars.bounds(day, merchant.tz)
    return merge_tallies(
        total_chunks.read(row)
        for low, high in count_facts.utc_parts(start, end)
        for row in TOTALS.query(
            f"{merchant.id}#{low:%Y%m%d}",
            between=(f"{low:%H%M}", f"{high - five_minute_slots.SLOT:%H%M}~"),
        )
    )
