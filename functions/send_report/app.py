"""Queue of due reports: build one merchant's week, mail it once to each recipient."""

from typing import Any

from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.report import schedule_reports, send_report


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], batches.itself, _send)


def _send(_number: str, record: Record) -> None:
    send_report.send(schedule_reports.read_message(record["body"]), batches.sent_at(record))
