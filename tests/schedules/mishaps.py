"""What goes wrong at a call to AWS: it is refused, it times out, its answer is lost and botocore
asks again or gives up, or the function dies before or right after it.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal, get_args

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.schedules.dynamodb import error

Kind = Literal["refused", "silent", "lost", "again", "late", "dead before", "dead after"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""- refused: throttled, at each of botocore's attempts;
- silent: not done, and no answer;
- lost: done, and no answer;
- again: done, its answer lost, and done again by botocore, who tells of the second time;
- late: a write of a slow racer, who computed it and is asleep: it comes when others have gone on;
- dead before, dead after: the instance dies or is at its end, before the call or once it is done.
"""
_REFUSALS = {
    "dynamodb": "ThrottlingException",
    "sqs": "ServiceUnavailable",
    "s3": "SlowDown",
    "kms": "ThrottlingException",
    "sesv2": "TooManyRequestsException",
}
_SPARED = "salts-table"
"""A click whose salt cannot be read is kept, and nobody's: then and in calm they are two facts."""
_RACED = ("put_item",)
"""What is computed before it is written. Who takes or gives something up, and sleeps, has it."""
_LATEST = 12
"""The last call of an invocation that something happens at, where the invocation has so many."""


class Died(BaseException):
    """No `except Exception` keeps an instance alive that died."""


class Mishaps:
    """What happens to an invocation, drawn for each: most are spared."""

    def __init__(self, dice: random.Random, rate: float) -> None:
        self._dice, self.rate = dice, rate
        self._planned: tuple[int, Kind] | None = None
        self._calls = 0
        self._asleep: list[Callable[[], Any]] = []
        self.happened: Counter[tuple[str, str, Kind]] = Counter()
        """By service, operation and kind."""

    @contextmanager
    def around(self, kinds: tuple[Kind, ...] = KINDS) -> Iterator[None]:
        """An invocation."""
        before = self._planned, self._calls
        self._calls, self._planned = 0, None
        if self.rate and self._dice.random() < self.rate:
            self._planned = self._dice.randint(1, _LATEST), self._dice.choice(kinds)
        try:
            yield
        finally:
            self._planned, self._calls = before

    def wake(self) -> None:
        """Who slept writes at last."""
        asleep, self._asleep = self._asleep, []
        for write in asleep:
            with suppress(ClientError):  # others have gone on
                write()

    def call(self, service: str, operation: str, do: Any, request: dict[str, Any]) -> Any:
        if request.get("TableName", "").endswith(_SPARED):
            return do(**request)
        self._calls += 1
        if self._planned is None or self._planned[0] != self._calls:
            return do(**request)
        kind = self._planned[1]
        self.happened[service, operation, kind] += 1
        if kind == "refused":
            raise error(_REFUSALS[service], operation)
        if kind == "silent":
            raise ReadTimeoutError(endpoint_url="https://nowhere")
        if kind == "late":
            if operation in _RACED:
                self._asleep.append(lambda: do(**request))
            raise Died
        if kind == "dead before":
            raise Died
        do(**request)
        if kind == "again":
            return do(**request)
        if kind == "lost":
            raise ReadTimeoutError(endpoint_url="https://nowhere")
        raise Died
