"""Queue of spilled orders: facts that the table did not take when their webhooks came."""

from typing import Any

from sharetrail import logs
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.orders import spilled_facts


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], batches.itself, _save)


def _save(_number: str, record: Record) -> None:
    spilled_facts.save(record["body"], batches.first_received(record))
