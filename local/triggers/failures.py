"""What was given up: a note of each for drain(), and Lambda's records for the destinations."""

import json
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import quote_plus

from local.clock import Clock, iso
from local.emulator.clients import client
from local.runtime.handlers import error_payload
from local.template import names
from local.template.declarations import Function, Template


class ItemsFailed(Exception):
    """The function reported failed items, or an answer that Lambda cannot read."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    function: str  # its folder
    trigger: str  # stream, queue or schedule
    item: Any  # a stream record's keys, a message's body, a schedule's event
    error: str
    destination: str | None


class Failures:
    """Notes failures for the next drain(), and says them on stderr at once."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._lock = Lock()
        self._notes: list[Failure] = []
        self._s3 = client("s3")
        self._sqs = client("sqs")

    def keep(self, bucket: str, mapping: str, shard: str, record: Mapping[str, Any]) -> str:
        """Writes a stream batch's record where Lambda would, of which S3 tells the bucket's queues;
        answers where that is."""
        moment = record["timestamp"][:19]
        folder = f"aws/lambda/{mapping}/{shard}/{moment[:10].replace('-', '/')}"
        path = f"{folder}/{moment.replace(':', '.')}-{uuid.uuid4()}"
        self._s3.put_object(Bucket=bucket, Key=path, Body=json.dumps(record).encode())
        for queue in self._template.buckets[bucket].notified:
            url, told = self._template.queues[queue].url, json.dumps(_object_created(bucket, path))
            self._sqs.send_message(QueueUrl=url, MessageBody=told)
        return f"s3://{bucket}/{path}"

    def note(self, failure: Failure) -> None:
        where = failure.destination or "nowhere"
        print(f"{failure.function} gave up, now in {where}: {failure.error}", file=sys.stderr)
        with self._lock:
            self._notes.append(failure)

    def take(self) -> list[dict[str, Any]]:
        """All since the last take, oldest first."""
        with self._lock:
            taken, self._notes = self._notes, []
        return [asdict(failure) for failure in taken]


def describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def failed_items(answer: Any, identifiers: Sequence[str]) -> set[str]:
    """The identifiers that a partial batch response names.

    Nothing named is success; what Lambda cannot read fails the whole batch.
    """
    if answer is None or answer == {}:
        return set()
    if not isinstance(answer, dict):
        return set(identifiers)
    named = answer.get("batchItemFailures") or []
    if not isinstance(named, list):
        return set(identifiers)
    failed = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in named]
    known = set(identifiers)
    return {name for name in failed if name} if known.issuperset(failed) else known


def async_record(
    function: Function, event: Any, error: BaseException, invocations: int, clock: Clock
) -> dict[str, Any]:
    """An asynchronous invocation's record, as its OnFailure queue gets it."""
    return {
        **_common(function, "RetriesExhausted", invocations, clock),
        "requestPayload": event,
        "responsePayload": error_payload(error),
    }


def stream_record(
    function: Function,
    records: Sequence[Mapping[str, Any]],
    shard: str,
    invocations: int,
    clock: Clock,
) -> dict[str, Any]:
    """A stream batch's record, as its OnFailure bucket gets it: with the whole event as text."""
    first, last = records[0], records[-1]
    return {
        **_common(function, "RetryAttemptsExhausted", invocations, clock),
        "DDBStreamBatchInfo": {
            "shardId": shard,
            "startSequenceNumber": first["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": last["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": _seconds(first),
            "approximateArrivalOfLastRecord": _seconds(last),
            "batchSize": len(records),
            "streamArn": first["eventSourceARN"],
        },
        "payload": json.dumps({"Records": records}),
    }


def _object_created(bucket: str, key: str) -> dict[str, Any]:
    """What S3 tells a queue of an object."""
    named = {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/")}}
    kind = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put"}
    return {"Records": [{**kind, "awsRegion": names.REGION, "s3": named}]}


def _common(function: Function, condition: str, invocations: int, clock: Clock) -> dict[str, Any]:
    arn = names.arn("lambda", f"function:{function.name}")
    now = clock.now()
    return {
        "version": "1.0",
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": f"{arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": invocations,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
    }


def _seconds(record: Mapping[str, Any]) -> str:
    return iso(datetime.fromtimestamp(record["dynamodb"]["ApproximateCreationDateTime"], UTC))
