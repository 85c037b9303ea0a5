"""What an SQS message says of itself."""

from datetime import UTC, datetime

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord


def sent_at(record: SQSRecord) -> datetime:
    """When the message was sent: the only clock a queue's worker has."""
    return datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
