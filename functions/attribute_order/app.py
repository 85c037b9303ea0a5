"""Stream of the orders table: a shop's fact rings its order, whose credits are recomputed."""

from typing import Any

from sharetrail import logs
from sharetrail.attribution import attribute_order
from sharetrail.aws import batches, doorbells


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(
        event["Records"],
        attribute_order.doors,
        attribute_order.open_door,
        set_aside=doorbells.set_aside("orders"),
    )
