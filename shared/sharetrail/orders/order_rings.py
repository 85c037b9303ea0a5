"""Rows that ring their order: what is written under these prefixes has its credits computed anew.
Table: orders. template.yaml's stream filter says the same prefixes.

Each carries `heard`, the UTC hour in which it was written (be that long after it first reached us)
and one of a few shards: `2026-11-30T07#3`. An index has them by it, over all merchants, and so what
rang in vain is found again. Touches, credits and all else that is derived carry none.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from typing import get_args
from zlib import crc32

from sharetrail.aws.items import Item
from sharetrail.aws.tables import HEARD_BY_HOUR, ORDERS
from sharetrail.calendars import HOUR, hour_of
from sharetrail.orders.order_fact import FactKind

RATE, DECIDED, KNOWN, HEARD = "rate#", "decided#", "known#", "heard#"
ERASED = "erased"
PREFIXES = (*get_args(FactKind), RATE, DECIDED, KNOWN, HEARD, ERASED)
SHARDS = 4
"""An index's key takes a thousand writes a second, and a table waits for its index."""


def put_once(row: Item, now: datetime) -> bool:
    """Write the row, and so ring its order; False, and nothing written, where the key is taken."""
    return ORDERS.put_once(marked(row, now))


def marked(row: Item, now: datetime) -> Item:
    """The row as the index has it, if it is written now."""
    return {**row, "heard": _heard(now, crc32(row["pk"].encode()) % SHARDS)}


def count(rows: Iterable[Item]) -> int:
    """How many of an order's rows ring it."""
    return sum(row["sk"].startswith(PREFIXES) for row in rows)


def between(first: datetime, last: datetime) -> Iterator[str]:
    """The pks of all orders that rang in these UTC hours or those between them, each once and in
    order: of every hour and shard a page is in memory."""
    heard = (_pks(each) for each in _parts(first, last))
    return (pk for pk, _ in groupby(merge(*heard)))


def of_merchant(merchant_id: str, first: datetime, last: datetime) -> Iterator[str]:
    """The same of one merchant's, an hour after the other: an order may come again."""
    for heard in _parts(first, last):
        yield from dict.fromkeys(_pks(heard, f"{merchant_id}#"))


def _parts(first: datetime, last: datetime) -> Iterator[str]:
    hours = range((hour_of(last) - hour_of(first)) // HOUR + 1)
    return (_heard(first + n * HOUR, shard) for n in hours for shard in range(SHARDS))


def _pks(heard: str, prefix: str = "") -> Iterator[str]:
    rows = ORDERS.query(heard, index=HEARD_BY_HOUR, prefix=prefix, only=["pk"])
    return (row["pk"] for row in rows)


def _heard(at: datetime, shard: int) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H}#{shard}"
