"""Five-minute slots: what a slot's facts add up to, recomputed and overwritten.

Table totals: `merchant#yyyymmdd / hhmm#shard#chunk` for five minutes of a shard (kept 8 days).
"""

from datetime import datetime, timedelta

from sharetrail.aws.tables import TOTALS
from sharetrail.clicks import verdict
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import count_facts, total_chunks
from sharetrail.totals.tally import Tally, without_unique

SLOT = timedelta(minutes=5)
LIFETIME = timedelta(days=8)
_HEALED = timedelta(minutes=75)
"""A little more than the hour between two sweeps."""


def start_of(at: datetime) -> datetime:
    """The start of the five minutes `at` falls into."""
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)


def project(merchant_id: str, shard: str, start: datetime) -> None:
    """Recompute one slot of one shard from its facts."""
    tally = _slot_tally(merchant_id, shard, start)
    if tally.fact_count:
        _write_slot(merchant_id, shard, start, tally)


def heal(merchant_id: str, shard: str, start: datetime) -> None:
    """The same where facts were missed; a total that knows them all is left as it is. Its own
    condition would refuse the write or repeat it: reading first only saves that.
    """
    tally = _slot_tally(merchant_id, shard, start)
    if not tally.fact_count:
        return
    pk, sk = _slot_key(merchant_id, shard, start)
    total = TOTALS.get(pk, f"{sk}#0") or {}
    if (total.get("facts"), total.get("judged")) != (tally.fact_count, verdict.VERSION):
        _write_slot(merchant_id, shard, start, tally)


def heal_recent(merchant: Merchant, now: datetime) -> None:
    """Recompute the recent slots, whether or not somebody rang."""
    slot = start_of(now - _HEALED)
    while slot <= now:
        for shard in count_facts.SHARDS:
            heal(merchant.id, shard, slot)
        slot += SLOT


def _slot_tally(merchant_id: str, shard: str, start: datetime) -> Tally:
    return without_unique(count_facts.of_shard(merchant_id, shard, start, start + SLOT))


def _write_slot(merchant_id: str, shard: str, start: datetime, tally: Tally) -> None:
    expires = int((start + LIFETIME).timestamp())
    total_chunks.write(*_slot_key(merchant_id, shard, start), tally, expires=expires)


def _slot_key(merchant_id: str, shard: str, start: datetime) -> tuple[str, str]:
    return f"{merchant_id}#{start:%Y%m%d}", f"{start:%H%M}#{shard}"
