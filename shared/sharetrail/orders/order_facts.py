"""Facts of orders as stored. Table: `merchant#platform#order / …`.

A fact is written once, with when it reached us first: by that two states of one second are told
apart. What is worked off late (from quarantine, from a queue) brings its own time along; was the
same fact stored meanwhile with a later one, a row of its own (`heard#key#time`) corrects that.
"""

from dataclasses import replace
from datetime import datetime

from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import ORDERS
from sharetrail.calendars import moment
from sharetrail.orders import order_rings
from sharetrail.orders.order_fact import Fact, OrderRef
from sharetrail.orders.order_rings import HEARD


def item(order: OrderRef, fact: Fact) -> Item:
    """The fact as stored."""
    return {"pk": order.pk, "sk": fact.sk, **dump(fact)}


def save(order: OrderRef, fact: Fact, now: datetime) -> bool:
    """Write the fact; False where it was known already."""
    return save_item(item(order, fact), now)


def save_item(fact: Item, now: datetime) -> bool:
    """The same of a fact as stored: what had to wait for the table keeps its key and its times."""
    if order_rings.put_once(fact, now):
        return True
    if "received" in fact:
        _hear(fact["pk"], fact["sk"], fact["received"], now)
    return False


def _hear(pk: str, sk: str, received: str, now: datetime) -> None:
    """The fact of this key was heard of at this time, and maybe not first when it was stored."""
    stored = ORDERS.get(pk, sk)
    if stored and stored.get("received", "") > received:
        told = {"pk": pk, "sk": f"{HEARD}{sk}#{received}", "received": received}
        order_rings.put_once(told, now)


def rows(order: OrderRef) -> list[Item]:
    """All that is stored of an order: facts, touches, credits."""
    return list(ORDERS.query(order.pk))


def among(rows: list[Item]) -> list[Fact]:
    """The shop's facts among an order's rows, in key order."""
    earlier: dict[str, str] = {}
    for row in rows:
        if row["sk"].startswith(HEARD):
            sk = row["sk"].removeprefix(HEARD).rpartition("#")[0]
            earlier[sk] = min(row["received"], earlier.get(sk, row["received"]))
    return [_fact(row, earlier.get(row["sk"])) for row in rows if "kind" in row]


def _fact(row: Item, received: str | None) -> Fact:
    fact = load(Fact, row)
    return replace(fact, received=moment(received)) if received else fact
