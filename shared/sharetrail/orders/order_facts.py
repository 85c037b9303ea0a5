"""Facts of orders as stored. Table: `merchant#platform#order / …`."""

from datetime import datetime

from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import ORDERS
from sharetrail.calendars import iso
from sharetrail.orders.order_fact import Fact, OrderRef


def item(order: OrderRef, fact: Fact, received: datetime) -> Item:
    """The fact as stored, with when it reached us (of interest to people, never to a rule)."""
    return {"pk": order.pk, "sk": fact.sk, **dump(fact), "received": iso(received)}


def save(order: OrderRef, fact: Fact, received: datetime) -> bool:
    """Write the fact; False where it was known already."""
    return ORDERS.put_once(item(order, fact, received))


def rows(order: OrderRef) -> list[Item]:
    """All that is stored of an order: facts, touches, credits."""
    return list(ORDERS.query(order.pk))


def among(rows: list[Item]) -> list[Fact]:
    """The shop's facts among an order's rows, in key order."""
    return [load(Fact, row) for row in rows if "kind" in row]
