"""The stream that rings for clicks: its lanes, and when a batch of them is delivered."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import md5
from itertools import count

from bench.shop import MERCHANT, stack
from bench.traffic.recordings import STREAM_RECORD, Record, record
from sharetrail.clicks.click import CLICK_SHARDS

STREAM_SHARDS = 4
"""A new on-demand table takes 4,000 writes a second: four partitions, a stream shard for each."""
_PAYLOAD = 6 * 1_048_576
"""Bytes of records that an invocation takes."""
_DAYS = 1_000


@dataclass(frozen=True, kw_only=True)
class Rules:
    """An event source mapping's: when a batch is full, and how many are worked off at once."""

    batch: int
    window: timedelta
    lanes: int
    """Stream shards; a partition key's records are all in one of them."""


def rules() -> Rules:
    """What template.yaml gives project_events. Of a ParallelizationFactor the reader of templates
    knows nothing, and refuses one: it would deal a key's items out to several batches, each of
    which would fold the same slots.
    """
    (mapping,) = stack().functions["project_events"].streams
    assert mapping.patterns == ({"eventName": ["INSERT"]},)
    return Rules(
        batch=min(mapping.batch_size, _PAYLOAD // len(json.dumps(STREAM_RECORD))),
        window=timedelta(seconds=mapping.window),
        lanes=STREAM_SHARDS,
    )


def lane_of(pk: str, lanes: int) -> int:
    """DynamoDB places a partition key by a hash of its own, which says as little as this one."""
    return int.from_bytes(md5(pk.encode(), usedforsecurity=False).digest()[:8], "big") % lanes


def placings(lanes: int) -> list[Counter[int]]:
    """For each of many days: lane → how many of the shop's eight keys of clicks it carries."""
    return [
        Counter(lane_of(f"{MERCHANT.id}#{day:%Y%m%d}#{n}", lanes) for n in range(CLICK_SHARDS))
        for day in (MERCHANT.created_at + timedelta(days=n) for n in range(_DAYS))
    ]


def sharing(lanes: int) -> dict[int, float]:
    """How many keys a lane carries → how many of all keys find themselves in such a lane."""
    keys: Counter[int] = Counter()
    for carried in (keys for day in placings(lanes) for keys in day.values()):
        keys[carried] += carried
    return {carried: keys[carried] / keys.total() for carried in sorted(keys)}


class Stream:
    """Gathers the records of each lane, and delivers them as Lambda would."""

    def __init__(self, rules: Rules, deliver: Callable[[list[Record]], None]) -> None:
        self._rules, self._deliver = rules, deliver
        self._lanes: list[list[Record]] = [[] for _ in range(rules.lanes)]
        self._due: dict[int, datetime] = {}
        self._numbers = count(1)

    def ring(self, key: Mapping[str, str], at: datetime) -> None:
        """A click was written; the windows that ended before have been delivered."""
        lane = lane_of(key["pk"], self._rules.lanes)
        self._due.setdefault(lane, at + self._rules.window)
        self._lanes[lane].append(record(key, at, next(self._numbers)))
        if len(self._lanes[lane]) >= self._rules.batch:
            self._send(lane)

    def wait(self, until: datetime) -> None:
        """Delivers the windows that end by then. To be called before a later click is written."""
        for lane in [lane for lane, due in self._due.items() if due <= until]:
            self._send(lane)

    def end(self) -> None:
        for lane in list(self._due):
            self._send(lane)

    def _send(self, lane: int) -> None:
        batch, self._lanes[lane] = self._lanes[lane], []
        del self._due[lane]
        self._deliver(batch)
