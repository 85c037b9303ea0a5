"""Queue of due reports: build one merchant's week, mail it once to each recipient."""

from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from sharetrail.aws import batches
from sharetrail.report import schedule_reports, send_report

_batch = BatchProcessor(EventType.SQS)


def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    return process_partial_response(event, _send, _batch, context)


def _send(record: SQSRecord) -> None:
    send_report.send(schedule_reports.read_message(record.body), batches.sent_at(record))
