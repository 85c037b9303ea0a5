"""Stream of the events table: a record rings its slot, and the slot's total is recomputed."""

from typing import Any

from sharetrail import logs
from sharetrail.aws import batches, doorbells
from sharetrail.totals import project_events


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(
        event["Records"],
        project_events.doors,
        project_events.open_door,
        project_events.alike,
        doorbells.set_aside("events"),
    )
