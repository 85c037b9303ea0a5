"""AWS clients, each made once and only when something uses it; boto3 is not imported before."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from sharetrail.aws import environment

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
    "user_agent": "sharetrail",
}
# A shopper waits for the redirect: better the queue after one short try than a slow table.
_BRISK: dict[str, Any] = {
    "retries": {"total_max_attempts": 1},
    "connect_timeout": 0.15,
    "read_timeout": 0.15,
}
# A sender waits for its webhook's answer: a table that hangs must leave time to keep it elsewhere.
_PROMPT: dict[str, Any] = {
    "retries": {"mode": "standard", "total_max_attempts": 2},
    "connect_timeout": 1,
    "read_timeout": 2,
}
_is_waited_for: ContextVar[bool] = ContextVar("is_waited_for", default=False)

_OK = 200
_BROKEN = 500
_ITEMS = ("Item", "Items", "Responses")
"""Where answers have items."""
# boto3's session is not made for threads, and streams are worked off by several.
_making = Lock()


def warm() -> None:
    """Import boto3 now: while Lambda starts it is at full speed, at the first call it is not. For
    handlers that somebody waits for."""
    import boto3  # noqa: F401


@contextmanager
def prompt() -> Iterator[None]:
    """Within it DynamoDB, SQS and S3 each give up after seven seconds at the most, two calls of
    three and a pause; outside of it they may take minutes. The redirect's own client never does."""
    before = _is_waited_for.set(True)
    try:
        yield
    finally:
        _is_waited_for.reset(before)


def _make(service: Any, config: dict[str, Any] = _PATIENT) -> Any:
    with _making:
        import boto3
        from botocore.config import Config

        return boto3.client(service, config=Config(**config))


def dynamodb() -> "DynamoDBClient":
    client: DynamoDBClient = _of("dynamodb", _is_waited_for.get())
    return client


def sqs() -> "SQSClient":
    client: SQSClient = _of("sqs", _is_waited_for.get())
    return client


def s3() -> "S3Client":
    client: S3Client = _of("s3", _is_waited_for.get())
    return client


@cache
def _of(service: str, is_waited_for: bool) -> Any:
    client = _make(service, _PROMPT if is_waited_for else _PATIENT)
    if service == "dynamodb":
        client.meta.events.register("before-parse.dynamodb", _keep_items)
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


brisk_dynamodb: "Callable[[], DynamoDBClient]" = cache(partial(_make, "dynamodb", _BRISK))
"""Where a shopper waits, and can be led on without: one attempt within 150 ms."""
kms: "Callable[[], KMSClient]" = cache(partial(_make, "kms"))
sesv2: "Callable[[], SESV2Client]" = cache(partial(_make, "sesv2"))


def failures() -> tuple[type[Exception], ...]:
    """How a store fails that is away, refuses or does not answer, by the client in use. To be asked
    once something was raised: neither client is loaded for it before.
    """
    if client := fast(on_redirect=True):
        return (client.Failed,)
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError


def is_away(failure: Exception) -> bool:
    """Whether the store could not be reached, or failed, rather than refused one request: what one
    partition's throttling says, it says of nothing else.
    """
    if fast(on_redirect=True):
        status = getattr(failure, "status", _OK)  # what is no answer has none, or 0
        return status == 0 or status >= _BROKEN
    from botocore import exceptions as botocore

    if isinstance(failure, botocore.ClientError):
        return failure.response["ResponseMetadata"]["HTTPStatusCode"] >= _BROKEN
    return isinstance(failure, (botocore.ConnectionError, botocore.HTTPClientError))


def fast(on_redirect: bool) -> Any:
    """Our own client, for what is `on_redirect`, where FAST_PATH says so; else None."""
    if not (on_redirect and environment.fast_path()):
        return None
    from sharetrail.aws.fast import client  # which only the redirect and the script load

    return client
