"""A function that dies right after one of its writes, again and again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Lock
from typing import Any

import pytest
from botocore.client import BaseClient

_OF_ROWS = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_OF_OBJECTS = ("PutObject", "DeleteObject", "DeleteObjects")
WRITES = frozenset([*_OF_ROWS, *_OF_OBJECTS, "SendMessage", "SendMessageBatch"])


class Killed(Exception):
    """Nothing that it does is done any more."""


@contextmanager
def killed_after(writes: int) -> Iterator[None]:
    """Within it the so-manieth write is done, and nothing after it."""
    left, lock, real = [writes], Lock(), BaseClient._make_api_call

    def call(client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:
        if left[0] == 0:
            raise Killed
        answer = real(client, operation, asked)
        with lock:
            left[0] -= operation in WRITES and left[0] > 0
            if left[0] == 0:
                raise Killed
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", call)
        yield


def done_over_and_over(work: Callable[[], Any]) -> int:
    """Run it until it comes to its end, each run with one more write: how many were killed."""
    for writes in count(1):
        with killed_after(writes):
            try:
                work()
            except Exception:  # what dies says whatever its place makes of it
                continue
        return writes - 1
    raise AssertionError("unreachable")
