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

    def send_all(self, messages: Iterable[tuple[str, str]]) -> int:
        """Each with whose it is: SQS lets whoever has many wait, and nobody else. Any ten of them
        have at most a quarter of a mebibyte. How many those were; NotQueued, once all others are
        sent, where some were refused."""
        number, refused = 0, list[str]()
        for batch in _batches(messages):
            number += len(batch)
            refused += self._send_batch(batch)
        if refused:
            raise NotQueued(f"{len(refused)} messages to {self.noun}, the first {refused[0]}")
        return number

    def _send_batch(self, batch: list[tuple[str, str]]) -> list[str]:
        """Whose were refused, and why: some of them, or all in one answer."""
        from botocore.exceptions import ClientError  # of which the redirect loads nothing

        entries: Any = [
            {"Id": f"{place}", "MessageBody": body, "MessageGroupId": whose}
            for place, (whose, body) in enumerate(batch)
        ]
        url = environment.queue(self.noun)
        try:
            answer = clients.sqs().send_message_batch(QueueUrl=url, Entries=entries)
        except ClientError as refusal:
            return [f"of {whose}: {refusal}" for whose, _ in batch]
        failed = answer.get("Failed", [])
        return [f"of {batch[int(each['Id'])][0]}: {each['Code']}" for each in failed]


def _batches(messages: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    waiting = iter(messages)
    return iter(lambda: list(islice(waiting, _AT_ONCE)), [])


CLICKS = Queue("clicks", on_redirect=True)
ORDERS = Queue("orders")
CHORES = Queue("chores")
"""What is to be done for a merchant every hour, in seconds."""
ANALYSES = Queue("analyses")
"""What looks at whole weeks."""
MAILS = Queue("mails")
QUESTIONS = Queue("questions")
"""What a merchant asks that takes longer than a call."""
CONNECTIONS = Queue("connections")
"""What calls the shops' own systems."""
DOORBELLS = Queue("doorbells")
ERASURES = Queue("erasures")
"""What is asked for persons: that they be erased, or told what is kept of them."""
