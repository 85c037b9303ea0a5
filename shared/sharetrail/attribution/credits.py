"""Credits as stored. Table orders: `merchant#platform#order / credits`.

A fold of fewer facts, or by an older rule, never replaces what stands. Indexed by merchant and
local day.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from sharetrail import calendars
from sharetrail.attribution.credit import OrderCredits, OrderHead
from sharetrail.aws.items import Item, dump, load, stored_names
from sharetrail.aws.tables import CREDITS_BY_DAY, ORDERS
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef

T = TypeVar("T", bound=OrderHead)
SK = "credits"
_NOT_OLDER = (
    "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND version <= :version)"
)


def save(merchant: Merchant, ref: OrderRef, result: OrderCredits) -> None:
    """Write it, unless what stands is of more facts or by a newer rule."""
    item = item_of(merchant, ref, result)
    ORDERS.put_if(item, _NOT_OLDER, facts=result.fact_count, version=result.rule.version)


def item_of(merchant: Merchant, ref: OrderRef, result: OrderCredits) -> Item:
    day = calendars.local_day(result.placed_at, merchant.tz)
    return {
        "pk": ref.pk,
        "sk": SK,
        "owner": ref.merchant,
        "day": f"{day}#{ref.platform}#{ref.id}",
        "version": result.rule.version,
        **dump(result),
    }


def find_in(rows: Iterable[Item]) -> OrderCredits | None:
    """The credits among an order's rows; None before they are computed."""
    return next((load(OrderCredits, row) for row in rows if row["sk"] == SK), None)


def find_all(refs: Iterable[OrderRef]) -> dict[OrderRef, OrderCredits]:
    """The credits of these orders, of those that have some."""
    rows = ORDERS.get_all([{"pk": ref.pk, "sk": SK} for ref in refs])
    return {OrderRef.of(row["pk"]): load(OrderCredits, row) for row in rows}


def between(cls: type[T], merchant_id: str, first: date, last: date) -> Iterator[T]:
    """The credits of orders placed on these local days, both ends included; of each no more is read
    than `cls` holds."""
    days = (first.isoformat(), f"{last}~")
    names = stored_names(cls)  # keys are not read twice
    rows = ORDERS.query(merchant_id, index=CREDITS_BY_DAY, between=days, only=names)
    return (load(cls, row) for row in rows)
