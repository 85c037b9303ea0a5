"""Credits as stored. Table orders: `merchant#platform#order / credits`.

They are written only over the revision that was read together with the facts they come from: of
two who compute them at once one does it again. Indexed by merchant and local day.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import TypeVar

from sharetrail import calendars
from sharetrail.attribution.credit import OrderCredits, OrderHead
from sharetrail.attribution.fraud_rules import as_today
from sharetrail.aws.items import Item, dump, load, stored_names
from sharetrail.aws.tables import CREDITS_BY_DAY, ORDERS, MorePages, is_key
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef

T = TypeVar("T", bound=OrderHead)
SK = "credits"
_JUDGED = "decisions"
_FROM_READ = "revision = :revision"
_FROM_NONE = f"attribute_not_exists(revision) OR {_FROM_READ}"
"""Those stored before 2026-12 say none."""


def save(merchant: Merchant, ref: OrderRef, result: OrderCredits) -> bool:
    """Write it over the revision before it; False, and nothing written, where another stands."""
    before = result.revision - 1
    return ORDERS.put_if(item_of(merchant, ref, result), over(before), revision=before)


def over(revision: int) -> str:
    """The condition that this `revision` stands, or none."""
    return _FROM_READ if revision else _FROM_NONE


def item_of(merchant: Merchant, ref: OrderRef, result: OrderCredits) -> Item:
    return {
        "pk": ref.pk,
        "sk": SK,
        "owner": ref.merchant,
        "day": key_of(result, merchant),
        "version": result.rule.version,
        **dump(result),
    }


def find_in(rows: Iterable[Item]) -> OrderCredits | None:
    """The credits among an order's rows; None before they are computed."""
    return next((_read(OrderCredits, row) for row in rows if row["sk"] == SK), None)


def is_in(rows: Iterable[Item], merchant: Merchant, ref: OrderRef, result: OrderCredits) -> bool:
    """Whether just these are among an order's rows, in whatever revision, and on their day."""
    alike = [{**row, "revision": 0} for row in rows if row["sk"] == SK]
    return {**item_of(merchant, ref, result), "revision": 0} in alike


def day_in(rows: Iterable[Item]) -> date | None:
    """On which day the credits among an order's rows stand."""
    return next((_day(row) for row in rows if row["sk"] == SK), None)


def _day(row: Item) -> date:
    return date.fromisoformat(row["day"].partition("#")[0])


def places(refs: Iterable[OrderRef]) -> dict[OrderRef, tuple[date, int]]:
    """On which day the credits of these orders stand, and in which revision."""
    keys = [{"pk": ref.pk, "sk": SK} for ref in refs]
    rows = ORDERS.get_all(keys, only=["pk", "day", "revision"])
    return {OrderRef.of(row["pk"]): (_day(row), row.get("revision", 0)) for row in rows}


def find_all(refs: Iterable[OrderRef]) -> dict[OrderRef, OrderCredits]:
    """The credits of these orders, of those that have some."""
    rows = ORDERS.get_all([{"pk": ref.pk, "sk": SK} for ref in refs])
    return {OrderRef.of(row["pk"]): _read(OrderCredits, row) for row in rows}


def key_of(order: OrderHead, merchant: Merchant) -> str:
    """By which the index has it, day by day."""
    day = calendars.local_day(order.placed_at, merchant.tz)
    return f"{day}#{order.platform}#{order.order}"


def between(
    cls: type[T], merchant_id: str, first: date, last: date, after: str = ""
) -> Iterator[T]:
    """The credits of orders placed on these local days, both ends included, of those behind the key
    `after`; of each no more is read than `cls` holds."""
    days = (max(first.isoformat(), f"{after}\x00" if after else ""), f"{last}~")
    if days[0] > days[1] or not is_key(merchant_id, days[0]):
        return iter(())
    names = stored_names(cls)  # keys are not read twice
    rows = ORDERS.query(merchant_id, index=CREDITS_BY_DAY, between=days, only=names)
    return (_read(cls, row) for row in rows)


def oldest_first(cls: type[T], merchant_id: str, after: str = "") -> Iterator[tuple[str, T]]:
    """All of a merchant's, each with its key, of those behind the key `after`."""
    names = [*stored_names(cls), CREDITS_BY_DAY.range]
    rows = ORDERS.query(merchant_id, index=CREDITS_BY_DAY, after=after, only=names)
    return ((row["day"], _read(cls, row)) for row in rows)


def newest_first(
    cls: type[T],
    merchant_id: str,
    first: date,
    last: date,
    before: str = "",
    most_pages: int = 0,
) -> Iterator[tuple[str, T]]:
    """The same backwards, each with its key: those in front of the key `before`. Behind so many
    megabytes of orders, where some are named, MorePages."""
    days = (first.isoformat(), before or f"{last}~")
    if days[0] > days[1] or not is_key(merchant_id, days[1]):
        return iter(())
    rows = ORDERS.query(
        merchant_id,
        index=CREDITS_BY_DAY,
        between=days,
        backward=True,
        most_pages=most_pages,
        only=[*stored_names(cls), CREDITS_BY_DAY.range],
    )
    return ((row["day"], _read(cls, row)) for row in rows if row["day"] != before)


def judged(
    cls: type[T], merchant_id: str, first: date, last: date, most_pages: int
) -> tuple[list[T], bool]:
    """Of orders of these days those of which the fraud rules say something, newest first; and
    whether they are all: no more than so many megabytes of orders are read."""
    days = (first.isoformat(), f"{last}~")
    if days[0] > days[1]:
        return [], True
    rows = ORDERS.query(
        merchant_id,
        index=CREDITS_BY_DAY,
        between=days,
        backward=True,
        having=_JUDGED,
        most_pages=most_pages,
        only=stored_names(cls),
    )
    found = []
    try:
        for row in rows:
            found.append(_read(cls, row))
    except MorePages:
        return found, False
    return found, True


def are_more(most: int, merchant_id: str, first: date, last: date) -> bool:
    """Whether more than so many orders were placed on these local days; no more are read."""
    rows = ORDERS.query(
        merchant_id, index=CREDITS_BY_DAY, between=(first.isoformat(), f"{last}~"), only=["day"]
    )
    return next(islice(rows, most, None), None) is not None


def _read(cls: type[T], row: Item) -> T:
    if _JUDGED in row:
        row = {**row, _JUDGED: [as_today(told) for told in row[_JUDGED]]}
    return load(cls, row)
