"""Queue of mails: send a week's report to one recipient each, at the rate that SES takes."""

from typing import Any

from sharetrail import logs
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.report.issuing import send_report
from sharetrail.report.report_mail import ReportMail


@logs.entrance
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return batches.work_off(event["Records"], batches.itself, _send)


def _send(_number: str, record: Record) -> None:
    now = batches.delivered_at(record, send_report.ATTEMPTS_APART)
    send_report.send(ReportMail.read(record["body"]), now)
