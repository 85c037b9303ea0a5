"""AWS clients, each made once and only when something uses it; boto3 is not imported before."""

import json
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient


_PATIENT: dict[str, Any] = {
    "retries": {"mode": "standard", "max_attempts": 4},
    "connect_timeout": 2,
    "parameter_validation": False,
}
# A shopper waits for the redirect: better the queue after one short try than a slow table.
_BRISK: dict[str, Any] = {
    "retries": {"total_max_attempts": 1},
    "connect_timeout": 0.15,
    "read_timeout": 0.15,
}

_OK = 200
_ITEMS = ("Item", "Items", "Responses")
"""Where answers have items."""

# boto3's session is not made for threads, and streams are worked off by several.
_making = Lock()


def warm() -> None:
    """Import boto3 now: while Lambda starts it is at full speed, at the first call it is not. For
    handlers that somebody waits for."""
    import boto3  # noqa: F401


@cache
def dynamodb() -> "DynamoDBClient":
    client: DynamoDBClient = _make("dynamodb", _PATIENT)
    client.meta.events.register("before-parse.dynamodb", _keep_items)
    return client


@cache
def brisk_dynamodb() -> "DynamoDBClient":
    """For the click's write alone: one attempt within 150 ms."""
    client: DynamoDBClient = _make("dynamodb", _BRISK)
    return client


@cache
def kms() -> "KMSClient":
    client: KMSClient = _make("kms", _PATIENT)
    return client


@cache
def sqs() -> "SQSClient":
    client: SQSClient = _make("sqs", _PATIENT)
    return client


@cache
def s3() -> "S3Client":
    client: S3Client = _make("s3", _PATIENT)
    return client


@cache
def sesv2() -> "SESV2Client":
    client: SESV2Client = _make("sesv2", _PATIENT)
    return client


def _keep_items(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    """Hand items on as JSON has them, which items.decode reads: botocore would walk every attribute
    by its model, which takes longer than all else about a query. Without this nothing is lost.
    """
    if response_dict["status_code"] != _OK:
        return
    body = json.loads(response_dict["body"])
    kept = {name: body.pop(name) for name in _ITEMS if name in body}
    customized_response_dict.update(kept)
    response_dict["body"] = json.dumps(body).encode()


def _make(service: Any, config: dict[str, Any]) -> Any:
    with _making:
        import boto3
        from botocore.config import Config

        return boto3.client(service, config=Config(**config))
