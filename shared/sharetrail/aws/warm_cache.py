"""What a warm instance remembers: bounded in age and number, timed by the trigger's clock.

Where the store is away, a value that was read before answers in its place, for as long as whoever
keeps it allows. With such a value in hand the store is asked briskly and, once it failed, not again
for some seconds, whatever is looked for: one shopper waits for it, not everybody.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sharetrail.aws import clients

V = TypeVar("V")
_PAUSE = timedelta(seconds=5)
STANDS = timedelta(hours=6)
"""How old what an instance knows may be while the table is away: longer than DynamoDB's failures of
a region took. Nobody can change anything in that time; what was changed in the hours before, and
not read here since, is seen when the table is back."""


class Fuse:
    """Whether something failed a moment ago, and had better be left alone for a `pause`."""

    def __init__(self, pause: timedelta) -> None:
        self._pause = pause
        self._blown: datetime | None = None

    def blow(self, now: datetime) -> None:
        self._blown = now

    def is_blown(self, now: datetime) -> bool:
        return self._blown is not None and abs(now - self._blown) <= self._pause

    def clear(self) -> None:
        self._blown = None


class Aged(Generic[V]):
    """Values kept for `age`, at most `size` of them; the oldest goes first. What is missing (None)
    is kept for `absent`, in room of its own: made-up keys push nothing out.

    `stands` is how old a value may be that answers while the store is away: so a value is made of
    nothing else that may stand, or it would be older. What was missing may be there by now, and
    never does.
    """

    def __init__(
        self,
        age: timedelta,
        size: int = 1_000,
        *,
        stands: timedelta = timedelta(),
        absent: timedelta | None = None,
    ) -> None:
        self._age, self._size, self._stands = age, size, stands
        self._absent = age if absent is None else absent
        self._kept: dict[str, tuple[datetime, V]] = {}
        self._missing: dict[str, tuple[datetime, None]] = {}
        self._store = Fuse(_PAUSE)

    def get(self, key: str, now: datetime, load: Callable[[bool], V | None]) -> V | None:
        """The kept value, or what `load` brings, which is told whether to be brisk about it. What
        `load` raises is raised and not kept, but for the store's failure where a value stands.
        """
        if kept := self._kept.get(key):
            age = abs(now - kept[0])
            if age <= self._age:
                return kept[1]
            if age <= self._stands:
                return self._renewed(key, now, load, kept[1])
        elif (missing := self._missing.get(key)) and abs(now - missing[0]) <= self._absent:
            return None
        return self._loaded(key, now, load(False))

    def clear(self) -> None:
        self._kept.clear()
        self._missing.clear()
        self._store.clear()

    def _renewed(
        self, key: str, now: datetime, load: Callable[[bool], V | None], kept: V
    ) -> V | None:
        if self._store.is_blown(now):
            return kept
        try:
            return self._loaded(key, now, load(True))
        except clients.failures() as failure:
            if clients.is_away(failure):
                self._store.blow(now)
            return kept

    def _loaded(self, key: str, now: datetime, value: V | None) -> V | None:
        self._kept.pop(key, None)
        self._missing.pop(key, None)
        if value is None:
            _put(self._missing, key, (now, None), self._size)
        else:
            _put(self._kept, key, (now, value), self._size)
        return value


class Once:
    """What an instance does once an `age` for each of at most `size` keys. What raised was not
    done."""

    def __init__(self, age: timedelta, size: int = 1_000) -> None:
        self._done: Aged[bool] = Aged(age, size)

    def do(self, key: str, now: datetime, act: Callable[[], None]) -> None:
        def done(_brisk: bool) -> bool:
            act()
            return True

        self._done.get(key, now, done)

    def clear(self) -> None:
        self._done.clear()


E = TypeVar("E")


def _put(entries: dict[str, E], key: str, entry: E, size: int) -> None:
    entries[key] = entry
    if len(entries) > size:
        del entries[next(iter(entries))]
