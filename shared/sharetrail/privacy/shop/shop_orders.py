"""A shop's orders, deleted with what leads to them: an order's names, and what its products are
called."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sharetrail.attribution import credits
from sharetrail.aws import removals
from sharetrail.aws.items import Item
from sharetrail.aws.tables import CREDITS_BY_DAY, LINKS, ORDERS
from sharetrail.orders import order_names, order_rings
from sharetrail.orders.order_fact import OrderRef
from sharetrail.privacy import pieces
from sharetrail.sharing import product_names


def delete_all(
    merchant_id: str, since: datetime, now: datetime, is_over: Callable[[], bool]
) -> int:
    """Rows, until it is over: of orders with credits by these, and then of all that were heard of,
    be it of their refund alone, since the shop was there."""
    credited = (row["pk"] for row in ORDERS.query(merchant_id, index=CREDITS_BY_DAY, only=["pk"]))
    heard = order_rings.of_merchant(merchant_id, since, now)
    return sum(pieces.total(_delete_order, pks, is_over) for pks in (credited, heard))


def _delete_order(pk: str) -> int:
    """Its credits last: by them it is found again."""
    rows = list(ORDERS.query(pk))
    others = [_key(row) for row in rows if row["sk"] != credits.SK]
    number = removals.rows(LINKS, _products(OrderRef.of(pk).merchant, rows))
    number += removals.rows(ORDERS, [*_names(OrderRef.of(pk), rows), *others])
    return number + removals.rows(ORDERS, [_key(row) for row in rows if row["sk"] == credits.SK])


def _key(row: Item) -> dict[str, str]:
    return {"pk": row["pk"], "sk": row["sk"]}


def _names(order: OrderRef, rows: Iterable[Item]) -> list[dict[str, str]]:
    """All that it ever had."""
    told = {row.get("sale", row).get("name") for row in rows if "sale" in row or _is_head(row)}
    return [order_names.key_of(order, each) for each in sorted(filter(None, told))]


def _is_head(row: Item) -> bool:
    return bool(row["sk"] == credits.SK)


def _products(merchant_id: str, rows: Iterable[Item]) -> list[dict[str, str]]:
    sold = (line["product"] for row in rows for line in row.get("sale", {}).get("lines", ()))
    return [product_names.key_of(merchant_id, each) for each in dict.fromkeys(sold)]
