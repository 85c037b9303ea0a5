"""Jobs on their way: from the agenda to a queue, a message a merchant and kind, and worked off.

A message may come twice, and a job be noted anew while it is done: each comes to the same, since
all work is recomputed from facts. As long as nobody has taken a job each round queues it again:
the first of its messages does it, and the others find nothing to do.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sharetrail import logs
from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job, Kind, Work, parts
from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.aws.queues import Queue
from sharetrail.calendars import iso
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant

_AT_ONCE = 10_000
"""Jobs that are in memory."""
_A_ROUND = 5_000
"""Of one merchant and kind, the oldest; the rest are due in the next round, too."""
ATTEMPTS = 3
"""Until it is given up by whoever can."""
Worker = Callable[[Merchant, tuple[str, ...], datetime], None]
"""Does a merchant's jobs of one kind, by what they are about."""
OneJob = Callable[[Merchant, str, datetime], None]
"""Does one of them."""


def queue_due(kind: Kind, queue: Queue, now: datetime) -> int:
    """Put what is due on a queue; how many messages those were. No merchant's work is done."""
    return queue_all(_rationed(jobs.due(kind, now)), queue, iso(now))


def queue_all(jobs: Iterable[Job], queue: Queue, round_at: str | None = None) -> int:
    """The same of whatever jobs, as they come. NotQueued, at the end, where some were refused."""
    return queue.send_all((each.merchant, each.body()) for each in _messages(jobs, round_at))


def _rationed(jobs: Iterable[Job]) -> Iterator[Job]:
    number = Counter[str]()
    for job in jobs:
        number[job.merchant] += 1
        if number[job.merchant] <= _A_ROUND:
            yield job


def _messages(jobs: Iterable[Job], round_at: str | None) -> Iterator[Work]:
    waiting = iter(jobs)
    while some := [*islice(waiting, _AT_ONCE)]:
        alike: dict[tuple[Kind, str], list[str]] = defaultdict(list)
        for job in some:
            alike[job.kind, job.merchant].append(job.about)
        for (kind, merchant), abouts in alike.items():
            for part in parts(abouts):
                yield Work(kind=kind, merchant=merchant, abouts=part, round=round_at)


def work_off(
    event: Mapping[str, Any],
    workers: Mapping[Kind, Worker],
    who_gives_up: Mapping[Kind, Worker] = {},
) -> dict[str, Any]:
    """Do what the messages ask; those that failed come again. Where somebody is to give up a kind,
    who does so comes after three attempts, be it that the worker raised or that it died.

    Of a merchant that was erased since it is done as it is.

    It is done when the message first came out of its queue, in which it may have been for days."""

    def do(_number: str, record: Record) -> None:
        work, now = Work.read(record["body"]), batches.first_received(record)
        worker = workers[work.kind]
        if batches.attempts(record) > ATTEMPTS:
            worker = who_gives_up.get(work.kind, worker)
        abouts = _taken(work)
        if abouts and (merchant := profiles.find_if_any(work.merchant, now)):
            worker(merchant, abouts, now)

    return batches.work_off(event["Records"], batches.itself, do)


def _taken(work: Work) -> tuple[str, ...]:
    """What no later message has done, or is doing, or will."""
    if work.round is None:
        return work.abouts
    return tuple(job.about for job in work.jobs if jobs.take(job, work.round))


def one_by_one(kind: Kind, queue: Queue, work: OneJob) -> Worker:
    """The worker of jobs that have nothing to do with each other: of many those that fail go back
    to the queue, each in a message of its own, and one alone fails its message."""

    def do_all(merchant: Merchant, abouts: tuple[str, ...], now: datetime) -> None:
        if len(abouts) == 1:
            work(merchant, abouts[0], now)
            return
        failed = [about for about in abouts if not _is_done(merchant, about, now)]
        alone = (Work(kind=kind, merchant=merchant.id, abouts=(each,)) for each in failed)
        queue.send_all((merchant.id, each.body()) for each in alone)

    def _is_done(merchant: Merchant, about: str, now: datetime) -> bool:
        try:
            work(merchant, about, now)
        except Exception as error:  # it comes again, and fails alone
            logs.failure("a job failed", error, job=kind, merchant=merchant.id, about=about)
            return False
        return True

    return do_all
