"""The virtual clock: it ticks like the real one, and jumps forward when it is told to. Where it
began in the past it can catch up with the real one, which it then is until it is moved.
"""

import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock


class BackwardError(ValueError):
    """The clock only moves forward."""


class Clock:
    """`start` may lie in the past or the future; without it the clock begins with the real time."""

    def __init__(
        self, start: datetime | None = None, real: Callable[[], float] = time.time
    ) -> None:
        self._real = real
        self._lock = Lock()
        began = real()
        ahead = start.timestamp() - began if start else 0.0
        # Two columns: from which real second on, and by how many seconds the clock is ahead then.
        self._since = [began]
        self._ahead = [ahead]
        self._listeners: list[Callable[[datetime], None]] = []

    def now(self) -> datetime:
        return self.virtual(self._real())

    def set_forward(self, now: datetime) -> datetime:
        """Makes it `now`, from where the clock ticks on. BackwardError if that is past."""
        with self._lock:
            real = self._real()
            if now < self._at(real):
                raise BackwardError("the clock only moves forward")
            self._jump(real, now.timestamp() - real)
        self._tell(now)
        return now

    def catch_up(self) -> datetime:
        """Makes it the real one, to the second fraction, unless it is ahead; and what it shows."""
        with self._lock:
            real = self._real()
            if self._ahead[-1] < 0:
                self._jump(real, 0.0)
            now = self._at(real)
        self._tell(now)
        return now

    def _jump(self, real: float, ahead: float) -> None:
        self._since.append(real)
        self._ahead.append(ahead)

    def _tell(self, now: datetime) -> None:
        for tell in self._listeners:
            tell(now)

    def when_moved(self, tell: Callable[[datetime], None]) -> None:
        """Calls `tell` with what the clock shows after each jump, before who moved it goes on."""
        self._listeners.append(tell)

    def virtual(self, real: float) -> datetime:
        """What the clock showed at a real instant (Unix seconds), also before its later jumps."""
        with self._lock:
            return self._at(real)

    def _at(self, real: float) -> datetime:
        index = max(bisect_right(self._since, real) - 1, 0)
        # Whole microseconds: a float of seconds since 1970 has no room for more.
        return datetime.fromtimestamp(0, UTC) + timedelta(
            microseconds=round((real + self._ahead[index]) * 1_000_000)
        )


def iso(moment: datetime) -> str:
    """2026-11-23T13:00:00Z; parts of a second are dropped."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """An ISO-8601 time of this century that names its offset. ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the time names no offset, such as Z")
    if moment.year not in range(2000, 2100):
        raise ValueError("it is not of this century")
    return moment.astimezone(UTC)
