"""What orders and shops told of buyers, as it is found and taken away when they are erased. Table
identities: see cross_device.py, which writes it.

A row among a person's own is deleted, for its key leads to them. A row by click stays, for other
households' orders are judged by it; what it says of the buyer is replaced by chance, so that these
see another household still.
"""

from collections.abc import Iterable, Iterator
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


def unlink(ref: OrderRef, names: Iterable[str], clicks: Iterable[str], token: str) -> int:
    """What the order told, be it of names that nobody asked about; how many rows those were."""
    clicks = list(clicks)
    keys = [f"order#{ref.own}", *(f"click#{click}#{ref.own}" for click in clicks)]
    for name in names:
        for sk in keys:
            IDENTITIES.delete(f"{ref.merchant}#{name}", sk)
    claims = [
        {"pk": f"{ref.merchant}#click#{click}", "sk": f"{kind}#{ref.own}"}
        for click in clicks
        for kind in ("paid", "unpaid")
    ]
    rows = [row for row in IDENTITIES.get_all(claims) if row.get("facts") != NEVER_OLDER]
    for row in rows:
        IDENTITIES.put_if({**row, **_replaced(row, token)}, "attribute_exists(pk)")
    return len(rows)


def _replaced(row: Item, token: str) -> Item:
    account = row.get("account")
    return {
        "persons": [stand_in(each, token) for each in row.get("persons", ())],
        "account": account and stand_in(account, token),
        "addresses": [stand_in(each, token) for each in row.get("addresses", ())],
        "facts": NEVER_OLDER,
    }


def _told_of(row: Item) -> datetime:
    """When what it is about was, which it says by when it ends."""
    return datetime.fromtimestamp(row["expires"], UTC) - LIFETIME
