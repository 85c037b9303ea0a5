"""Queue of doorbells set aside: what a stream's record rang and could not be opened then."""

from typing import Any

from sharetrail import logs
from sharetrail.attribution import attribute_order
from sharetrail.aws import batches, doorbells
from sharetrail.aws.batches import Record
from sharetrail.totals import project_events

_STREAMS: dict[str, Any] = {"events": project_events, "orders": attribute_order}


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], batches.itself, _open)


def _open(_number: str, message: Record) -> None:
    stream, record = doorbells.read(message)
    behind = _STREAMS[stream]
    doorbells.check(batches.work_off([record], behind.doors, behind.open_door))
