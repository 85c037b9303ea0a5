"""What was first and last heard of a shop: how one sees that an installation works."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.aws.items import Item
from sharetrail.aws.tables import CREDITS_BY_DAY, EVENTS, ORDERS, TOTALS
from sharetrail.calendars import moment
from sharetrail.clicks.click import read_click
from sharetrail.clicks.readable import readable
from sharetrail.merchants.profile import Merchant
from sharetrail.totals import count_facts, local_days

_RECENT = timedelta(days=3)
"""Days that may not be closed yet: their facts are asked for themselves."""
Shards = tuple[str, ...]


def first_click(merchant: Merchant, now: datetime) -> datetime | None:
    return _first(merchant, count_facts.SHARDS_OF_CLICKS, now)


def first_event(merchant: Merchant, now: datetime) -> datetime | None:
    return _first(merchant, count_facts.SHARDS_OF_PAGE_EVENTS, now)


def first_heard(merchant: Merchant, now: datetime) -> date:
    """The first local day since the merchant came that has a fact or an order; where none has yet,
    today. Of orders only those are asked for that are older than all facts."""
    came = calendars.local_day(merchant.created_at, merchant.tz)
    today = _today(merchant, now)
    day = local_days.first_with_facts(merchant.id, came, today) or today
    until = (f"{came}", f"{day}")
    rows = ORDERS.query(merchant.id, index=CREDITS_BY_DAY, between=until, only=["day"])
    ordered = next(rows, None) if came < day else None
    return date.fromisoformat(ordered["day"].partition("#")[0]) if ordered else day


def _first(merchant: Merchant, shards: Shards, now: datetime) -> datetime | None:
    return _on_closed_day(merchant, shards, now) or _recently(merchant, shards, now)


def first_order(merchant: Merchant) -> datetime | None:
    """When the first order was placed that we heard of."""
    rows = ORDERS.query(merchant.id, index=CREDITS_BY_DAY)
    first = next(rows, None)
    return moment(first["placed_at"]) if first else None


def last_event(merchant: Merchant, now: datetime) -> datetime | None:
    """When anything was heard last, page event or click."""
    return _last(merchant, count_facts.SHARDS, now)


def last_page_event(merchant: Merchant, now: datetime, since: date) -> datetime | None:
    """When the shop's pages were heard last, as far as that is not before the day `since`."""
    return _last(merchant, count_facts.SHARDS_OF_PAGE_EVENTS, now, since)


def _last(
    merchant: Merchant, shards: Shards, now: datetime, earliest: date = date.min
) -> datetime | None:
    """Of a shop of which nothing is noted lately (totals/closings.py) no fact is looked for."""
    today = _today(merchant, now)
    since = today - _RECENT - calendars.DAY
    lately = jobs.noted(merchant.id, "close", since.isoformat(), today.isoformat())
    recent = lately and _recently(merchant, shards, now, backward=True)
    return recent or _on_closed_day(merchant, shards, now, earliest, backward=True)


def _on_closed_day(
    merchant: Merchant,
    shards: Shards,
    now: datetime,
    earliest: date = date.min,
    *,
    backward: bool = False,
) -> datetime | None:
    """The first (or last) fact's time on the first (or last) closed day that has any; where they
    expired, the day's start."""
    if shards == count_facts.SHARDS_OF_PAGE_EVENTS:
        closed = local_days.closed_facts(merchant.id, earliest, _today(merchant, now))
        days = sorted((day for day, (facts, _) in closed.items() if facts), reverse=backward)
        totals = _looked_up(merchant.id, days, shards)
    else:
        totals = _as_stored(merchant.id, shards, backward)
    for day, having in totals:
        start, end = calendars.bounds(day, merchant.tz)
        dates = {start.date(), (end - timedelta(microseconds=1)).date()}
        heard = [at for d in dates for at in _times(merchant.id, d, having, now, backward)]
        within = (at for at in heard if start <= at < end)
        return (max if backward else min)(within, default=start)
    return None


def _as_stored(merchant_id: str, shards: Shards, backward: bool) -> Iterator[tuple[date, Shards]]:
    """The closed days that have totals of some of these shards, and of which."""
    rows = TOTALS.query(f"{merchant_id}#day", backward=backward, only=["sk"])
    totals = (row["sk"].split("#") for row in rows)
    of_these = ((day, shard) for day, shard, _ in totals if shard in shards)
    for day, total in groupby(of_these, itemgetter(0)):
        yield date.fromisoformat(day), tuple({shard for _, shard in total})


def _looked_up(
    merchant_id: str, days: Sequence[date], shards: Shards
) -> Iterator[tuple[date, Shards]]:
    """The same of these days. No other shard of theirs is read: a day's clicks may weigh megabytes,
    and a shop whose pages are silent may have months of them. Twice as many days at a time as
    before, since mostly the first has some."""
    at_once = 1
    while days:
        some, days = days[:at_once], days[at_once:]
        keys = [(day, each, f"{day}#{each}#0") for day in some for each in shards]
        rows = TOTALS.get_all([{"pk": f"{merchant_id}#day", "sk": sk} for *_, sk in keys], ["sk"])
        found = {row["sk"] for row in rows}
        of_these = ((day, each) for day, each, sk in keys if sk in found)
        for day, total in groupby(of_these, itemgetter(0)):
            yield day, tuple(shard for _, shard in total)
        at_once *= 2


def _today(merchant: Merchant, now: datetime) -> date:
    return calendars.local_day(now, merchant.tz)


def _recently(
    merchant: Merchant, shards: Shards, now: datetime, *, backward: bool = False
) -> datetime | None:
    days = [(now - _RECENT + n * calendars.DAY).date() for n in range(_RECENT.days + 1)]
    for day in reversed(days) if backward else days:
        if heard := _times(merchant.id, day, shards, now, backward):
            return (max if backward else min)(heard)
    return None


def _times(
    merchant_id: str, day: date, shards: Shards, now: datetime, backward: bool
) -> list[datetime]:
    """The first (or last) fact's time of each shard of a UTC day."""
    pks = (f"{merchant_id}#{day:%Y%m%d}#{shard}" for shard in shards)
    facts = (EVENTS.query(pk, backward=backward) for pk in pks)
    times = (next(readable(_time_of, each, now), None) for each in facts)
    return [at for at in times if at]


def _time_of(fact: Item) -> datetime:
    return datetime.fromtimestamp(fact["at"] / 1000, UTC) if "at" in fact else read_click(fact).at
