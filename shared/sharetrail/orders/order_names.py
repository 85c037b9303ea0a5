"""Orders by the name that people know them by. Table orders: `merchant#platform/name / order#id`.

The name as it is asked for: `#1001` is `1001`, in lower case. No order has such a key, since an
order's own has a second `#`.
"""

from datetime import datetime
from itertools import islice

from sharetrail.aws import tables
from sharetrail.aws.tables import ORDERS
from sharetrail.calendars import iso
from sharetrail.orders.order_fact import OrderRef

_PREFIX = "order#"
_LONGEST = 200  # characters


def remember(ref: OrderRef, name: str, placed_at: datetime) -> None:
    """From now on the order is found by this name too; by one it had before it stays so."""
    key = key_of(ref, name)
    if tables.is_key(**key):
        ORDERS.put({**key, "placed_at": iso(placed_at)})


def key_of(ref: OrderRef, name: str) -> dict[str, str]:
    return {"pk": _pk(ref.merchant, ref.platform, name), "sk": _PREFIX + ref.id}


def are_several(merchant_id: str, platform: str, name: str) -> bool:
    """Whether more orders than one were ever called so: a buyer may have chosen the name."""
    rows = ORDERS.query(_pk(merchant_id, platform, name), prefix=_PREFIX)
    return len(list(islice(rows, 2))) > 1


def find(merchant_id: str, platform: str, name: str) -> OrderRef | None:
    """The order of this name, with or without its `#`; the one placed last, where several are
    called so."""
    rows = ORDERS.query(_pk(merchant_id, platform, name), prefix=_PREFIX)
    newest = max(rows, key=lambda row: (row["placed_at"], row["sk"]), default=None)
    if newest is None:
        return None
    order_id = newest["sk"].removeprefix(_PREFIX)
    return OrderRef(merchant=merchant_id, platform=platform, id=order_id)


def _pk(merchant_id: str, platform: str, name: str) -> str:
    plain = name.replace("#", "").strip().casefold()[:_LONGEST]
    return f"{merchant_id}#{platform}/{plain}"
