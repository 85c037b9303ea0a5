"""Queue of due reports: build one merchant's week, mail it once to each recipient."""

from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from sharetrail import mailings, queues

_batch = BatchProcessor(EventType.SQS)


def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    return process_partial_response(event, _send, _batch, context)


def _send(record: SQSRecord) -> None:
    mailings.send(mailings.ordered(record.body), queues.sent_at(record))
