"""A queue and its workers, as Lambda runs them: who is taken when, and done when. Pure.

A worker takes one task at a time, of those that wait one of whose owner the fewest were taken, and
the oldest of these: SQS's fair queues let whoever has many wait. Lambda begins with five workers
and adds up to three hundred a minute; one that had nothing to do for a while starts anew.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

_AT_FIRST, _MORE_A_SECOND = 5, 5.0
"""https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
_FORGOTTEN = 300.0
"""Seconds after which a worker is no longer warm: Lambda promises nothing, and this is little."""
_OUT_OF_SIGHT = 960.0
"""Seconds until a message comes again that was not done, as template.yaml has it."""


@dataclass(frozen=True, kw_only=True)
class Task:
    at: float
    """Seconds from the beginning, when it is on the queue."""
    kind: str
    owner: str
    seconds: float
    """That a worker is busy with it."""
    fails: int = 0
    """How often, before it is done."""


@dataclass(frozen=True)
class Done:
    task: Task
    begun: float
    ended: float

    @property
    def waited(self) -> float:
        return self.begun - self.task.at


@dataclass(frozen=True, kw_only=True)
class Workers:
    number: int
    cold: float
    """Seconds that a new one starts for."""


def work_off(tasks: Iterable[Task], workers: Workers) -> list[Done]:
    """Every run of every task, failed ones too, in the order in which they were begun."""
    waiting, done = _Waiting(tasks), []
    free = [(float("-inf"), place) for place in range(workers.number)]
    while waiting:
        idle_since, place = heappop(free)
        now = max(idle_since, waiting.next_at(idle_since))
        task = waiting.take(now)
        begun = now
        if now - idle_since > _FORGOTTEN:
            begun += workers.cold + max(0, place + 1 - _AT_FIRST) / _MORE_A_SECOND
        ended = begun + task.seconds
        done.append(Done(task, now, ended))
        if task.fails:
            waiting.add(replace(task, at=ended + _OUT_OF_SIGHT, fails=task.fails - 1))
        heappush(free, (ended, place))
    return done


class _Waiting:
    """Tasks to come and tasks that wait, by owner."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._to_come: list[tuple[float, int, Task]] = []
        self._owners: dict[str, deque[Task]] = {}
        self._turns: list[tuple[int, float, str]] = []
        self._taken: Counter[str] = Counter()
        self._number, self._now = 0, 0.0
        for task in tasks:
            self.add(task)

    def __bool__(self) -> bool:
        return bool(self._to_come or self._turns)

    def add(self, task: Task) -> None:
        self._number += 1
        heappush(self._to_come, (task.at, self._number, task))

    def next_at(self, now: float) -> float:
        """When there is something to take: at once, where something waits. Nobody takes anything
        earlier than whoever took something last."""
        return max(now, self._now) if self._turns else self._to_come[0][0]

    def take(self, now: float) -> Task:
        self._now = now
        while self._to_come and self._to_come[0][0] <= now:
            _, _, task = heappop(self._to_come)
            own = self._owners.setdefault(task.owner, deque())
            own.append(task)
            if len(own) == 1:
                self._await_turn(task.owner)
        _, _, owner = heappop(self._turns)
        own = self._owners[owner]
        task = own.popleft()
        self._taken[owner] += 1
        if own:
            self._await_turn(owner)
        else:
            # Whoever has nothing waiting begins anew: a turn of an hour ago is no one's business.
            del self._owners[owner], self._taken[owner]
        return task

    def _await_turn(self, owner: str) -> None:
        heappush(self._turns, (self._taken[owner], self._owners[owner][0].at, owner))


def at_once(done: Sequence[Done]) -> int:
    """The most workers that were busy at one time."""
    steps = [(each.begun, 1) for each in done] + [(each.ended, -1) for each in done]
    busy = most = 0
    for _, step in sorted(steps):
        busy += step
        most = max(most, busy)
    return most
