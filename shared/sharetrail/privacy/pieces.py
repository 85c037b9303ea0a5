"""What is read through, overwritten or deleted by the million: some at a time, for as long as a run
has time. Whoever comes next goes on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, takewhile
from math import inf
from time import monotonic
from typing import TypeVar

from sharetrail import logs

T = TypeVar("T")
A_PIECE = timedelta(minutes=8).total_seconds()
"""Of the fifteen that a run may take: what follows, or a table that is looked through, is not left
halfway."""
_AT_ONCE = 8
_TOGETHER = 200


class MoreToDo(Exception):
    """The time is over: the rest is for whoever comes next."""

    def __init__(self, reached: str = "") -> None:
        super().__init__(reached)
        self.reached = reached
        """Behind which key the rest is; empty where what is done is not found again."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What one run does of it."""

    after: str = ""
    """The key that the piece before it reached."""
    ends: float = inf
    """By the machine's monotonic clock."""

    def is_over(self) -> bool:
        return monotonic() > self.ends


def begin(after: str = "") -> Piece:
    return Piece(after=after, ends=monotonic() + A_PIECE)


def groups(items: Iterable[T]) -> Iterator[list[T]]:
    """Some at a time."""
    waiting = iter(items)
    while some := list(islice(waiting, _TOGETHER)):
        yield some


def in_time(items: Iterable[T], is_over: Callable[[], bool]) -> Iterator[T]:
    """One after another, until it is over."""
    return takewhile(lambda _: not is_over(), items)


def total(act: Callable[[T], int], items: Iterable[T], is_over: Callable[[], bool]) -> int:
    """The sum of what `act` answers of one after another, a few at once, until it is over."""
    number = 0
    with logs.threads(_AT_ONCE) as pool:  # mostly waiting for answers
        for some in in_time(groups(items), is_over):
            number += sum(pool.map(act, dict.fromkeys(some)))
    return number
