"""Reads tables, queues, buckets, and rules that lead to queues: the properties that the local cloud
honours or may pass over."""

import json
from collections.abc import Mapping
from typing import Any

from local.template import filters, names
from local.template.declarations import Bucket, Queue, Rule, Table
from local.template.intrinsics import Refused, refuse_unknown

_SHAPE = {"AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes"}
_TABLE = _SHAPE | {
    "BillingMode",
    "DeletionProtectionEnabled",
    "PointInTimeRecoverySpecification",
    "SSESpecification",
    "StreamSpecification",
    "TimeToLiveSpecification",
}
# Here a bucket is private, and lives no longer than the emulator.
_BUCKET = {
    "BucketEncryption",
    "LifecycleConfiguration",
    "NotificationConfiguration",
    "PublicAccessBlockConfiguration",
}
_OBJECTS = "s3:ObjectCreated:*"
_QUEUE = {"VisibilityTimeout", "MessageRetentionPeriod", "SqsManagedSseEnabled", "DelaySeconds"}


def read_table(name: str, properties: Mapping[str, Any]) -> Table:
    refuse_unknown(name, properties, _TABLE)
    definition = {key: properties[key] for key in _SHAPE & properties.keys()}
    if stream := properties.get("StreamSpecification"):
        definition["StreamSpecification"] = {"StreamEnabled": True, **stream}
    expiry = properties.get("TimeToLiveSpecification", {})
    return Table(
        name=name,
        definition={"TableName": name, "BillingMode": "PAY_PER_REQUEST", **definition},
        expiry=expiry["AttributeName"] if expiry.get("Enabled") else None,
    )


def read_queue(name: str, url: str, properties: Mapping[str, Any]) -> Queue:
    refuse_unknown(name, properties, _QUEUE | {"RedrivePolicy"})
    redrive = properties.get("RedrivePolicy")
    attributes = {key: _text(properties[key]) for key in _QUEUE & properties.keys()}
    if redrive:
        attributes["RedrivePolicy"] = json.dumps(redrive)
    return Queue(
        name=name,
        url=url,
        attributes=attributes,
        receives=int(redrive["maxReceiveCount"]) if redrive else None,
        dead_letters=redrive["deadLetterTargetArn"].rpartition(":")[2] if redrive else None,
    )


def read_bucket(name: str, properties: Mapping[str, Any]) -> Bucket:
    refuse_unknown(name, properties, _BUCKET)
    notifications = properties.get("NotificationConfiguration", {})
    refuse_unknown(name, notifications, {"QueueConfigurations"})
    queues = notifications.get("QueueConfigurations", [])
    for each in queues:
        refuse_unknown(name, each, {"Event", "Queue"})
        if each["Event"] != _OBJECTS:
            raise Refused(f"{name}: of a bucket {_OBJECTS} is told here, and nothing else")
    return Bucket(name=name, notified=tuple(each["Queue"].rpartition(":")[2] for each in queues))


def read_rule(name: str, properties: Mapping[str, Any]) -> Rule:
    refuse_unknown(name, properties, {"EventPattern", "Targets"})
    try:
        filters.check(properties["EventPattern"])
    except ValueError as error:
        raise Refused(f"{name}: {error}") from error
    (target,) = properties["Targets"]
    refuse_unknown(name, target, {"Id", "Arn", "DeadLetterConfig"})  # what the bus cannot deliver
    if not target["Arn"].startswith(names.arn("sqs", "")):
        raise Refused(f"{name}: events go to a queue here, and to nothing else")
    queue = target["Arn"].rpartition(":")[2]
    return Rule(name=name, pattern=properties["EventPattern"], queue=queue)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
