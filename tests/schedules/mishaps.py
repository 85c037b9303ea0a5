"""What goes wrong at a call to AWS: it is refused, it times out, its answer is lost and botocore
asks again or gives up, or the function dies before or right after it.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal, NamedTuple, get_args

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.schedules.dynamodb import error

Kind = Literal["refused", "away", "silent", "lost", "again", "late", "dead before", "dead after"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""- refused: throttled, at each of botocore's attempts;
- away: the same of DynamoDB and SQS, also at all calls that the invocation makes then;
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
_AWAY = ("dynamodb", "sqs")
_RACED = ("put_item",)
"""What is computed before it is written. Who takes or gives something up, and sleeps, has it."""
_LATEST, _LATEST_WRITE = 24, 10
"""The last call, and the last write, of an invocation that something happens at, where it has so
many."""
_READS = ("get_item", "batch_get_item", "query", "scan", "get_object", "list_objects_v2", "decrypt")


class Died(BaseException):
    """No `except Exception` keeps an instance alive that died."""


class _Plan(NamedTuple):
    place: int
    at_a_write: bool
    """Whether it is the n-th write, or the n-th call."""
    kind: Kind


_NEVER = _Plan(0, False, "silent")
_BEFORE: tuple[Kind, ...] = ("refused", "away", "silent", "late", "dead before")
_NOWHERE = "https://nowhere"


class Mishaps:
    """What happens to an invocation, drawn for each: most are spared."""

    def __init__(self, dice: random.Random, rate: float) -> None:
        self._dice, self.rate = dice, rate
        self._planned: _Plan | None = None
        self._calls = self._writes = 0
        self._is_away = False
        self._asleep: list[Callable[[], Any]] = []
        self.happened: Counter[tuple[str, str, Kind]] = Counter()
        """By service, operation and kind."""

    @contextmanager
    def around(self, kinds: tuple[Kind, ...] = KINDS) -> Iterator[None]:
        """An invocation."""
        before = self._planned, self._calls, self._writes, self._is_away
        self._planned, self._calls, self._writes, self._is_away = None, 0, 0, False
        if self.rate and self._dice.random() < self.rate:
            at_a_write = self._dice.random() < 0.6
            latest = _LATEST_WRITE if at_a_write else _LATEST
            place = 1 + int(latest * self._dice.random() ** 2)  # most invocations are short
            self._planned = _Plan(place, at_a_write, self._dice.choice(kinds))
        try:
            yield
        finally:
            self._planned, self._calls, self._writes, self._is_away = before

    def _is_planned(self, writes: bool) -> bool:
        """Whether it is this call's turn."""
        self._calls += 1
        self._writes += writes
        place, at_a_write, _ = self._planned or _NEVER
        return place == (self._writes if at_a_write else self._calls) and (writes or not at_a_write)

    def wake(self) -> None:
        """Who slept writes at last."""
        asleep, self._asleep = self._asleep, []
        for write in asleep:
            with suppress(ClientError):  # others have gone on
                write()

    def call(self, service: str, operation: str, do: Any, request: dict[str, Any]) -> Any:
        if request.get("TableName", "").endswith(_SPARED):
            return do(**request)
        if self._is_away and service in _AWAY:
            raise error(_REFUSALS[service], operation)
        if not self._is_planned(operation not in _READS) or self._planned is None:
            return do(**request)
        kind = self._planned.kind
        self._is_away = kind == "away"
        self.happened[service, operation, kind] += 1
        if kind in _BEFORE:
            self._fail_before(kind, service, operation, lambda: do(**request))
        do(**request)
        if kind == "again":
            return do(**request)
        if kind == "lost":
            raise ReadTimeoutError(endpoint_url=_NOWHERE)
        raise Died

    def _fail_before(self, kind: Kind, service: str, operation: str, do: Callable[[], Any]) -> None:
        if kind in ("refused", "away"):
            raise error(_REFUSALS[service], operation)
        if kind == "silent":
            raise ReadTimeoutError(endpoint_url=_NOWHERE)
        if kind == "late" and operation in _RACED:
            self._asleep.append(do)
        raise Died
