"""Local days: what a day's facts add up to, recomputed and overwritten, never incremented.

Table totals: `merchant#day / date#shard#chunk` for a closed local day, and `merchant#closed / date`
says that it is closed. An open day is read from its slots. Unique visitors are known for a closed
day alone: those of its slots do not add up. A day of which nothing was ever noted (closings.py) is
silent: it is closed where nobody can know (closings.OLDER), and nothing is asked about it.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import accumulate, groupby
from operator import itemgetter

from sharetrail import calendars, logs
from sharetrail.agenda import jobs
from sharetrail.aws.items import Item
from sharetrail.aws.tables import TOTALS
from sharetrail.calendars import moment
from sharetrail.clicks.click import EVENT_LIFETIME
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import count_facts, five_minute_slots, total_chunks, trail_samples
from sharetrail.totals.tally import (
    Tally,
    merge_tallies,
    rule_version,
    tally_page_events,
    with_proofs,
    with_untold,
    without_kinds,
)
from sharetrail.totals.trail_sample import TrailSampler

FROZEN = EVENT_LIFETIME - timedelta(days=3)
"""Behind this age facts begin to expire, and a recomputation would shrink history."""
_AT_ONCE = 8


def close(merchant: Merchant, day: date, now: datetime) -> None:
    """Recompute one local day from its facts and mark it closed."""
    facts = _of_all_shards(partial(_close_shard, merchant, day, now))
    key = {"pk": f"{merchant.id}#closed", "sk": day.isoformat()}
    total_chunks.put(key, Tally(fact_count=facts), facts)


def lacks_facts(merchant: Merchant, day: date, now: datetime) -> bool:
    """Whether the closed day was closed with fewer facts than there are."""
    parts = [*count_facts.utc_parts(*calendars.bounds(day, merchant.tz))]

    def number(shard: str) -> int:
        return sum(count_facts.number(merchant.id, shard, *part, now) for part in parts)

    return closed_facts(merchant.id, day, day)[day][0] < _of_all_shards(number)


def _of_all_shards(number: Callable[[str], int]) -> int:
    with logs.threads(_AT_ONCE) as pool:  # mostly waiting for answers
        return sum(pool.map(number, count_facts.SHARDS))


def _close_shard(merchant: Merchant, day: date, now: datetime, shard: str) -> int:
    """How many facts it has; the trails among page events are kept beside their tally."""
    parts = count_facts.utc_parts(*calendars.bounds(day, merchant.tz))
    if shard in count_facts.SHARDS_OF_PAGE_EVENTS:
        read = partial(count_facts.page_events, merchant.id, shard, now=now, day_closes=True)
        trails = TrailSampler()
        events = (event for start, end in parts for event in read(start, end))
        tally = tally_page_events(trails.read(events))
        trail_samples.save(merchant.id, day, shard, trails.sample())
    else:
        count = partial(count_facts.of_shard, merchant.id, shard, now=now, day_closes=True)
        tally = merge_tallies(count(start, end) for start, end in parts)
    if tally.links or tally.events:
        total_chunks.write(f"{merchant.id}#day", f"{day}#{shard}", tally)
    return tally.fact_count


def close_ended(merchant: Merchant, first: date, last: date, now: datetime) -> None:
    """Close the days of the range that have ended, have facts, and are not closed or were by older
    rules, as far back as facts are whole. What rang in vain and was not looked for yet is a fact of
    its day all the same.
    """
    first = max(first, calendars.local_day(merchant.created_at, merchant.tz))
    last = min(last, last_ended(merchant, now))
    if first > last:
        return
    closed = closed_facts(merchant.id, first, last)
    days = {*closed, *noted(merchant.id, first, last), *_heard(merchant, first, last)}
    known = {day for day, (_, version) in closed.items() if version >= rule_version()}
    missing = sorted(days - known)
    close_all(merchant, missing, now)


def close_anew(merchant: Merchant, now: datetime) -> None:
    """Close all days anew that have facts, since the merchant's zone has changed, and with it which
    those are: a closed day is forgotten before, since none gives way to one of fewer facts. Those
    around it are closed as well, which may have got its facts, and by which a day that was
    forgotten by somebody who died is found again.
    """
    first = calendars.local_day(now - FROZEN, merchant.tz)
    last = calendars.local_day(now, merchant.tz) + calendars.DAY
    known = {*closed_days(merchant.id, first, last), *_heard(merchant, first, last)}
    days = {day + n * calendars.DAY for day in known for n in (-1, 0, 1)}
    for day in days:
        if day > last_ended(merchant, now):
            _forget(merchant.id, day)
    close_all(merchant, sorted(days), now, anew=True)


def _forget(merchant_id: str, day: date) -> None:
    for row in TOTALS.query(f"{merchant_id}#day", prefix=f"{day}#", only=["sk"]):
        TOTALS.delete(f"{merchant_id}#day", row["sk"])
    TOTALS.delete(f"{merchant_id}#closed", day.isoformat())


def close_all(
    merchant: Merchant, days: Iterable[date], now: datetime, *, anew: bool = False
) -> None:
    """Close those of the days that have ended, as far back as facts are whole. A day that fails
    keeps no other waiting: what failed is raised at the end.
    """
    oldest = calendars.local_day(now - FROZEN, merchant.tz) + calendars.DAY
    last = last_ended(merchant, now)
    ended = [day for day in days if oldest <= day <= last]
    failures: list[Exception] = []
    for day in ended:
        try:
            if anew:
                _forget(merchant.id, day)
            close(merchant, day, now)
        except Exception as failure:  # raised below
            told = {"merchant": merchant.id, "day": day.isoformat()}
            logs.failure("a day could not be closed", failure, **told)
            failures.append(failure)
    if failures:
        raise ExceptionGroup("some days could not be closed", failures)


def last_ended(merchant: Merchant, now: datetime) -> date:
    """The newest local day that is over, and with it the UTC hour that it ended in: a flood of
    clicks is seen by whole hours, and in Kathmandu a day ends at 18:15 UTC.
    """
    return calendars.local_day(calendars.hour_of(now), merchant.tz) - calendars.DAY


def is_closed(merchant_id: str, day: date) -> bool:
    return TOTALS.get(f"{merchant_id}#closed", day.isoformat()) is not None


def closed_days(merchant_id: str, first: date, last: date) -> set[date]:
    """Which days of the range, both ends included, are closed."""
    return {*closed_facts(merchant_id, first, last)}


def last_heard(merchant_id: str, today: date) -> date | None:
    """The newest day with facts, as far as it is known of those that are not closed yet."""
    pk, names = f"{merchant_id}#closed", ["sk", "facts"]
    rows = [*TOTALS.query(pk, between=(f"{date.min}", f"{today}"), backward=True, only=names)]
    closed = {date.fromisoformat(row["sk"]): row["facts"] for row in rows}
    opened = noted(merchant_id, max(closed, default=date.min), today) - closed.keys()
    with_facts = (day for day, facts in closed.items() if facts)
    return max(opened, default=None) or next(with_facts, None)


def first_with_facts(merchant_id: str, first: date, last: date) -> date | None:
    """The oldest day of the range with facts, as far as it is known of those that are not closed
    yet."""
    rows = TOTALS.query(f"{merchant_id}#closed", between=(f"{first}", f"{last}"))
    closed = (date.fromisoformat(row["sk"]) for row in rows if row["facts"])
    return next(closed, None) or min(noted(merchant_id, first, last), default=None)


def closed_facts(merchant_id: str, first: date, last: date) -> dict[date, tuple[int, int]]:
    """The same, each with how many facts it was closed with, and by which version of the rules."""
    rows = TOTALS.query(f"{merchant_id}#closed", between=(first.isoformat(), last.isoformat()))
    return {date.fromisoformat(row["sk"]): (row["facts"], row["judged"]) for row in rows}


def noted(merchant_id: str, first: date, last: date) -> set[date]:
    """The days of the range that have facts, of the last 120."""
    days = jobs.noted(merchant_id, "close", first.isoformat(), last.isoformat())
    return {date.fromisoformat(each) for each in days}


def _heard(merchant: Merchant, first: date, last: date) -> set[date]:
    """The days of the range of which anything was heard, be it looked for (totals/missed_events.py)
    or not: whoever looks for it may fail, and come again later."""
    around = (f"{first - calendars.DAY}", f"{last + calendars.DAY}~")
    hours = (moment(f"{each}:00Z") for each in jobs.noted(merchant.id, "heal", *around))
    times = (at for hour in hours for at in calendars.ends_of_hour(hour))
    days = {calendars.local_day(at, merchant.tz) for at in times}
    return {day for day in days if first <= day <= last}


def walk(
    merchant: Merchant, first: date, last: date, now: datetime
) -> Iterator[tuple[date, Tally]]:
    """The days of the range that are closed or have begun, in order, one at a time: without
    countries, devices and their like, which are what most of a day's counts are.
    """
    return _read(merchant, first, last, now, lambda row: without_kinds(total_chunks.read(row)))


def whole(
    merchant: Merchant, first: date, last: date, now: datetime
) -> Iterator[tuple[date, Tally]]:
    """The same, with all that is counted."""
    return _read(merchant, first, last, now, total_chunks.read)


def between(merchant: Merchant, first: date, last: date, now: datetime) -> dict[date, Tally]:
    return dict(whole(merchant, first, last, now))


def weigh_more(most: int, merchant_id: str, first: date, last: date) -> bool:
    """Whether the closed days of the range take more than so many bytes, squeezed as they are."""
    asked = (first.isoformat(), f"{last}~")
    rows = TOTALS.query(f"{merchant_id}#day", between=asked, only=["packed"])
    sizes = accumulate(len(row.get("packed", "")) for row in rows)
    return any(size > most for size in sizes)


def _read(
    merchant: Merchant, first: date, last: date, now: datetime, read: Callable[[Item], Tally]
) -> Iterator[tuple[date, Tally]]:
    """Each day as stored, else as its slots have it; one of which nothing is known is silent."""
    closed, with_facts = closed_days(merchant.id, first, last), noted(merchant.id, first, last)
    begins = max(first, calendars.local_day(merchant.created_at, merchant.tz))
    begun = span(begins, min(last, calendars.local_day(now, merchant.tz)))
    asked = TOTALS.query(f"{merchant.id}#day", between=(first.isoformat(), f"{last}~"))
    rows = total_chunks.standing(asked)
    stored = groupby(rows, lambda row: date.fromisoformat(row["sk"].partition("#")[0]))
    days = ((day, merge_tallies(map(read, parts))) for day, parts in stored)
    others = (
        (day, open_tally(merchant, day, read) if day in with_facts - closed else Tally())
        for day in sorted(closed.union(begun))
    )
    told = heapq.merge(days, others, key=itemgetter(0))
    for _, same_day in groupby(told, itemgetter(0)):
        yield next(same_day)


def span(first: date, last: date) -> list[date]:
    """Both ends included."""
    return [first + n * calendars.DAY for n in range((last - first).days + 1)]


def open_tally(
    merchant: Merchant, day: date, read: Callable[[Item], Tally] = total_chunks.read
) -> Tally:
    """A local day that is not closed yet, from its slots; unique visitors are not known. An address
    is another in each shard, as where the day closes."""
    start, end = calendars.bounds(day, merchant.tz)
    rows = (
        row
        for low, high in count_facts.utc_parts(start, end)
        for row in TOTALS.query(
            f"{merchant.id}#{low:%Y%m%d}",
            between=(f"{low:%H%M}", f"{high - five_minute_slots.SLOT:%H%M}~"),
        )
    )
    parts = (_with_shard(row, read(row)) for row in total_chunks.standing(rows))
    return with_untold(with_proofs(merge_tallies(parts)))


def _with_shard(row: Item, tally: Tally) -> Tally:
    """Whose addresses go by their shard and UTC day, too."""
    shard = f"{row['pk']}#{row['sk'].split('#')[1]}"
    return replace(tally, follows={f"{shard}#{each}": of for each, of in tally.follows.items()})
