"""The trails that visits carried: how we know of journeys that did not end in an order.

Table totals: `merchant#trails / day#shard`, written when a local day closes, from the facts that
are read for it anyway.
"""

from datetime import UTC, date, datetime, time

from sharetrail.aws.items import Item
from sharetrail.aws.tables import TOTALS
from sharetrail.clicks.click import EVENT_LIFETIME
from sharetrail.totals.trail_sample import Trail, TrailSample, merge_samples


def save(merchant_id: str, day: date, shard: str, sample: TrailSample) -> None:
    """What a day's visits carried; nothing where that is nothing."""
    if not sample.trails:
        return
    begins = datetime.combine(day, time(), UTC)
    item: Item = {
        "pk": f"{merchant_id}#trails",
        "sk": f"{day}#{shard}",
        "one_in": sample.one_in,
        "trails": [",".join(ids) for ids in sample.trails],
        "expires": int((begins + EVENT_LIFETIME).timestamp()),
    }
    TOTALS.put(item)


def between(merchant_id: str, first: date, last: date) -> TrailSample:
    """What the visits of these local days carried, as far as the days are closed."""
    rows = TOTALS.query(f"{merchant_id}#trails", between=(first.isoformat(), f"{last}~"))
    return merge_samples(
        TrailSample(one_in=row["one_in"], trails=tuple(map(_trail, row["trails"]))) for row in rows
    )


def _trail(text: str) -> Trail:
    """Until November 2026 it began with how many visits it stood for."""
    return tuple(text.rpartition(":")[2].split(","))
