"""Totals: what a slot's or a day's facts add up to, recomputed and overwritten, never incremented.

Table: `merchant#yyyymmdd / hhmm#shard#chunk` for five minutes of a shard (kept 8 days), and
`merchant#day / date#shard#chunk` for a closed local day, with `merchant#closed / date` as its mark.
Unique visitors are known for a closed day alone: those of its slots do not add up.

Links and products are kept as compressed JSON: a fifth of the size of DynamoDB's maps, and read
twenty times as fast.
"""

import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from sys import intern

from sharetrail import calendars, clicks, folds, seen_trails, tallies, verdicts
from sharetrail.items import Item
from sharetrail.merchants import Merchant
from sharetrail.tables import TOTALS
from sharetrail.tallies import Counts, Tally

SLOT = timedelta(minutes=5)
SLOTS_KEPT = timedelta(days=8)
FROZEN = clicks.KEPT - timedelta(days=3)
"""Behind this age facts begin to expire, and a recomputation would shrink history."""
_PRODUCTS = 1_000
_CHUNK = 200_000
"""Bytes of an item's links, about: DynamoDB takes 400 KB."""
_AT_ONCE = 8
# A stale racer, an older rule or a fold of fewer facts never replaces what stands.
_NOT_OLDER = "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND judged <= :judged)"


# ── slots ────────────────────────────────────────────────────────────────────────────────────────
def slot_of(at: datetime) -> datetime:
    """The start of the five minutes `at` falls into."""
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)


def project_slot(merchant_id: str, shard: str, start: datetime) -> None:
    """Recompute one slot of one shard from its facts."""
    tally = _slot_tally(merchant_id, shard, start)
    if tally.facts:
        _write_slot(merchant_id, shard, start, tally)


def heal_slot(merchant_id: str, shard: str, start: datetime) -> None:
    """The same where facts were missed; a total that knows them all is left as it is. Its own
    condition would refuse the write or repeat it: reading first only saves that.
    """
    tally = _slot_tally(merchant_id, shard, start)
    if not tally.facts:
        return
    pk, sk = _slot_key(merchant_id, shard, start)
    standing = TOTALS.get(pk, f"{sk}#0") or {}
    known = standing.get("facts"), standing.get("judged")
    if known != (tally.facts, verdicts.RULE):
        _write_slot(merchant_id, shard, start, tally)


def _slot_tally(merchant_id: str, shard: str, start: datetime) -> Tally:
    return tallies.without_unique(folds.fold(merchant_id, shard, start, start + SLOT))


def _write_slot(merchant_id: str, shard: str, start: datetime, tally: Tally) -> None:
    expires = int((start + SLOTS_KEPT).timestamp())
    _write(*_slot_key(merchant_id, shard, start), tally, expires=expires)


def _slot_key(merchant_id: str, shard: str, start: datetime) -> tuple[str, str]:
    return f"{merchant_id}#{start:%Y%m%d}", f"{start:%H%M}#{shard}"


# ── days ─────────────────────────────────────────────────────────────────────────────────────────
def close_day(merchant: Merchant, day: date) -> None:
    """Recompute one local day from its facts and mark it closed."""
    parts = list(folds.utc_parts(*calendars.bounds(day, merchant.tz)))

    def close(shard: str) -> int:
        if shard in folds.EVENT_SHARDS:
            tally = _of_page_events(merchant, day, shard, parts)
        else:
            closed = (folds.fold(merchant.id, shard, *part, day_closes=True) for part in parts)
            tally = tallies.merge(closed)
        if tally.facts:
            _write(f"{merchant.id}#day", f"{day}#{shard}", tally)
        return tally.facts

    with ThreadPoolExecutor(_AT_ONCE) as pool:  # mostly waiting for answers
        facts = sum(pool.map(close, folds.SHARDS))
    _put({"pk": f"{merchant.id}#closed", "sk": day.isoformat()}, Tally(facts=facts), facts)


def _of_page_events(
    merchant: Merchant, day: date, shard: str, parts: list[tuple[datetime, datetime]]
) -> Tally:
    """The tally of a closing day's page events; the trails among them are kept beside it."""
    told = [
        event
        for start, end in parts
        for event in folds.page_events(merchant.id, shard, start, end, day_closes=True)
    ]
    seen_trails.save(merchant.id, day, shard, seen_trails.of_events(told))
    return tallies.of_events(told)


def close_ended(merchant: Merchant, first: date, last: date, now: datetime) -> int:
    """Close the days of the range that have ended and are not closed, or were by an older rule of
    verdicts, as far back as facts are whole; how many those were.
    """
    oldest = calendars.local_day(now - FROZEN, merchant.tz) + calendars.DAY
    first = max(first, oldest, calendars.local_day(merchant.created_at, merchant.tz))
    ended = min(last, calendars.local_day(now, merchant.tz) - calendars.DAY)
    closed = closed_days(merchant.id, first, ended, verdicts.RULE) if first <= ended else set()
    days_of_range = (first + n * calendars.DAY for n in range((ended - first).days + 1))
    missing = [day for day in days_of_range if day not in closed]
    for day in missing:
        close_day(merchant, day)
    return len(missing)


def is_closed(merchant_id: str, day: date) -> bool:
    return TOTALS.get(f"{merchant_id}#closed", day.isoformat()) is not None


def closed_days(merchant_id: str, first: date, last: date, rule: int = 0) -> set[date]:
    """Which days of the range, both ends included, are closed, by this rule or a newer one."""
    marks = TOTALS.query(f"{merchant_id}#closed", between=(first.isoformat(), last.isoformat()))
    return {date.fromisoformat(mark["sk"]) for mark in marks if mark["judged"] >= rule}


def days(merchant_id: str, first: date, last: date, *, bare: bool = False) -> dict[date, Tally]:
    """The closed days of the range, both ends included; a day without a fact is an empty tally.

    `bare`: without countries, devices and referrers, for whoever reads many weeks.
    """
    found = {day: Tally() for day in sorted(closed_days(merchant_id, first, last))}
    rows = TOTALS.query(f"{merchant_id}#day", between=(first.isoformat(), f"{last}~"))
    alike: dict[tuple[tuple[str, int], ...], Counts] = {}
    for day, parts in groupby(rows, lambda row: date.fromisoformat(row["sk"].partition("#")[0])):
        told = map(tally_of, parts)
        tally = tallies.merge(map(tallies.bare, told) if bare else told)
        # Of a million links of a day most were followed once: counts that are alike are kept once.
        links = {
            intern(code): alike.setdefault(tuple(counts.items()), counts)
            for code, counts in tally.links.items()
        }
        found[day] = replace(tally, links=links)
    return found


def open_day(merchant: Merchant, day: date) -> Tally:
    """A local day that is not closed yet, from its slots; unique visitors are not known."""
    start, end = calendars.bounds(day, merchant.tz)
    return tallies.merge(
        tally_of(row)
        for low, high in folds.utc_parts(start, end)
        for row in TOTALS.query(
            f"{merchant.id}#{low:%Y%m%d}",
            between=(f"{low:%H%M}", f"{high - SLOT:%H%M}~"),
        )
    )


def between(
    merchant: Merchant, first: date, last: date, now: datetime, *, bare: bool = False
) -> dict[date, Tally]:
    """The days of the range that have begun: the closed ones, the open ones from their slots."""
    found = days(merchant.id, first, last, bare=bare)
    oldest_open = calendars.local_day(now - SLOTS_KEPT, merchant.tz)
    day = max(first, oldest_open)
    while day <= min(last, calendars.local_day(now, merchant.tz)):
        if day not in found:
            found[day] = open_day(merchant, day)
        day += calendars.DAY
    return found


def tally_of(row: Item) -> Tally:
    """A chunk as stored; the shard's facts, which guard every chunk, count in the first alone."""
    links, products = json.loads(zlib.decompress(row["packed"])) if "packed" in row else ({}, {})
    return Tally(
        facts=row["facts"] if row["sk"].endswith("#0") else 0,
        links=links,
        products=products,
        events=row.get("events", {}),
    )


# ── tally → items ────────────────────────────────────────────────────────────────────────────────
def _write(pk: str, sk: str, tally: Tally, **more: int) -> None:
    """A shard's tally in chunks that fit an item; its own fact count guards each of them."""
    products = tallies.largest(tally.products, _PRODUCTS)
    bounded = replace(tallies.with_top(tally), products=products)
    for number, chunk in enumerate(tallies.chunks(bounded, _CHUNK)):
        _put({"pk": pk, "sk": f"{sk}#{number}", **more}, chunk, tally.facts)


def _put(key: Item, tally: Tally, facts: int) -> None:
    TOTALS.put_if({**key, **as_item(tally, facts)}, _NOT_OLDER, facts=facts, judged=verdicts.RULE)


def as_item(tally: Tally, facts: int) -> Item:
    """A chunk as it is stored, without its key; `facts` are those that its shard was folded of."""
    told = json.dumps([tally.links, tally.products], separators=(",", ":"), sort_keys=True)
    return {
        "packed": zlib.compress(told.encode()) if tally.links or tally.products else None,
        "events": tally.events or None,
        "facts": facts,
        "judged": verdicts.RULE,
    }
