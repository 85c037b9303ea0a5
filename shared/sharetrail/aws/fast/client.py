"""The fast path: DynamoDB and SQS on the standard library, for the redirect alone.

botocore costs some 850 µs of CPU a request and most of a cold start. This does three operations,
each within a deadline over all its attempts; what passes by itself is tried again until then.
An attempt whose answer was lost may have been carried out: put under a condition, send what may
arrive twice. The real clock is read here, for deadlines and because a signature is valid by it
alone; no rule sees it. Threads share the idle connections; each is one thread's while it is used.
"""

import json
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from itertools import count
from random import random
from time import monotonic, sleep
from typing import Any
from zlib import crc32

from sharetrail.aws import environment
from sharetrail.aws.fast import signing
from sharetrail.aws.fast.connection import Connection, Lost, Reply

Attributes = dict[str, Any]

PATIENT = 3.0  # seconds
BRISK = 0.15
_ATTEMPT = 1.0
_FIRST_PAUSE = 0.025
_DOUBLINGS = 3  # of the pause: up to 0.2 seconds
_TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS"}
_LOST, _UNREADABLE = "Lost", "Unreadable"
_PASSING = {
    *("LimitExceededException", "ProvisionedThroughputExceededException", "ThrottlingException"),
    *("RequestLimitExceeded", "RequestThrottled", "TransactionInProgressException"),
    *(_LOST, _UNREADABLE),
}


class Failed(Exception):
    """AWS refused, or never answered: then the code is Lost and the status 0."""

    def __init__(self, code: str, status: int, message: str = "") -> None:
        super().__init__(f"{code} ({status}): {message}")
        self.code, self.status = code, status

    @property
    def passes(self) -> bool:
        """Whether the same request may well succeed in a moment."""
        return self.status >= 500 or self.status == 429 or self.code in _PASSING


class ConditionFailed(Failed):
    """The put's condition did not hold, and nothing was written."""


# ── the three operations ─────────────────────────────────────────────────────────────────────────
def get_item(
    table: str, key: Attributes, within: float = PATIENT, **more: Any
) -> Attributes | None:
    """An item's attributes, read consistently; None where there is none. `more` of the request is
    in DynamoDB's own words.
    """
    asked = {"TableName": table, "Key": key, "ConsistentRead": True, **more}
    item: Attributes | None = _ask("dynamodb", "GetItem", asked, within).get("Item")
    return item


def put_item(table: str, item: Attributes, condition: str, within: float = PATIENT) -> None:
    """ConditionFailed where `condition` does not hold, or a lost attempt had put it before."""
    asked = {"TableName": table, "Item": item, "ConditionExpression": condition}
    _ask("dynamodb", "PutItem", asked, within)


def send_message(queue_url: str, body: str, within: float = PATIENT) -> None:
    _ask("sqs", "SendMessage", {"QueueUrl": queue_url, "MessageBody": body}, within)


# ── attempts ─────────────────────────────────────────────────────────────────────────────────────
def _ask(service: str, operation: str, payload: dict[str, Any], within: float) -> dict[str, Any]:
    until = monotonic() + within
    target = f"{_TARGETS[service]}.{operation}"
    body = _encode(payload).encode()
    told: Failed | None = None  # a refusal says more than that time ran out waiting for another
    for attempt in count():
        try:
            return _read(_attempt(service, target, body, min(until, monotonic() + _ATTEMPT)))
        except Failed as failure:
            told = failure if failure.status or told is None else told
            longest = _FIRST_PAUSE * 2 ** min(attempt, _DOUBLINGS)
            pause = random() * longest  # noqa: S311 jitter, no secret
            if not failure.passes or monotonic() + pause >= until:
                raise told from None
            sleep(pause)
    raise AssertionError("unreachable")


def _attempt(service: str, target: str, body: bytes, until: float) -> Reply:
    region, url = _whereabouts(service)
    try:
        now, credentials = datetime.now(UTC), signing.credentials()
        connection = _borrowed(url)
        headers = signing.signed(now, credentials, region, service, target, body, connection.host)
        answer = connection.ask(headers, body, until)
    except (Lost, signing.NoCredentials) as error:
        raise Failed(_LOST, 0, str(error)) from error
    _idle[url].append(connection)
    return answer


@cache
def _whereabouts(service: str) -> tuple[str, str]:
    """The region and the endpoint, by boto3's own variables, which a process does not change."""
    region = environment.aws("REGION") or environment.aws("DEFAULT_REGION") or ""
    own = environment.aws(f"ENDPOINT_URL_{service.upper()}") or environment.aws("ENDPOINT_URL")
    return region, own or f"https://{service}.{region}.amazonaws.com"


_idle: dict[str, list[Connection]] = {}


def _borrowed(url: str) -> Connection:
    """The connection that was used last, or a new one; lists pop and append in one step each."""
    try:
        return _idle.setdefault(url, []).pop()
    except IndexError:
        return Connection(url)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────
def _read(answer: Reply) -> dict[str, Any]:
    """What AWS told. Failed, by its code, where that is a refusal."""
    checksum = answer.headers.get("x-amz-crc32")
    if checksum and checksum != str(crc32(answer.body)):
        raise Failed(_UNREADABLE, answer.status, "the checksum does not fit")
    told = _parsed(answer)
    if answer.status == 200:
        return told
    code = str(told.get("__type", "")).rpartition("#")[2]
    kind = ConditionFailed if code == "ConditionalCheckFailedException" else Failed
    raise kind(code, answer.status, str(told.get("message") or told.get("Message", "")))


def _parsed(answer: Reply) -> dict[str, Any]:
    if answer.body == b"{}":  # as every put is answered
        return {}
    try:
        told = _decode(answer.body.decode())
    except (ValueError, RecursionError) as error:
        raise Failed(_UNREADABLE, answer.status, "not JSON") from error
    if not isinstance(told, dict):
        raise Failed(_UNREADABLE, answer.status, "not an object")
    return told


def _base64(value: Any) -> str:
    """JSON has no bytes: DynamoDB's B goes as Base64, and items.decode reads it so."""
    if not isinstance(value, bytes):
        raise TypeError(f"JSON has no {type(value).__name__}")
    return b64encode(value).decode()


# json.dumps and json.loads would make these anew for every call. Looking out for circles, which
# items.encode makes none of, would take as long as the encoding.
_compact = (",", ":")
_encode = json.JSONEncoder(default=_base64, check_circular=False, separators=_compact).encode
_decode = json.JSONDecoder().decode
