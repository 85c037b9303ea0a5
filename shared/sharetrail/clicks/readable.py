"""Facts as far as they can be read: a row that cannot rings, and spoils no fold of the others."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from sharetrail import logs
from sharetrail.aws.items import Item

T = TypeVar("T")
CONCERN = "FactsUnreadable"
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""How reading a row fails. Asking for rows fails otherwise, and is tried again."""


def readable(read: Callable[[Item], T], rows: Iterable[Item], now: datetime) -> Iterator[T]:
    """What `read` makes of each row that it can read."""
    for row in rows:
        try:
            fact = read(row)
        except _FAULTS as fault:
            from sharetrail.aws import metrics  # which nobody else who reads facts needs

            key = {"pk": row["pk"], "sk": row["sk"]}
            metrics.ring(CONCERN, now, **key, failure=logs.told(fault))
        else:
            yield fact
