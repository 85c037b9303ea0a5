"""Doorbells set aside: a stream's record whose door could not be opened waits in a queue of its own
and is rung again from there, so that the stream goes on for all others.

Queue: `{"stream": "events" | "orders", "merchant": …, "record": …}`, of the record what names its
doors, and when it rang first. Rung twice, or late, a door comes to the same: behind it all is
recomputed from facts.
"""

import json
from collections.abc import Callable
from typing import Any, Literal

from sharetrail.aws import batches
from sharetrail.aws.batches import Record

Stream = Literal["events", "orders"]
_NAMED = ("Keys", "ApproximateCreationDateTime", "SequenceNumber")


class StillShut(Exception):
    """A door could not be opened this time either."""


def set_aside(stream: Stream) -> Callable[[Record], None]:
    """What sends a record of this stream there."""

    def send(record: Record) -> None:
        from sharetrail.aws.queues import DOORBELLS  # which few batches need

        told = {"dynamodb": {name: record["dynamodb"][name] for name in _NAMED}}
        merchant = batches.key_of(record)[0].partition("#")[0]
        DOORBELLS.send(json.dumps({"stream": stream, "merchant": merchant, "record": told}))

    return send


def read(message: Record) -> tuple[Stream, Record]:
    """Which stream's record it is; it rings when it first comes out of the queue: what is written
    behind its door is written then, however long after the fact that rang."""
    told = json.loads(message["body"])
    record: Record = told["record"]
    rung_at = batches.first_received(message).timestamp()
    record["dynamodb"]["ApproximateCreationDateTime"] = rung_at
    return told["stream"], record


def check(answer: dict[str, Any]) -> None:
    """StillShut where a door stayed so, by what batches.work_off answered."""
    if answer["batchItemFailures"]:
        raise StillShut
