"""Queue of spilled clicks: what the redirect could not write in time, under the same key."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from sharetrail.aws.items import load
from sharetrail.clicks import clicks
from sharetrail.clicks.click import Click

_batch = BatchProcessor(EventType.SQS)


def handler(event: dict[str, Any], context: Any) -> PartialItemFailureResponse:
    return process_partial_response(event, _save, _batch, context)


def _save(record: SQSRecord) -> None:
    clicks.save(load(Click, json.loads(record.body)))
