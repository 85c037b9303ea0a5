"""Stream of the events table: a record rings its slot, and the slot's total is recomputed."""

from typing import Any

from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.totals import project_events


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], project_events.doors, _project, project_events.alike)


def _project(door: project_events.Door, record: Record) -> None:
    project_events.open_door(door, batches.created(record))
