"""Queue of what SES tells of mails: whose mailbox refuses them, or who calls one spam, gets no more
of that merchant's. Of who was erased since nothing is kept."""

import json
from typing import Any

from sharetrail import logs
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.mail import suppression, suppressions, unsubscribes


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], batches.itself, _suppress)


def _suppress(_number: str, record: Record) -> None:
    told, now = suppression.read(json.loads(record["body"])), batches.first_received(record)
    if told and unsubscribes.knows(told.merchant, told.recipient, now):
        suppressions.keep(told)
