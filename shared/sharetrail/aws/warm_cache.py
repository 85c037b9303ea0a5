"""What a warm instance remembers: bounded in age and number, timed by the trigger's clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

V = TypeVar("V")


class Aged(Generic[V]):
    """Values kept for `age`, at most `size` of them; the oldest goes first."""

    def __init__(self, age: timedelta, size: int = 1_000) -> None:
        self._age, self._size = age, size
        self._kept: dict[str, tuple[datetime, V]] = {}

    def get(self, key: str, now: datetime, load: Callable[[], V]) -> V:
        """The kept value, or what `load` brings. What `load` raises is not kept."""
        kept = self._kept.get(key)
        if kept and abs(now - kept[0]) <= self._age:
            return kept[1]
        value = load()
        self._kept.pop(key, None)
        self._kept[key] = (now, value)
        if len(self._kept) > self._size:
            del self._kept[next(iter(self._kept))]
        return value

    def clear(self) -> None:
        self._kept.clear()
