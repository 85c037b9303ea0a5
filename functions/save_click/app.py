"""Queue of spilled clicks: what the redirect could not write in time, under the same key."""

import json
from typing import Any

from sharetrail import logs
from sharetrail.agenda import heard_hours
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.aws.items import load
from sharetrail.clicks import clicks
from sharetrail.clicks.click import Click


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], batches.itself, _save)


def _save(_number: str, record: Record) -> None:
    click = load(Click, json.loads(record["body"]))
    clicks.save(click)
    heard_hours.note(click.merchant, click.at, batches.sent_at(record))
