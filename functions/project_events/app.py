"""Stream of the events table: a record rings its slot, and the slot's total is recomputed."""

from typing import Any

from sharetrail import doorbells, projection
from sharetrail.doorbells import Record


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return doorbells.answer(event["Records"], projection.doors, _project, projection.alike)


def _project(door: projection.Door, record: Record) -> None:
    projection.open_door(door, doorbells.created(record))
