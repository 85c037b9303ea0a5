"""Totals: what a slot's or a day's facts add up to, recomputed and overwritten, never incremented.

Table: `merchant#yyyymmdd / hhmm#shard` for five minutes of a shard (kept 8 days), and
`merchant#day / date#shard#chunk` for a closed local day, with `merchant#closed / date` as its mark.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sharetrail import calendars, clicks, events, tallies, verdicts
from sharetrail.clicks import time_key
from sharetrail.items import Item, dump, load
from sharetrail.merchants import Merchant
from sharetrail.tables import EVENTS, TOTALS
from sharetrail.tallies import Tally

SLOT = timedelta(minutes=5)
SLOTS_KEPT = timedelta(days=8)
FROZEN = clicks.KEPT - timedelta(days=3)
"""Behind this age facts begin to expire, and a recomputation would shrink history."""
_LINKS_A_CHUNK = 2_000
_LINKS_A_SLOT = 4_000
_PRODUCTS = 1_000
_AT_ONCE = 8
SHARDS = (
    *(f"{n}" for n in range(clicks.SHARDS)),
    *(f"e{n}" for n in range(events.SHARDS)),
)
_TICK = timedelta(milliseconds=1)
_LAST_INSTANT = "235959999~"
# A stale racer, an older rule or a fold of fewer facts never replaces what stands.
_NOT_OLDER = "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND judged <= :judged)"


# ── slots ────────────────────────────────────────────────────────────────────────────────────────
def slot_of(at: datetime) -> datetime:
    """The start of the five minutes `at` falls into."""
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)


def project_slot(merchant_id: str, shard: str, start: datetime) -> None:
    """Recompute one slot of one shard from its facts."""
    tally = _fold(merchant_id, shard, start, start + SLOT)
    if not tally.facts:
        return
    _write(
        {
            "pk": f"{merchant_id}#{start:%Y%m%d}",
            "sk": f"{start:%H%M}#{shard}",
            "expires": int((start + SLOTS_KEPT).timestamp()),
        },
        replace(tally, links=tallies.largest(tally.links, _LINKS_A_SLOT)),
    )


# ── days ─────────────────────────────────────────────────────────────────────────────────────────
def close_day(merchant: Merchant, day: date) -> None:
    """Recompute one local day from its facts and mark it closed."""
    parts = list(_utc_parts(*calendars.bounds(day, merchant.tz)))

    def close(shard: str) -> int:
        folds = [_fold(merchant.id, shard, start, end, day_closes=True) for start, end in parts]
        tally = tallies.merge(folds)
        if tally.facts:
            _write_day(merchant.id, day, shard, tally)
        return tally.facts

    with ThreadPoolExecutor(_AT_ONCE) as pool:  # mostly waiting for answers
        facts = sum(pool.map(close, SHARDS))
    _write({"pk": f"{merchant.id}#closed", "sk": day.isoformat()}, Tally(facts=facts))


def close_ended(merchant: Merchant, first: date, last: date, now: datetime) -> int:
    """Close the days of the range that have ended and are not closed; how many those were."""
    first = max(first, calendars.local_day(merchant.created_at, merchant.tz))
    ended = min(last, calendars.local_day(now, merchant.tz) - calendars.DAY)
    closed = closed_days(merchant.id, first, ended) if first <= ended else set()
    days_of_range = (first + n * calendars.DAY for n in range((ended - first).days + 1))
    missing = [day for day in days_of_range if day not in closed]
    for day in missing:
        close_day(merchant, day)
    return len(missing)


def is_closed(merchant_id: str, day: date) -> bool:
    return TOTALS.get(f"{merchant_id}#closed", day.isoformat()) is not None


def closed_days(merchant_id: str, first: date, last: date) -> set[date]:
    """Which days of the range, both ends included, are closed."""
    marks = TOTALS.query(f"{merchant_id}#closed", between=(first.isoformat(), last.isoformat()))
    return {date.fromisoformat(mark["sk"]) for mark in marks}


def days(merchant_id: str, first: date, last: date) -> dict[date, Tally]:
    """The closed days of the range, both ends included; a day without a fact is an empty tally."""
    parts: dict[date, list[Tally]] = {day: [] for day in closed_days(merchant_id, first, last)}
    for row in TOTALS.query(f"{merchant_id}#day", between=(first.isoformat(), f"{last}~")):
        day = date.fromisoformat(row["sk"].partition("#")[0])
        parts.setdefault(day, []).append(load(Tally, row))
    return {day: tallies.merge(found) for day, found in parts.items()}


def open_day(merchant: Merchant, day: date) -> Tally:
    """A local day that is not closed yet, from its slots; unique visitors are not known."""
    start, end = calendars.bounds(day, merchant.tz)
    return tallies.merge(
        load(Tally, row)
        for low, high in _utc_parts(start, end)
        for row in TOTALS.query(
            f"{merchant.id}#{low:%Y%m%d}",
            between=(f"{low:%H%M}", f"{high - SLOT:%H%M}~"),
        )
    )


def between(merchant: Merchant, first: date, last: date, now: datetime) -> dict[date, Tally]:
    """The days of the range that have begun: the closed ones, the open ones from their slots."""
    found = days(merchant.id, first, last)
    oldest_open = calendars.local_day(now - SLOTS_KEPT, merchant.tz)
    day = max(first, oldest_open)
    while day <= min(last, calendars.local_day(now, merchant.tz)):
        if day not in found:
            found[day] = open_day(merchant, day)
        day += calendars.DAY
    return found


# ── facts → tally ────────────────────────────────────────────────────────────────────────────────
def _fold(
    merchant_id: str, shard: str, start: datetime, end: datetime, day_closes: bool = False
) -> Tally:
    """The tally of a shard's facts in [start, end), which lie within one UTC day."""
    pk = f"{merchant_id}#{start:%Y%m%d}#{shard}"
    low, high = time_key(start), _until(end)
    if shard.startswith("e"):
        facts = list(EVENTS.query(pk, between=(low, high)))
        if day_closes:
            facts += [i for i in EVENTS.query(pk, prefix=events.TIMELESS) if _within(i, start, end)]
        return tallies.of_events(map(events.from_item, facts))
    # Repeats are judged against what came before the slot; a UTC day's visitors are its own.
    earlier = max(start - verdicts.REPEAT_WITHIN, start.replace(hour=0, minute=0, second=0))
    followed = EVENTS.query(pk, between=(time_key(earlier), high))
    judged = verdicts.judge(map(clicks.from_item, followed))
    return tallies.of_clicks(each for each in judged if each[0].at >= start)


def _until(end: datetime) -> str:
    return _LAST_INSTANT if end.time() == datetime.min.time() else time_key(end - _TICK) + "~"


def _within(item: Item, start: datetime, end: datetime) -> bool:
    at: int = item["at"]
    return start.timestamp() * 1000 <= at < end.timestamp() * 1000


def _utc_parts(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, end) cut at every 00:00 UTC, where the facts' partitions change."""
    while start < end:
        midnight = datetime.combine(start.date() + calendars.DAY, datetime.min.time(), UTC)
        yield start, min(midnight, end)
        start = midnight


# ── tally → items ────────────────────────────────────────────────────────────────────────────────
def _write_day(merchant_id: str, day: date, shard: str, tally: Tally) -> None:
    """A day of a shard in chunks that fit an item; the whole shard's fact count guards each."""
    codes = sorted(tally.links)
    for chunk in range(max(1, -(-len(codes) // _LINKS_A_CHUNK))):
        part = codes[chunk * _LINKS_A_CHUNK : (chunk + 1) * _LINKS_A_CHUNK]
        links = {code: tally.links[code] for code in part}
        rest = tally if chunk == 0 else Tally(facts=tally.facts)
        key = {"pk": f"{merchant_id}#day", "sk": f"{day}#{shard}#{chunk}"}
        _write(key, replace(rest, links=links))


def _write(key: Item, tally: Tally) -> None:
    tally = replace(tally, products=tallies.largest(tally.products, _PRODUCTS))
    item = {**key, **dump(tally), "facts": tally.facts, "judged": verdicts.RULE}
    TOTALS.put_if(item, _NOT_OLDER, facts=tally.facts, judged=verdicts.RULE)
