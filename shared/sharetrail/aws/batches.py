"""Batches of records, worked off with failures told one by one, and what a record says of itself.

A stream's record is a doorbell: it says that something changed, and never what it is now. A queue's
is a door of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

from aws_lambda_powertools import Logger

from sharetrail.aws import clients

Record = dict[str, Any]
K = TypeVar("K", bound=Hashable)
log = Logger()
_AT_ONCE = 8


def work_off(
    records: list[Record],
    doors: Callable[[Record], Iterable[K]],
    work: Callable[[K, Record], None],
    alike: Callable[[Record], Hashable] | None = None,
) -> dict[str, list[dict[str, str]]]:
    """Do `work` once for each door that the records ring (with the last record that rang it).

    Records that are `alike` ring the same doors, which are looked up once for all of them.

    The answer is Lambda's partial batch response: every record one of whose doors failed, or that
    names no door we know, is reported. A stream comes again from the first of them, a queue with
    each.
    """
    rung: dict[K, list[Record]] = defaultdict(list)
    failed: dict[str, None] = {}
    for group in _groups(records, alike or _number):
        try:
            for door in doors(group[-1]):
                rung[door] += group
        except Exception:
            log.exception("a record rings no door")
            failed |= dict.fromkeys(map(_number, group))

    def opens(door: K) -> bool:
        try:
            work(door, rung[door][-1])
        except Exception:  # one bad door must not hold up the others; each is reported
            log.exception("the work behind a door failed", door=str(door))
            return False
        return True

    clients.dynamodb()  # once, before the threads ask for it
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # mostly waiting for answers
        for door, opened in zip(rung, pool.map(opens, rung), strict=True):
            failed |= {} if opened else dict.fromkeys(map(_number, rung[door]))
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def _groups(records: list[Record], alike: Callable[[Record], Hashable]) -> Iterable[list[Record]]:
    """A record that cannot even be told from others is a group of its own."""
    groups: dict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        try:
            key = alike(record)
        except Exception:
            key = _number(record)
        groups[key].append(record)
    return groups.values()


def key_of(record: Record) -> tuple[str, str]:
    """The record's pk and sk."""
    keys = record["dynamodb"]["Keys"]
    return keys["pk"]["S"], keys["sk"]["S"]


def created(record: Record) -> datetime:
    """When the change was written: the only clock a stream's handler has."""
    return datetime.fromtimestamp(record["dynamodb"]["ApproximateCreationDateTime"], UTC)


def itself(record: Record) -> Iterator[str]:
    """The door of a record that rings no other's."""
    yield _number(record)


def sent_at(record: Record) -> datetime:
    """When the message was sent: the only clock a queue's worker has."""
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)


def _number(record: Record) -> str:
    """By what Lambda knows it: a queue's message id, a stream's sequence number."""
    return str(record.get("messageId") or record["dynamodb"]["SequenceNumber"])
