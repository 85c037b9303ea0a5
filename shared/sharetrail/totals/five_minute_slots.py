"""Five-minute slots: what a slot's facts add up to, recomputed and overwritten.

Table totals: `merchant#yyyymmdd / hhmm#shard#chunk` for five minutes of a shard (kept 8 days).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sharetrail import logs
from sharetrail.aws.tables import TOTALS
from sharetrail.calendars import HOUR
from sharetrail.clicks.verdict import LOOK_BACK
from sharetrail.totals import count_facts, total_chunks
from sharetrail.totals.tally import rule_version

SLOT = timedelta(minutes=5)
LIFETIME = timedelta(days=8)
_AT_ONCE = 8


def start_of(at: datetime) -> datetime:
    """The start of the five minutes `at` falls into."""
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)


def project(merchant_id: str, shard: str, start: datetime, now: datetime) -> None:
    """Recompute one slot of one shard from its facts."""
    tally = count_facts.of_shard(merchant_id, shard, start, start + SLOT, now)
    pk, sk = f"{merchant_id}#{start:%Y%m%d}", f"{start:%H%M}#{shard}"
    if tally.fact_count:
        total_chunks.write(pk, sk, tally, expires=int((start + LIFETIME).timestamp()))


def heal(merchant_id: str, hour: datetime, now: datetime) -> set[datetime]:
    """Recompute those slots of a UTC hour, and of the five minutes behind it, where its last clicks
    make repeats, that lack facts or were folded by other rules; which those were. A query a shard
    tells, and one of the totals.
    """
    starts = [start for start in _starts(hour) if start.date() == hour.date()]
    known = _known(merchant_id, starts)
    count = partial(_facts, merchant_id, starts, now)
    with logs.threads(_AT_ONCE) as pool:  # mostly waiting for answers
        facts = zip(count_facts.SHARDS, pool.map(count, count_facts.SHARDS), strict=True)
        there = {(shard, start): n for shard, counts in facts for start, n in counts.items()}
    lacking = [each for each, n in there.items() if known.get(each) != (n, rule_version())]
    for shard, start in lacking:
        project(merchant_id, shard, start, now)
    return {start for _, start in lacking}


def _starts(hour: datetime) -> Iterator[datetime]:
    """Those of the hour and of the slot behind it."""
    return (hour + n * SLOT for n in range(HOUR // SLOT + 1))


def _known(merchant_id: str, starts: list[datetime]) -> dict[tuple[str, datetime], tuple[int, int]]:
    """Of how many facts, and by which rules, each total is: as its first chunk says."""
    slots = {f"{start:%H%M}": start for start in starts}
    rows = TOTALS.query(
        f"{merchant_id}#{starts[0]:%Y%m%d}",
        between=(min(slots), f"{max(slots)}~"),
        only=["sk", "facts", "judged"],
    )
    parts = ((row["sk"].split("#"), row) for row in rows)
    return {
        (shard, slots[slot]): (row["facts"], row["judged"])
        for (slot, shard, number), row in parts
        if number == "0"
    }


def _facts(
    merchant_id: str, starts: list[datetime], now: datetime, shard: str
) -> Counter[datetime]:
    """How many facts of a shard each slot's total is to be of, where there are any."""
    asked = (merchant_id, shard, starts[0], starts[-1] + SLOT, now)
    facts: Counter[datetime] = Counter()
    if shard in count_facts.SHARDS_OF_PAGE_EVENTS:
        facts.update(start_of(event.at) for event in count_facts.page_events(*asked))
    else:
        facts.update(start for click in count_facts.clicks(*asked) for start in slots_of(click.at))
    return Counter({start: n for start, n in facts.items() if start in starts})


def slots_of(at: datetime) -> Iterator[datetime]:
    """The slots whose totals a click is counted or looked at for, by when they start: its own, and
    the next one where a repeat may reach into it; a UTC day's visitors are its own."""
    start = start_of(at)
    yield start
    if start + SLOT - at <= LOOK_BACK and (start + SLOT).date() == start.date():
        yield start + SLOT
