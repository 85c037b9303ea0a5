"""A shop's newest clicks themselves, not what they add up to: whether links are followed now."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from sharetrail import calendars
from sharetrail.aws.tables import EVENTS
from sharetrail.clicks.click import Click, read_click
from sharetrail.clicks.readable import readable
from sharetrail.clicks.verdict import judge_alone
from sharetrail.totals import count_facts
from sharetrail.totals.tally import HUMAN

_MOST = 100
"""Of each shard and day: what is asked is whether there are a few."""


def of_people(merchant_id: str, since: datetime, now: datetime) -> int:
    """How many of the newest, of this UTC day and the one before, are after `since` and a person's,
    as far as each says it alone."""
    days = {day for day in (now.date(), now.date() - calendars.DAY) if day >= since.date()}
    found = (each for day in days for each in _of_day(merchant_id, day, now))
    return sum(each.at > since and judge_alone(each).kind == HUMAN for each in found)


def _of_day(merchant_id: str, day: date, now: datetime) -> Iterator[Click]:
    for shard in count_facts.SHARDS_OF_CLICKS:
        rows = EVENTS.query(f"{merchant_id}#{day:%Y%m%d}#{shard}", backward=True)
        yield from readable(read_click, islice(rows, _MOST), now)
