"""Whether projecting keeps up with a viral link: a simulation of one lane of the stream.

A lane works off one batch at a time. What a batch takes is measured (`Pace`); when it is full, and
which slots it rings, follows from the mapping's rules and the steady stream of clicks.
"""

import json
from dataclasses import dataclass
from functools import partial

import botocore.session
from botocore.parsers import create_parser

from bench.shop import MERCHANT, stack
from bench.timing import cpu_seconds
from bench.traffic.recordings import record
from bench.traffic.stream import Rules
from sharetrail.aws import batches
from sharetrail.aws.item_size import Attributes
from sharetrail.clicks.click import Click, click_key
from sharetrail.clicks.verdict import LOOK_BACK
from sharetrail.totals import five_minute_slots, project_events

_CORE = 1_769
"""Megabytes of a function that make a whole core."""
_SLOT = five_minute_slots.SLOT.total_seconds()
_BACK = LOOK_BACK.total_seconds()


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds of a core."""

    record: float
    """To find a record's doors."""
    fold: float
    """To fold one click of a slot."""
    parsing: float
    """To make botocore's dictionaries of its JSON before."""

    @property
    def click(self) -> float:
        """What a slot takes a click, in seconds of project_events."""
        return (self.fold + self.parsing) / cores()

    def __str__(self) -> str:
        micros = {"doorbell": self.record, "folding": self.fold, "botocore": self.parsing}
        return ", ".join(f"{name} {seconds * 1e6:.0f} µs" for name, seconds in micros.items())


def cores() -> float:
    """The part of a core that project_events has."""
    return min(1.0, stack().functions["project_events"].memory / _CORE)


def ringing(series: list[Click]) -> float:
    """Seconds of a core that doorbells take a record."""
    records = [
        record(click_key(MERCHANT.id, click.id), click.at, number)
        for number, click in enumerate(series)
    ]
    ring = partial(batches.work_off, records, project_events.doors, lambda _door, _record: None)
    return cpu_seconds(ring) / len(records)


def parsing(items: list[Attributes]) -> float:
    """Seconds of a core that botocore takes an item, of a Query's answer with these items."""
    service = botocore.session.get_session().get_service_model("dynamodb")
    shape = service.operation_model("Query").output_shape
    parser = create_parser(service.metadata["protocol"])
    body = json.dumps({"Items": items, "Count": len(items)}).encode()
    answer = {"body": body, "headers": {}, "status_code": 200}
    return cpu_seconds(lambda: parser.parse(answer, shape)) / len(items)


@dataclass(frozen=True, kw_only=True)
class Hour:
    """How a lane fared."""

    work: float
    """Seconds of work for a second of clicks: above 1 it falls behind."""
    lateness: float
    """Seconds of clicks that are not in the totals when the hour ends."""
    longest: float
    """Seconds of the longest invocation."""
    reads: float
    """How often a click is read."""


def hour(keys: int, key_rate: float, seconds: float, rules: Rules, pace: Pace) -> Hour:
    """A lane that carries so many of the link's keys, with so many clicks a second on every one."""
    rate = keys * key_rate
    now = done = busy = longest = read = 0.0
    while now < seconds:
        full = (done + rules.batch) / rate
        now = max(now, min(full, done / rate + rules.window.total_seconds()))
        batch = min(rules.batch, now * rate - done)
        first, last = done / rate, (done + batch) / rate
        clicks_read = keys * key_rate * _rung(first, last, now)
        spent = batch * pace.record / cores() + clicks_read * pace.click
        now, done, busy = now + spent, done + batch, busy + spent
        longest, read = max(longest, spent), read + clicks_read
    behind = max(0.0, seconds - done / rate)
    return Hour(work=busy * rate / done, lateness=behind, longest=longest, reads=read / done)


def _rung(first: float, last: float, now: float) -> float:
    """Seconds of one key's clicks that are read for records of [first, last), with all that came
    until now: of every slot that they ring, and of the half minute before it.
    """
    slot = first // _SLOT * _SLOT
    read = 0.0
    while slot <= last + _BACK:
        read += max(0.0, min(slot + _SLOT, now) - max(slot - _BACK, 0.0))
        slot += _SLOT
    return read
