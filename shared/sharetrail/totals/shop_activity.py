"""What was first and last heard of a shop: how one sees that an installation works."""

from datetime import UTC, date, datetime, timedelta

from sharetrail import calendars
from sharetrail.aws.tables import CREDITS_BY_DAY, EVENTS, ORDERS, TOTALS
from sharetrail.calendars import moment
from sharetrail.clicks.click import CLICK_SHARDS, read_click
from sharetrail.clicks.page_event import PAGE_EVENT_SHARDS
from sharetrail.merchants.profile import Merchant

_RECENT = timedelta(days=3)
"""Days that may not be closed yet: their facts are asked for themselves."""
_CLICKS = tuple(str(n) for n in range(CLICK_SHARDS))
_EVENTS = tuple(f"e{n}" for n in range(PAGE_EVENT_SHARDS))


def first_click(merchant: Merchant, now: datetime) -> datetime | None:
    return _first(merchant, _CLICKS, now)


def first_event(merchant: Merchant, now: datetime) -> datetime | None:
    return _first(merchant, _EVENTS, now)


def first_order(merchant: Merchant) -> datetime | None:
    """When the first order was placed that we heard of."""
    rows = ORDERS.query(merchant.id, index=CREDITS_BY_DAY)
    first = next(rows, None)
    return moment(first["placed_at"]) if first else None


def last_event(merchant: Merchant, now: datetime) -> datetime | None:
    """When anything was heard last, page event or click."""
    for day in _recent_days(now, backward=True):
        if heard := _times(merchant.id, day, _CLICKS + _EVENTS, backward=True):
            return max(heard)
    for row in TOTALS.query(f"{merchant.id}#closed", backward=True):
        if row["facts"]:
            start, end = calendars.bounds(date.fromisoformat(row["sk"]), merchant.tz)
            days = {start.date(), (end - timedelta(microseconds=1)).date()}
            heard = [t for d in days for t in _times(merchant.id, d, _CLICKS + _EVENTS, True)]
            return max((t for t in heard if start <= t < end), default=start)
    return None


def _first(merchant: Merchant, shards: tuple[str, ...], now: datetime) -> datetime | None:
    for row in TOTALS.query(f"{merchant.id}#day"):
        day, shard, _ = row["sk"].split("#")
        if shard in shards:
            start, end = calendars.bounds(date.fromisoformat(day), merchant.tz)
            days = {start.date(), (end - timedelta(microseconds=1)).date()}
            heard = [t for d in days for t in _times(merchant.id, d, shards)]
            return min((t for t in heard if start <= t < end), default=start)
    for utc_day in _recent_days(now):
        if heard := _times(merchant.id, utc_day, shards):
            return min(heard)
    return None


def _recent_days(now: datetime, backward: bool = False) -> list[date]:
    days = [(now - _RECENT + n * calendars.DAY).date() for n in range(_RECENT.days + 1)]
    return days[::-1] if backward else days


def _times(
    merchant_id: str, day: date, shards: tuple[str, ...], backward: bool = False
) -> list[datetime]:
    """The first (or last) fact's time of each shard of a UTC day."""
    found = (_one(f"{merchant_id}#{day:%Y%m%d}#{shard}", backward) for shard in shards)
    return [at for at in found if at]


def _one(pk: str, backward: bool) -> datetime | None:
    row = next(EVENTS.query(pk, backward=backward), None)
    if row is None or "at" not in row:
        return read_click(row).at if row else None
    return datetime.fromtimestamp(row["at"] / 1000, UTC)
