"""SQS, S3, KMS and SES in memory, as far as the product and `make redrive` speak to them."""

import hashlib
import io
import itertools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from local.template import names
from local.template.declarations import Queue
from tests.schedules.dynamodb import error


# ── SQS ──────────────────────────────────────────────────────────────────────────────────────────
@dataclass(kw_only=True)
class Message:
    id: str
    body: str
    sent: datetime
    whose: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    came_from: str | None = None
    """The queue that gave it up."""
    first_received: datetime | None = None
    receives: int = 0

    def told(self) -> dict[str, Any]:
        """As ReceiveMessage has it."""
        named = {"MessageGroupId": self.whose, "DeadLetterQueueSourceArn": self.came_from}
        return {
            "MessageId": self.id,
            "ReceiptHandle": self.id,
            "Body": self.body,
            "Attributes": {name: value for name, value in named.items() if value},
            "MessageAttributes": self.attributes,
        }


class Queues:
    def __init__(self, queues: Mapping[str, Queue], now: "SimpleNamespace") -> None:
        self._declared = {queue.url: queue for queue in queues.values()}
        self.urls = {queue.name: queue.url for queue in queues.values()}
        self.messages: dict[str, list[Message]] = {url: [] for url in self._declared}
        self._hidden: dict[str, set[str]] = defaultdict(set)
        self._numbers = itertools.count(1)
        self._now = now

    def send_message(self, **request: Any) -> Any:
        return {"MessageId": self._put(request["QueueUrl"], request)}

    def send_message_batch(self, **request: Any) -> Any:
        for each in request["Entries"]:
            self._put(request["QueueUrl"], each)
        return {"Successful": [{"Id": each["Id"]} for each in request["Entries"]]}

    def _put(self, url: str, said: Mapping[str, Any]) -> str:
        message = Message(
            id=f"message-{next(self._numbers)}",
            body=said["MessageBody"],
            sent=self._now.at,
            whose=said.get("MessageGroupId"),
            attributes=said.get("MessageAttributes", {}),
        )
        self.messages[url].append(message)
        return message.id

    def give_up(self, url: str, message: Message) -> None:
        """It was received as often as it may be."""
        queue = self._declared[url]
        message.came_from = names.arn("sqs", queue.name)
        self.messages[self.urls[queue.dead_letters or ""]].append(message)

    # ── whoever redrives ─────────────────────────────────────────────────────────────────────────
    def receive_message(self, **request: Any) -> Any:
        url = request["QueueUrl"]
        seen = [each for each in self.messages[url] if each.id not in self._hidden[url]]
        some = seen[: request["MaxNumberOfMessages"]]
        self._hidden[url] |= {each.id for each in some}
        return {"Messages": [each.told() for each in some]}

    def delete_message(self, **request: Any) -> Any:
        url, number = request["QueueUrl"], request["ReceiptHandle"]
        self.messages[url] = [each for each in self.messages[url] if each.id != number]

    def change_message_visibility(self, **request: Any) -> Any:
        self._hidden[request["QueueUrl"]].discard(request["ReceiptHandle"])

    def get_queue_attributes(self, **request: Any) -> Any:
        queue = self._declared[request["QueueUrl"]]
        return {"Attributes": {"QueueArn": names.arn("sqs", queue.name), **queue.attributes}}


# ── S3 ───────────────────────────────────────────────────────────────────────────────────────────
class NoSuchKey(ClientError):
    pass


class Buckets:
    exceptions = SimpleNamespace(NoSuchKey=NoSuchKey)

    def __init__(self, buckets: Any, now: "SimpleNamespace") -> None:
        self.objects: dict[str, dict[str, tuple[bytes, datetime]]] = {each: {} for each in buckets}
        self._now = now

    def put_object(self, **request: Any) -> Any:
        objects, key = self.objects[request["Bucket"]], request["Key"]
        if request.get("IfNoneMatch") and key in objects:
            raise error("PreconditionFailed", "PutObject", status=412)
        if (tag := request.get("IfMatch")) and tag != _tag(objects[key][0]):
            raise error("PreconditionFailed", "PutObject", status=412)
        objects[key] = request["Body"], self._now.at
        return {}

    def get_object(self, **request: Any) -> Any:
        found = self.objects[request["Bucket"]].get(request["Key"])
        if found is None:
            raise NoSuchKey({"Error": {"Code": "NoSuchKey", "Message": ""}}, "GetObject")
        body, tag = found[0], _tag(found[0])
        if asked := request.get("Range"):
            body = body[: int(asked.partition("-")[2]) + 1]
        return {"Body": io.BytesIO(body), "ETag": tag}

    def delete_object(self, **request: Any) -> Any:
        self.objects[request["Bucket"]].pop(request["Key"], None)
        return {}

    def list_objects_v2(self, **request: Any) -> Any:
        objects, prefix = self.objects[request["Bucket"]], request.get("Prefix", "")
        found = sorted(key for key in objects if key.startswith(prefix))
        return {"Contents": [{"Key": key, "LastModified": objects[key][1]} for key in found]}

    def get_paginator(self, name: str) -> Any:
        assert name == "list_objects_v2"

        def paginate(**request: Any) -> Iterator[Any]:
            yield self.list_objects_v2(**request)

        return SimpleNamespace(paginate=paginate)


# ── KMS ──────────────────────────────────────────────────────────────────────────────────────────
class Keys:
    """A ciphertext here is the words that it was sealed for, and the text."""

    def encrypt(self, **request: Any) -> Any:
        return {"CiphertextBlob": self._seal(request) + request["Plaintext"]}

    def decrypt(self, **request: Any) -> Any:
        seal, sealed = self._seal(request), request["CiphertextBlob"]
        if not sealed.startswith(seal):
            raise error("InvalidCiphertextException", "Decrypt")
        return {"Plaintext": sealed[len(seal) :]}

    def _seal(self, request: Mapping[str, Any]) -> bytes:
        return json.dumps(request["EncryptionContext"], sort_keys=True).encode() + b"\n"


# ── SES ──────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Sent:
    to: str
    raw: bytes
    id: str


class Mails:
    def __init__(self) -> None:
        self.sent: list[Sent] = []

    def send_email(self, **request: Any) -> Any:
        (to,) = request["Destination"]["ToAddresses"]
        number = f"mail-{len(self.sent) + 1}"
        self.sent.append(Sent(to=to, raw=request["Content"]["Raw"]["Data"], id=number))
        return {"MessageId": number}


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
