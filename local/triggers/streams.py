"""A DynamoDB stream's event source mapping: reads, batches, retries, bisects, gives up."""

import time
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from local.clock import Clock
from local.runtime.handlers import Runtime
from local.template.declarations import StreamTrigger
from local.triggers.failures import (
    Failure,
    Failures,
    ItemsFailed,
    describe,
    failed_items,
    stream_record,
)
from local.triggers.shards import Shard, StreamedTable

LONGEST_WINDOW = 2.0  # seconds: a person waits for the result
_FIRST_PAUSE = 0.3  # seconds, doubled for each further attempt
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class _Delivery:
    records: Sequence[Mapping[str, Any]]
    attempts: int = 0  # that have failed
    not_before: float = 0.0  # by time.monotonic()


class _Lane:
    """A shard on its way into the function: records in order, one delivery at a time."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self.waiting: list[Mapping[str, Any]] = []
        self.since = 0.0  # when the oldest began to wait
        self.deliveries: deque[_Delivery] = deque()


class Stream:
    """One mapping. step() does one thing: read, deliver a batch, or retry."""

    def __init__(
        self, trigger: StreamTrigger, runtime: Runtime, clock: Clock, failures: Failures
    ) -> None:
        self.trigger = trigger
        self._runtime = runtime
        self._table = StreamedTable(trigger.table, clock)
        self._clock = clock
        self._failures = failures
        self._mapping = str(uuid.uuid4())
        self._lock = Lock()
        self._lanes: list[_Lane] | None = None

    def start(self, *, latest: bool = False) -> None:
        """Begins anew: at what is written from now on, or at the oldest record there is."""
        with self._lock:
            self._open(latest)

    def step(self, *, urgent: bool = False) -> bool:
        """Whether there was anything to do. Urgent: no batching window and no pause is kept."""
        with self._lock:
            if self._lanes is None:
                self._open(self.trigger.starting_position == "LATEST")
            worked = [self._step(lane, urgent) for lane in self._lanes or ()]
            return any(worked)

    def _open(self, latest: bool) -> None:
        shards = self._table.open_shards(latest=latest)
        self._lanes = [_Lane(shard) for shard in shards]

    def _step(self, lane: _Lane, urgent: bool) -> bool:
        if lane.deliveries:
            if not urgent and lane.deliveries[0].not_before > time.monotonic():
                return False
            self._deliver(lane, lane.deliveries.popleft())
            return True
        seen = self._read(lane)
        if self._is_due(lane, urgent and not seen):
            size = self.trigger.batch_size
            batch, lane.waiting = lane.waiting[:size], lane.waiting[size:]
            self._deliver(lane, _Delivery(batch))
            return True
        return seen

    def _read(self, lane: _Lane) -> bool:
        if len(lane.waiting) >= self.trigger.batch_size:
            return False
        seen, records = lane.shard.read(self.trigger.patterns)
        if records and not lane.waiting:
            lane.since = time.monotonic()
        lane.waiting += records
        return seen

    def _is_due(self, lane: _Lane, urgent: bool) -> bool:
        if not lane.waiting or len(lane.waiting) >= self.trigger.batch_size:
            return bool(lane.waiting)
        waited = time.monotonic() - lane.since
        return urgent or waited >= min(self.trigger.window, LONGEST_WINDOW)

    def _deliver(self, lane: _Lane, delivery: _Delivery) -> None:
        records = delivery.records
        try:
            answer = self._runtime.invoke(self.trigger.folder, {"Records": records})
        except Exception as error:
            # Lambda retries whatever a function raises.
            self._retry(lane, _Delivery(records, delivery.attempts + 1), error, progress=0)
            return
        first = self._first_failed(answer, records)
        if first is not None:
            rest = _Delivery(records[first:], delivery.attempts + 1)
            self._retry(lane, rest, ItemsFailed(f"answered {answer}"), progress=first)

    def _first_failed(self, answer: Any, records: Sequence[Mapping[str, Any]]) -> int | None:
        if not self.trigger.partial:
            return None
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        failed = failed_items(answer, numbers)
        return min((numbers.index(number) for number in failed), default=None)

    def _retry(self, lane: _Lane, rest: _Delivery, error: Exception, progress: int) -> None:
        """Retries from the first failed record, before which `progress` were done. Where none was,
        bisecting isolates the poison; a split costs no attempt.
        """
        if self.trigger.bisect and not progress and len(rest.records) > 1:
            half = len(rest.records) // 2
            lane.deliveries.appendleft(_Delivery(rest.records[half:], rest.attempts - 1))
            lane.deliveries.appendleft(_Delivery(rest.records[:half], rest.attempts - 1))
        elif rest.attempts <= self.trigger.retries:
            pause = min(_FIRST_PAUSE * 2 ** (rest.attempts - 1), _LONGEST_PAUSE)
            due = time.monotonic() + pause
            lane.deliveries.appendleft(_Delivery(rest.records, rest.attempts, due))
        else:
            self._give_up(lane, rest, error)

    def _give_up(self, lane: _Lane, delivery: _Delivery, error: Exception) -> None:
        function = self._runtime.functions[self.trigger.folder]
        shard = lane.shard.identifier
        record = stream_record(function, delivery.records, shard, delivery.attempts, self._clock)
        bucket = self.trigger.failures
        where = self._failures.keep(bucket, self._mapping, shard, record) if bucket else None
        for each in delivery.records:
            self._failures.note(
                Failure(
                    function=self.trigger.folder,
                    trigger="stream",
                    item=each["dynamodb"]["Keys"],
                    error=describe(error),
                    destination=where,
                )
            )
