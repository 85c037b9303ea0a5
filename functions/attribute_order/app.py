"""Stream of the orders table: a shop's fact rings its order, whose credits are recomputed."""

from collections.abc import Iterator
from typing import Any

from sharetrail.attribution import attribute_order
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.orders.order_fact import OrderRef


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], _orders, _attribute)


def _orders(record: Record) -> Iterator[OrderRef]:
    pk, _ = batches.key_of(record)
    yield OrderRef.of(pk)


def _attribute(order: OrderRef, record: Record) -> None:
    attribute_order.refresh(order, batches.created(record))
