"""Five-minute slots: what a slot's facts add up to, recomputed and overwritten.

Table totals: `merchant#yyyymmdd / hhmm#shard#chunk` for five minutes of a shard (kept 8 days).
"""

from datetime import datetime, timedelta

from sharetrail.aws.tables import TOTALS
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import count_facts, total_chunks
from sharetrail.totals.tally import Tally, rule_version, without_unique

SLOT = timedelta(minutes=5)
LIFETIME = timedelta(days=8)
_HEALED = timedelta(minutes=75)
"""A little more than the hour between two sweeps."""


def start_of(at: datetime) -> datetime:
    """The start of the five minutes `at` falls into."""
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)


def project(
    merchant_id: str, shard: str, start: datetime, now: datetime, *, heals: bool = False
) -> None:
    """Recompute one slot of one shard from its facts.

    Where it `heals` what nobody rang for, a total that knows all facts is left as it is. Its own
    condition would refuse the write or repeat it: reading first only saves that.
    """
    tally = without_unique(count_facts.of_shard(merchant_id, shard, start, start + SLOT, now))
    pk, sk = f"{merchant_id}#{start:%Y%m%d}", f"{start:%H%M}#{shard}"
    if tally.fact_count and not (heals and _is_known(pk, sk, tally)):
        total_chunks.write(pk, sk, tally, expires=int((start + LIFETIME).timestamp()))


def _is_known(pk: str, sk: str, tally: Tally) -> bool:
    total = TOTALS.get(pk, f"{sk}#0") or {}
    return (total.get("facts"), total.get("judged")) == (tally.fact_count, rule_version())


def heal_recent(merchant: Merchant, now: datetime) -> None:
    """Recompute the recent slots, whether or not somebody rang."""
    slot = start_of(now - _HEALED)
    while slot <= now:
        for shard in count_facts.SHARDS:
            project(merchant.id, shard, slot, now, heals=True)
        slot += SLOT
