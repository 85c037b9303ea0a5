"""What functions ask of AWS, counted, and a function that dies at one of its writes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3

from local.cloud import Cloud
from local.runtime.memories import forget_clients

WRITES = {"PutItem", "UpdateItem", "BatchWriteItem", "PutObject", "SendMessageBatch", "SendEmail"}


class Death(Exception):
    """The function dies, and does nothing more."""


@dataclass
class Calls:
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Function and operation → how often."""
    dying: str = ""
    """The function whose next run dies; empty once it has."""
    _left: int = 0
    _after: bool = False
    _running: str = ""
    _is_dead: bool = False

    def watch(self, cloud: Cloud) -> None:
        """From now on, of this cloud's functions."""
        invoke = cloud.runtime.invoke

        def watched(folder: str, event: Any) -> Any:
            self._running = folder
            try:
                answer = invoke(folder, event)
                if self._is_dead:
                    raise Death
            finally:
                self._running, self._is_dead = "", False
            return answer

        cloud.runtime.invoke = watched  # type: ignore[method-assign]

    def of(self, folder: str) -> Counter[str]:
        """Operations of one function → how often."""
        return Counter({name: n for (who, name), n in self.made.items() if who == folder})

    def die(self, folder: str, write: int, *, after: bool) -> None:
        """The function dies before or after it has done this write, counted from 0."""
        self.dying, self._left, self._after = folder, write, after

    def before(self, model: Any, **_: Any) -> None:
        if self._running:
            self.made[self._running, model.name] += 1
        if self._is_last(model) and not self._after:
            self._end()
        if self._is_dead:
            raise Death

    def done(self, model: Any, **_: Any) -> None:
        if self._is_last(model):
            self._end()
        self._left -= self._is_write(model)

    def _is_write(self, model: Any) -> bool:
        return bool(self.dying) and self._running == self.dying and model.name in WRITES

    def _is_last(self, model: Any) -> bool:
        return self._is_write(model) and self._left == 0

    def _end(self) -> None:
        self.dying, self._is_dead = "", True


@contextmanager
def noted() -> Iterator[Calls]:
    """Of clients that are made within it."""
    calls = Calls()
    boto3.setup_default_session()
    events = boto3.DEFAULT_SESSION.events
    events.register("before-call.*.*", calls.before, "calls-before")
    events.register("after-call.*.*", calls.done, "calls-after")
    forget_clients()
    yield calls
    events.unregister("before-call.*.*", unique_id="calls-before")
    events.unregister("after-call.*.*", unique_id="calls-after")
    forget_clients()
