"""What orders and shops told of buyers, as it is found and taken away when they are erased. Table
identities: see cross_device.py, which writes it.

A row among a person's own is deleted, for its key leads to them. A row by click stays, for other
households' orders are judged by it; what it says of the buyer is replaced by chance, so that these
see another household still.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from sharetrail.attribution.cross_device import LIFETIME
from sharetrail.attribution.erasing.erased_order import stand_in
from sharetrail.attribution.erasing.erased_orders import NEVER_OLDER
from sharetrail.aws.items import Item
from sharetrail.aws.tables import IDENTITIES
from sharetrail.orders.order_fact import OrderRef
from sharetrail.platforms.earlier_buyer import EARLIER

_OF_AN_ORDER = "order#"


def rows_of(merchant_id: str, name: str, until: datetime) -> Iterator[Item]:
    """What is told of a name, of until then; and that they had ordered before, whenever a shop's
    system told it."""
    rows = IDENTITIES.query(f"{merchant_id}#{name}")
    return (row for row in rows if row["sk"].startswith(EARLIER) or _told_of(row) <= until)


def orders_of(merchant_id: str, names: Iterable[str], until: datetime) -> set[OrderRef]:
    """The orders that said, or once said, one of these names."""
    rows = (row for name in names for row in rows_of(merchant_id, name, until))
    said = (row["sk"] for row in rows if row["sk"].startswith(_OF_AN_ORDER))
    return {OrderRef.of(f"{merchant_id}#{sk.removeprefix(_OF_AN_ORDER)}") for sk in said}


def delete(merchant_id: str, name: str, until: datetime) -> int:
    """All of a name, of until then; how many rows those were."""
    rows = list(rows_of(merchant_id, name, until))
    for row in rows:
        IDENTITIES.delete(row["pk"], row["sk"])
    return len(rows)


def unlink(
    ref: OrderRef, names: Iterable[str], clicks: Iterable[str], token: str, alike: Collection[str]
) -> int:
    """What the order told, be it of names that nobody asked about; how many rows by click those
    were. `alike` are the orders that are erased with it, as `shopify#1001`."""
    clicks = list(clicks)
    keys = [f"order#{ref.own}", *(f"click#{click}#{ref.own}" for click in clicks)]
    for name in names:
        for sk in keys:
            IDENTITIES.delete(f"{ref.merchant}#{name}", sk)
    return sum(_unlink_click(ref, click, token, alike) for click in clicks)


def _unlink_click(ref: OrderRef, click: str, token: str, alike: Collection[str]) -> int:
    rows = list(IDENTITIES.query(f"{ref.merchant}#click#{click}"))
    others = [_household(row) for row in rows if _teller(row) not in alike]
    own = [row for row in rows if _teller(row) == ref.own and row.get("facts") != NEVER_OLDER]
    for row in own:
        shared = any(_household(row) & each for each in others)
        replaced = _of_no_household() if shared else _replaced(row, token)
        IDENTITIES.put_if({**row, **replaced, "facts": NEVER_OLDER}, "attribute_exists(pk)")
    return len(own)


def _teller(row: Item) -> str:
    """Which order says it, behind `paid#` or `unpaid#`."""
    teller: str = row["sk"].partition("#")[2]
    return teller


def _household(row: Item) -> set[str]:
    return {*row.get("persons", ()), *row.get("addresses", ())}


def _of_no_household() -> Item:
    """Where another's order is of the same house, which no chance could say any more: who is of
    none is nobody's other."""
    return {"persons": [], "account": None, "addresses": []}


def _replaced(row: Item, token: str) -> Item:
    account = row.get("account")
    return {
        "persons": [stand_in(each, token) for each in row.get("persons", ())],
        "account": account and stand_in(account, token),
        "addresses": [stand_in(each, token) for each in row.get("addresses", ())],
    }


def _told_of(row: Item) -> datetime:
    """When what it is about was, which it says by when it ends."""
    return datetime.fromtimestamp(row["expires"], UTC) - LIFETIME
