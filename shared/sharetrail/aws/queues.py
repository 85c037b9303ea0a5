"""The SQS queues, one noun each. A message may arrive twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sharetrail.aws import clients, environment

_AT_ONCE = 10


class NotQueued(Exception):
    """Some messages of many did not get on their queue."""


@dataclass(frozen=True)
class Queue:
    noun: str
    on_redirect: bool = False
    """Whether the redirect sends to it: then by its own client, where FAST_PATH says so."""

    def send(self, body: str) -> None:
        url = environment.queue(self.noun)
        if fast := clients.fast(self.on_redirect):
            fast.send_message(url, body)
        else:
            clients.sqs().send_message(QueueUrl=url, MessageBody=body)

    def send_all(self, messages: Iterable[tuple[str, str]]) -> None:
        """Each with whose it is: SQS lets whoever has many wait, and nobody else. NotQueued, at the
        end, where some were refused."""
        refused = [each for batch in _batches(messages) for each in self._send_batch(batch)]
        if refused:
            raise NotQueued(f"{len(refused)} messages to {self.noun}, of {refused[0]} first")

    def _send_batch(self, batch: list[tuple[str, str]]) -> list[str]:
        entries: Any = [
            {"Id": f"{place}", "MessageBody": body, "MessageGroupId": whose}
            for place, (whose, body) in enumerate(batch)
        ]
        url = environment.queue(self.noun)
        answer = clients.sqs().send_message_batch(QueueUrl=url, Entries=entries)
        return [batch[int(each["Id"])][0] for each in answer.get("Failed", [])]


def _batches(messages: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    waiting = iter(messages)
    return iter(lambda: list(islice(waiting, _AT_ONCE)), [])


CLICKS = Queue("clicks", on_redirect=True)
ORDERS = Queue("orders")
CHORES = Queue("chores")
"""What is to be done for a merchant every hour, in seconds."""
ANALYSES = Queue("analyses")
"""What looks at whole weeks."""
REPORTS = Queue("reports")
DOORBELLS = Queue("doorbells")
