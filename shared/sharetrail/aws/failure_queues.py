"""Queues of what failed for good: how much each holds."""

from typing import Any

from sharetrail.aws import clients, environment

_NUMBERS: Any = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


def waiting() -> dict[str, int]:
    """By the queue's name in the template. Who looks at a message hides it for a moment: it is
    counted all the same."""
    return {name: _messages(url) for name, url in environment.failure_queues().items()}


def _messages(url: str) -> int:
    told = clients.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=_NUMBERS)["Attributes"]
    return sum(int(told[each]) for each in _NUMBERS)
