"""Batches of records, worked off with failures told one by one, and what a record says of itself.

A stream's record is a doorbell: it says that something changed, and never what it is now. A queue's
is a door of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sharetrail import logs
from sharetrail.aws import clients

Record = dict[str, Any]
K = TypeVar("K", bound=Hashable)
_AT_ONCE = 8


def work_off(
    records: list[Record],
    doors: Callable[[Record], Iterable[K]],
    work: Callable[[K, Record], None],
    alike: Callable[[Record], Hashable] | None = None,
    set_aside: Callable[[Record], None] | None = None,
) -> dict[str, list[dict[str, str]]]:
    """Do `work` once for each door that the records ring (with the last record that rang it).

    Records that are `alike` ring the same doors, which are looked up once for all of them.

    The answer is Lambda's partial batch response: every record one of whose doors failed, or that
    names no door we know, is reported. A stream comes again from the first of them, and everybody
    behind it waits: so where a record can be `set_aside`, it is reported only if that fails too.
    A queue comes again with each.
    """
    clients.dynamodb()  # once, before the threads ask for it
    with logs.threads(_AT_ONCE) as pool:  # mostly waiting for answers
        rung, failed = _rung(records, doors, alike or _number)
        opened = pool.map(lambda door: _opens(work, door, rung[door][-1]), rung)
        failed += [rung[door] for door, is_open in zip(rung, opened, strict=True) if not is_open]
        if set_aside:
            last = {_number(group[-1]): group[-1] for group in failed}
            kept = dict(zip(last, pool.map(partial(_keeps, set_aside), last.values()), strict=True))
            failed = [group for group in failed if not kept[_number(group[-1])]]
    numbers = dict.fromkeys(_number(record) for group in failed for record in group)
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}


def _rung(
    records: list[Record],
    doors: Callable[[Record], Iterable[K]],
    alike: Callable[[Record], Hashable],
) -> tuple[dict[K, list[Record]], list[list[Record]]]:
    """Doors and the records that ring them, and those that ring none, as far as one can tell."""
    rung: dict[K, list[Record]] = defaultdict(list)
    lost: list[list[Record]] = []
    for group in _groups(records, alike):
        try:
            for door in doors(group[-1]):
                rung[door] += group
        except Exception as error:
            logs.failure("a record rings no door", error, record=_number(group[-1]))
            lost.append(group)
    return rung, lost


def _opens(work: Callable[[K, Record], None], door: K, record: Record) -> bool:
    with logs.about(record=_number(record)):
        try:
            work(door, record)
        except Exception as error:  # one bad door must not hold up the others; each is reported
            logs.failure("the work behind a door failed", error, door=str(door))
            return False
    return True


def _keeps(set_aside: Callable[[Record], None], record: Record) -> bool:
    try:
        set_aside(record)
    except Exception as error:  # then the stream comes again
        logs.failure("a record could not be set aside", error, record=_number(record))
        return False
    return True


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
    """When the message was sent, be it days before anybody came to it."""
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)


def attempts(record: Record) -> int:
    """How often the message was received, this time included: a worker that dies counts, too."""
    return int(record["attributes"]["ApproximateReceiveCount"])


def first_received(record: Record) -> datetime:
    """When the message first came out of its queue: the hour of its attempts ago at most, since a
    redrive makes it a new one."""
    stamp = record["attributes"]["ApproximateFirstReceiveTimestamp"]
    return datetime.fromtimestamp(int(stamp) / 1000, UTC)


def delivered_at(record: Record, apart: timedelta) -> datetime:
    """When the message came this time, or a little before: each time after the first is at least
    `apart` from the one before, for as long as its queue keeps it out of sight."""
    times = int(record["attributes"]["ApproximateReceiveCount"])
    return first_received(record) + (times - 1) * apart


def _number(record: Record) -> str:
    """By what Lambda knows it: a queue's message id, a stream's sequence number."""
    return str(record.get("messageId") or record["dynamodb"]["SequenceNumber"])
