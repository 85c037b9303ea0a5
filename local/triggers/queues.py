"""A queue's event source mapping: delivers messages, deletes what was done, leaves the rest."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from local.clock import Clock
from local.emulator.clients import client
from local.runtime.handlers import Runtime
from local.template import names
from local.template.declarations import Queue as QueueDeclaration
from local.template.declarations import QueueTrigger
from local.triggers.failures import Failure, Failures, ItemsFailed, describe, failed_items

_MOST = 10  # messages that SQS gives at once
_TIMES = ("SentTimestamp", "ApproximateFirstReceiveTimestamp")


class Queue:
    """One mapping. A failed message stays invisible for the queue's time, or until drain()."""

    def __init__(
        self,
        trigger: QueueTrigger,
        queue: QueueDeclaration,
        runtime: Runtime,
        clock: Clock,
        failures: Failures,
    ) -> None:
        if queue.receives is None:
            raise ValueError(f"{queue.name} has no dead letters: a failing message never ends")
        self.trigger = trigger
        self._queue = queue
        self._receives = queue.receives
        self._runtime = runtime
        self._clock = clock
        self._failures = failures
        self._sqs = client("sqs")
        self._lock = Lock()
        self._receipts: list[str] = []  # receipts of failed messages

    @property
    def name(self) -> str:
        return self._queue.name

    def step(self, *, urgent: bool = False) -> bool:
        """Whether there was a message. Urgent: what failed before is tried again at once."""
        with self._lock:
            if urgent:
                self._release()
            messages = self._receive()
            if messages:
                self._deliver(messages, urgent)
            return bool(messages)

    def _release(self) -> None:
        receipts, self._receipts = self._receipts, []
        for receipt in receipts:
            self._sqs.change_message_visibility(
                QueueUrl=self._queue.url, ReceiptHandle=receipt, VisibilityTimeout=0
            )

    def _receive(self) -> list[Mapping[str, Any]]:
        messages: list[Mapping[str, Any]] = []
        while (wanted := self.trigger.batch_size - len(messages)) > 0:
            answer: Any = self._sqs.receive_message(
                QueueUrl=self._queue.url,
                MaxNumberOfMessages=min(wanted, _MOST),
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            if not answer.get("Messages"):
                break
            messages += answer["Messages"]
        return messages

    def _deliver(self, messages: Sequence[Mapping[str, Any]], urgent: bool) -> None:
        failed, error = self._invoke(messages)
        for message in messages:
            if message["MessageId"] not in failed:
                self._sqs.delete_message(
                    QueueUrl=self._queue.url, ReceiptHandle=message["ReceiptHandle"]
                )
            else:
                self._receipts.append(message["ReceiptHandle"])
                self._note(message, error)
        # What was received for the last time moves to the dead letters when it is next asked for.
        if urgent or any(_count(each) >= self._receives for each in messages):
            self._release()

    def _invoke(self, messages: Sequence[Mapping[str, Any]]) -> tuple[set[str], Exception]:
        everything = [message["MessageId"] for message in messages]
        event = {"Records": [self._shape(message) for message in messages]}
        try:
            answer = self._runtime.invoke(self.trigger.folder, event)
        except Exception as error:
            # Whatever a function raises, its messages come again.
            return set(everything), error
        failed = failed_items(answer, everything) if self.trigger.partial else set()
        return failed, ItemsFailed(f"answered {answer}")

    def _note(self, message: Mapping[str, Any], error: Exception) -> None:
        if _count(message) < self._receives:
            return
        self._failures.note(
            Failure(
                function=self.trigger.folder,
                trigger="queue",
                item=message["Body"],
                error=describe(error),
                destination=self._queue.dead_letters,
            )
        )

    def _shape(self, message: Mapping[str, Any]) -> dict[str, Any]:
        attributes = dict(message["Attributes"])
        for name in _TIMES:
            virtual = self._clock.virtual(int(attributes[name]) / 1000)
            attributes[name] = str(int(virtual.timestamp() * 1000))
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": attributes,
            "messageAttributes": {
                name: {key[0].lower() + key[1:]: value for key, value in attribute.items()}
                for name, attribute in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": names.arn("sqs", self._queue.name),
            "awsRegion": names.REGION,
        }


def _count(message: Mapping[str, Any]) -> int:
    return int(message["Attributes"]["ApproximateReceiveCount"])
