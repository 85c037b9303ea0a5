"""Jobs on their way: from the agenda to a queue, a message a merchant and kind, and worked off.

A message may come twice, and a job be noted anew while it is done: each comes to the same, since
all work is recomputed from facts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger

from sharetrail.aws import batches
from sharetrail.aws.batches import Record
from sharetrail.aws.queues import Queue
from sharetrail.merchants import agenda, profiles
from sharetrail.merchants.job import UNNOTED, Job, Kind, Work
from sharetrail.merchants.profile import Merchant

_MOST = 500
"""Of a message: a schedule that did not run for days leaves a merchant with many."""
_ATTEMPTS = 3
Worker = Callable[[Merchant, tuple[str, ...], datetime], None]
"""Does a merchant's jobs of one kind, by what they are about."""
log = Logger()


def queue_due(kind: Kind, queue: Queue, now: datetime) -> int:
    """Put what is due on a queue; how many messages those were. No merchant's work is done."""
    return queue_all(agenda.due(kind, now), queue)


def queue_all(jobs: Iterable[Job], queue: Queue) -> int:
    """The same of whatever jobs. NotQueued, at the end, where some were refused."""
    messages = [*_messages(jobs)]
    queue.send_all((each.merchant, each.body()) for each in messages)
    return len(messages)


def _messages(jobs: Iterable[Job]) -> Iterator[Work]:
    alike: dict[tuple[Kind, str], list[str]] = defaultdict(list)
    for job in jobs:
        alike[job.kind, job.merchant].append(job.about)
    for (kind, merchant), abouts in alike.items():
        for start in range(0, len(abouts), _MOST):
            part = tuple(abouts[start : start + _MOST])
            yield Work(kind=kind, merchant=merchant, abouts=part)


def work_off(
    event: Mapping[str, Any],
    workers: Mapping[Kind, Worker],
    who_gives_up: Mapping[Kind, Worker] = {},
) -> dict[str, Any]:
    """Do what the messages ask; those that failed come again. Where somebody is to give up a kind,
    who does so comes after three attempts, be it that the worker raised or that it died."""

    def do(_number: str, record: Record) -> None:
        work, now = Work.read(record["body"]), batches.sent_at(record)
        if work.kind not in UNNOTED:
            for job in work.jobs:
                agenda.take(job)
        worker = workers[work.kind]
        if batches.attempts(record) > _ATTEMPTS:
            worker = who_gives_up.get(work.kind, worker)
        worker(profiles.find(work.merchant, now), work.abouts, now)

    return batches.work_off(event["Records"], batches.itself, do)


def one_by_one(kind: Kind, queue: Queue, work: Callable[[Merchant, str, datetime], None]) -> Worker:
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
        except Exception:  # it comes again, and fails alone
            log.exception("a job failed", job=kind, merchant=merchant.id, about=about)
            return False
        return True

    return do_all
