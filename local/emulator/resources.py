"""Creates in the emulator what the template declares, and empties it again between tests."""

from contextlib import suppress
from typing import Any

from local.emulator import held
from local.emulator.clients import client
from local.template.declarations import Table, Template


def create(template: Template) -> None:
    """Tables, queues, buckets, keys and the sender's address, where boto3's environment leads.

    TimeToLive stays off: the emulator would judge it by the real clock, not by ours. Nothing may
    rely on it, since DynamoDB itself takes days; every reader looks at the expiry.
    """
    dynamodb = client("dynamodb")
    for table in template.tables.values():
        dynamodb.create_table(**table.definition)
    _create_queues(template)
    for bucket in template.buckets:
        client("s3").create_bucket(Bucket=bucket)
    for alias in template.keys:
        key = client("kms").create_key()["KeyMetadata"]["KeyId"]
        client("kms").create_alias(AliasName=alias, TargetKeyId=key)
    if template.sender:
        # Another stack may have verified it before.
        sesv2 = client("sesv2")
        with suppress(sesv2.exceptions.AlreadyExistsException):
            sesv2.create_email_identity(EmailIdentity=template.sender)


def _create_queues(template: Template) -> None:
    sqs = client("sqs")
    # A queue's dead letters must be there before it.
    for queue in sorted(template.queues.values(), key=lambda queue: queue.dead_letters is not None):
        attributes: Any = queue.attributes
        url = sqs.create_queue(QueueName=queue.name, Attributes=attributes)["QueueUrl"]
        assert url == queue.url, f"the emulator calls {queue.name} {url}"


class Eraser:
    """Makes the created resources as new, quickly: a test leaves most of them untouched."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._dynamodb = client("dynamodb")
        self._sqs = client("sqs")
        self._s3 = client("s3")

    def __call__(self) -> None:
        for table in self._template.tables.values():
            self._erase_table(table)
        holding = held.by_queues()
        for queue in self._template.queues.values():
            if queue.name in holding:
                self._sqs.purge_queue(QueueUrl=queue.url)
        for bucket in self._template.buckets:
            self._erase_bucket(bucket)

    def _erase_table(self, table: Table) -> None:
        if self._is_touched(table):
            self._dynamodb.delete_table(TableName=table.name)
            self._dynamodb.create_table(**table.definition)

    def _erase_bucket(self, bucket: str) -> None:
        for entry in self._s3.list_objects_v2(Bucket=bucket).get("Contents", []):
            self._s3.delete_object(Bucket=bucket, Key=entry["Key"])

    def _is_touched(self, table: Table) -> bool:
        # A stream keeps what an empty table has forgotten.
        if "StreamSpecification" in table.definition:
            return True
        found: Any = self._dynamodb.scan(TableName=table.name, Limit=1)
        return bool(found["Count"])
