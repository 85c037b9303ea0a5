"""What the state machines share: a function that dies at a write, stream records, how thorough."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from sharetrail.aws.tables import Table

Record = dict[str, Any]

thorough = settings(
    max_examples=60,
    stateful_step_count=20,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
quick = settings(thorough, phases=[Phase.generate], print_blob=False)
"""One counterexample will do: it need not be the smallest."""


class Crash(Exception):
    """The function dies: before or after the table has the write."""


@contextmanager
def crashing(table: Table, write: int | None, after: bool) -> Iterator[None]:
    """The n-th conditional write to the table is the process's last."""
    real, calls = Table.put_if, itertools.count()

    def put_if(written: Table, *args: Any, **named: Any) -> bool:
        dies = written == table and next(calls) == write
        if dies and not after:
            raise Crash
        kept = real(written, *args, **named)
        if dies:
            raise Crash
        return kept

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Table, "put_if", put_if)
        yield


def a_record(key: dict[str, str], number: int, at: datetime) -> Record:
    """A stream's record of a new item, written at `at`."""
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": {name: {"S": value} for name, value in key.items()},
            "SequenceNumber": f"{number:021}",
            "ApproximateCreationDateTime": at.timestamp(),
        },
    }


def first_failed(answer: dict[str, Any], records: list[Record]) -> Record | None:
    """Where a partial batch response makes the stream come again."""
    failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    return next((each for each in records if each["dynamodb"]["SequenceNumber"] in failed), None)
