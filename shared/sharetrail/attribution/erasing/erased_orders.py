"""Orders whose buyer was erased. Table orders: `merchant#platform#order / erased`, one of an order,
for good. Whoever attributes it from then on first overwrites what its other rows, later facts among
them, say of the buyer: rows stay, so that what is told again is known already."""

from datetime import datetime

from sharetrail.attribution import credits
from sharetrail.attribution.cross_device import STITCHED_ROW
from sharetrail.attribution.erasing.erased_order import ErasedOrder
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import ORDERS
from sharetrail.orders import order_rings
from sharetrail.orders.order_fact import OrderRef
from sharetrail.orders.order_rings import ERASED

NEVER_OLDER = 10**9
"""Stands for how many facts a word rests on: nothing that is still under way replaces it."""
_OF_THE_BUYER = frozenset(["customer", "email", "email_as_written", "address"])


def put_once(ref: OrderRef, erased: ErasedOrder, now: datetime) -> bool:
    """Write it, and so ring the order; False, and nothing written, where it was erased before."""
    return order_rings.put_once({"pk": ref.pk, "sk": ERASED, **dump(erased)}, now)


def find_in(rows: list[Item]) -> ErasedOrder | None:
    """Among an order's rows; None of one that leads to its buyer, if to any."""
    return next((load(ErasedOrder, row) for row in rows if row["sk"] == ERASED), None)


def scrubbed(rows: list[Item]) -> list[Item]:
    """The rows without what leads to the buyer, where the order is erased, and stored so, as far as
    they are there: of a shop that is erased at this moment none comes back."""
    erased = next((row for row in rows if row["sk"] == ERASED), None)
    if erased is None:
        return rows
    clean = [_clean(row) for row in rows if row["sk"] != STITCHED_ROW]
    for row in clean:
        if row not in rows:
            ORDERS.put_if(row, "attribute_exists(pk)")
    said = {"pk": erased["pk"], "sk": STITCHED_ROW}
    stitched: Item = {**said, "placed": erased["at"], "facts": NEVER_OLDER}
    if stitched not in rows:
        ORDERS.put(stitched)
    return [*clean, stitched]


def unlink_credits(ref: OrderRef, erased: ErasedOrder) -> None:
    """Its credits know the buyer by chance from now on, and nothing else of them changes. Whoever
    computes them at this moment does it again, and sees that it is erased."""
    while (row := ORDERS.get(ref.pk, credits.SK)) and [*erased.buyer] != row.get("buyer", []):
        before = row.get("revision", 0)
        clean = {**row, "buyer": [*erased.buyer], "revision": before + 1}
        ORDERS.put_if(clean, credits.over(before), revision=before)


def _clean(row: Item) -> Item:
    if "sale" not in row:
        return row
    sale = {name: value for name, value in row["sale"].items() if name not in _OF_THE_BUYER}
    return {**row, "sale": sale}
