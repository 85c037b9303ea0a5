"""The model of an account's Sunday to Monday: what is due when, how long it takes, who waits. Pure.

A schedule may fire anywhere within its minute, and here it fires at its end. A job takes its
requests one after the other, a round trip each, and its processor time on a whole core.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from bench.costs.prices import ROUND_TRIP
from bench.wave import lanes
from bench.wave.diary import START
from bench.wave.forecast import AT_ONCE, MAIL, Job, firings_of
from bench.wave.lanes import Done, Task, Workers
from bench.wave.measured import APART, REPORT, Cost, Measured
from bench.wave.shops import BESIDE
from bench.wave.timetable import Minutes
from sharetrail.agenda import jobs

SES_TRIP = 0.05
"""Seconds until SES has taken a mail: assumed, since nobody can measure it here."""
START_UP = 0.5
"""Seconds until a new instance runs our code, beside its imports: assumed."""
CHORES, REPORTS = ("heal", "attribute", "close"), (REPORT, *(f"report {each}" for each in BESIDE))
ANALYSES = ("score", *REPORTS)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much is done at once."""

    chores: int
    builders: int
    mailers: int
    mails_a_second: float
    cold: float
    """Seconds until a new worker works."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One shop whose report takes long, or fails before it is built."""

    shop: str
    seconds: float = 0.0
    fails: int = 0


@dataclass(frozen=True, kw_only=True)
class Round:
    """A firing of a schedule, in seconds since the start: when, and when all it queued was done."""

    kind: str
    fired: float
    jobs: int
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.fired


@dataclass(frozen=True)
class Night:
    """What each queue did."""

    chores: list[Done]
    analyses: list[Done]
    mails: list[Done]
    rounds: list[Round]

    @property
    def runs(self) -> list[Done]:
        return [*self.chores, *self.analyses, *self.mails]

    @property
    def busiest_key(self) -> int:
        """Writes of one second to a key of the agenda's index: who begins a job takes it off."""
        writes = Counter(
            (done.task.kind, crc32(done.task.owner.encode()) % jobs.SHARDS, int(done.begun))
            for done in [*self.chores, *self.analyses]
        )
        return max(writes.values(), default=0)


def live(
    jobs: Iterable[Job],
    costs: Measured,
    minutes: Minutes,
    room: Room,
    trouble: Trouble | None = None,
) -> Night:
    """Of kinds that were measured."""
    queued = (job for job in jobs if job.kind in (*CHORES, *ANALYSES) and costs.knows(job.kind))
    by_firing = {
        (firing.kind, _seconds_after_start(firing.at)): own
        for firing, own in firings_of(queued, minutes).items()
    }
    tasks = {
        firing: [*_queued(firing[1], own, costs, trouble, _sent_before(firing, by_firing))]
        for firing, own in by_firing.items()
    }
    chores = _work(tasks, CHORES, Workers(number=room.chores, cold=room.cold))
    analyses = _work(tasks, ANALYSES, Workers(number=room.builders, cold=room.cold))
    mails = lanes.work_off(
        _mails(analyses, by_firing, costs, room), Workers(number=room.mailers, cold=room.cold)
    )
    rounds = [*_rounds(tasks, [*chores, *analyses])]
    return Night(chores, analyses, mails, rounds)


def _seconds_after_start(minute: datetime) -> float:
    """The end of the minute in which a schedule fires."""
    return (minute + _MINUTE - START).total_seconds()


def _sent_before(firing: tuple[str, float], by_firing: Mapping[tuple[str, float], Sized]) -> int:
    """Messages of the same run: a week's reports are queued before all others."""
    kind, fired = firing
    return len(by_firing.get((REPORT, fired), ())) if kind in REPORTS[1:] else 0


def _queued(
    fired: float, jobs: Sequence[Job], costs: Measured, trouble: Trouble | None, before: int
) -> Iterator[Task]:
    """The messages of a firing, one after the other as they are sent. Oldest first."""
    for n, job in enumerate(sorted(jobs, key=lambda each: (each.at, each.shop.id)), before):
        sent = START_UP + (1 + n // AT_ONCE) * ROUND_TRIP + n * costs.a_message
        seconds = _seconds(costs.cost(job.kind, job.size, job.ago))
        task = Task(at=fired + sent, kind=job.kind, owner=job.shop.id, seconds=seconds)
        ill = trouble and job.kind == REPORT and job.shop.id == trouble.shop
        yield replace(task, seconds=seconds + trouble.seconds, fails=trouble.fails) if ill else task


def _seconds(cost: Cost) -> float:
    requests = sum(number for name, number in cost.items() if name not in APART)
    return requests * ROUND_TRIP + cost["cpu"]


def _work(
    tasks: Mapping[tuple[str, float], list[Task]], kinds: Sequence[str], workers: Workers
) -> list[Done]:
    own = (task for (kind, _), queued in tasks.items() if kind in kinds for task in queued)
    return lanes.work_off(own, workers)


def _mails(
    analyses: Sequence[Done],
    by_firing: Mapping[tuple[str, float], Sequence[Job]],
    costs: Measured,
    room: Room,
) -> Iterator[Task]:
    """Each report's, once it is built, by the report's kind: a week's to all recipients, another to
    one. A mailer leaves its part of the rate between two mails."""
    shops = {job.shop.id: job.shop for own in by_firing.values() for job in own}
    pace = room.mailers / room.mails_a_second
    seconds = max(pace, _seconds(costs.cost(MAIL, 1)) + SES_TRIP)
    for done in analyses:
        kind, owner = done.task.kind, done.task.owner
        if kind in REPORTS and not done.task.fails:
            for _ in range(shops[owner].recipients if kind == REPORT else 1):
                yield Task(at=done.ended, kind=kind, owner=owner, seconds=seconds)


def _rounds(
    tasks: Mapping[tuple[str, float], Sequence[Task]], runs: Sequence[Done]
) -> Iterator[Round]:
    ended = defaultdict(float, {})
    for done in runs:
        key = done.task.kind, done.task.owner, done.task.at
        ended[key] = done.ended
    for (kind, fired), queued in tasks.items():
        last = max(ended[kind, task.owner, task.at] for task in queued)
        yield Round(kind=kind, fired=fired, jobs=len(queued), ended=last)
