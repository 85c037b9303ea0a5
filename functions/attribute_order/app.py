"""Stream of the orders table: a shop's fact rings its order, whose credits are recomputed."""

from collections.abc import Iterator
from typing import Any

from sharetrail import crediting, doorbells
from sharetrail.doorbells import Record
from sharetrail.orders import OrderRef


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return doorbells.answer(event["Records"], _orders, _attribute)


def _orders(record: Record) -> Iterator[OrderRef]:
    pk, _ = doorbells.key_of(record)
    yield OrderRef.of(pk)


def _attribute(order: OrderRef, record: Record) -> None:
    crediting.refresh(order, doorbells.created(record))
