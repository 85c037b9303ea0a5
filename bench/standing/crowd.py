"""Shoppers who follow links while the way to the store is cut, or hangs, for three seconds.

They come twenty a second, one after the other, to whichever of three instances is free, as Lambda
gives each of its instances one event at a time. Every instance has followed every link before: some
seconds, two minutes or 59 minutes ago by the time of its events, and the day's salt three hours.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Literal

from bench.redirect.instance import Broken, Instance
from bench.redirect.stage import Stage
from bench.standing.gate import Gate
from bench.standing.store import AGENT, Store
from bench.traffic import recordings
from bench.traffic.recordings import Event

PATIENCE = 4.0
"""Seconds that a shopper waits."""
_CALM, _AWAY = 1.0, 3.0  # seconds
_EVERY = 0.05
_INSTANCES = 3
_AGES = [timedelta(seconds=5), timedelta(minutes=2), timedelta(minutes=59)]
_OF_THE_SALT = timedelta(hours=3)
_LINKS = 3
"""Of each age."""
BEGIN = datetime.fromtimestamp(recordings.CLICK["requestContext"]["timeEpoch"] / 1000, UTC)
How = Literal["cut", "hang"]


@dataclass(frozen=True)
class Visit:
    shopper: int
    status: int | None
    """None where the handler raised: API Gateway makes a 500 of it."""
    seconds: float

    @property
    def is_in_error(self) -> bool:
        return self.status is None or self.status >= 500 or self.seconds > PATIENCE


@dataclass(frozen=True)
class Outcome:
    """Of all shoppers of a run."""

    shoppers: int
    in_error: int
    lost: int
    """Of those who were led on, whose click is not kept."""
    doubled: int
    slowest: float

    def __str__(self) -> str:
        told = f"{self.in_error} of {self.shoppers} in error, {self.lost} clicks lost"
        return f"{told}, {self.doubled} doubled, slowest {self.slowest:.1f} s"


def run(
    stage: Stage, store: Store, gate: Gate, module: str, how: How, first: int, **variables: str
) -> Outcome:
    """`first` is the first shopper's number: a thousand of them are this run's own."""
    with ExitStack() as stack:
        instances = [
            stack.enter_context(stage.start(module, **variables)) for _ in range(_INSTANCES)
        ]
        for instance in instances:
            _acquaint(instance, first)
        visits = _follow(instances, gate, how, first)
    store.drain()
    kept = store.clicks()
    counts = [kept[visit.shopper] for visit in visits if visit.status == 302]
    return Outcome(
        shoppers=len(visits),
        in_error=sum(visit.is_in_error for visit in visits),
        lost=counts.count(0),
        doubled=sum(count > 1 for count in counts),
        slowest=max(visit.seconds for visit in visits),
    )


def _acquaint(instance: Instance, first: int) -> None:
    """The instance has seen the day's salt and every link at its age."""
    instance.ask(event_of(first, _code(0, 0), BEGIN - _OF_THE_SALT))
    for number, age in enumerate(_AGES):
        for n in range(_LINKS):
            instance.ask(event_of(first, _code(number, n), BEGIN - age))


def _follow(instances: list[Instance], gate: Gate, how: How, first: int) -> list[Visit]:
    free: SimpleQueue[Instance] = SimpleQueue()
    for instance in instances:
        free.put(instance)
    began = time.monotonic()

    def visit(number: int, at: float) -> Visit:
        came = began + at
        time.sleep(max(0.0, came - time.monotonic()))
        instance = free.get()
        event = event_of(first + 1 + number, _chosen(number, at), BEGIN + timedelta(seconds=at))
        try:
            status = instance.ask(event)["statusCode"]
        except Broken:
            status = None
        finally:
            free.put(instance)
        return Visit(first + 1 + number, status, time.monotonic() - came)

    arrivals = [n * _EVERY for n in range(int((2 * _CALM + _AWAY) / _EVERY))]
    with ThreadPoolExecutor(len(arrivals)) as shoppers:
        visits = shoppers.map(visit, range(len(arrivals)), arrivals)
        time.sleep(max(0.0, began + _CALM - time.monotonic()))
        gate.cut() if how == "cut" else gate.hang()
        time.sleep(max(0.0, began + _CALM + _AWAY - time.monotonic()))
        gate.open()
        return list(visits)


def _chosen(number: int, at: float) -> str:
    """What is old stays so until the store is away."""
    ages = len(_AGES) if at >= _CALM else 1
    return _code(number % ages, number // ages % _LINKS)


def _code(age: int, n: int) -> str:
    return f"{age}{n}".zfill(10)


def event_of(shopper: int, code: str, at: datetime) -> Event:
    """A shopper's click on a link."""
    headers = {"user-agent": f"{AGENT}{shopper}", "accept-language": "en"}
    return {**recordings.click(shopper, at, headers), "pathParameters": {"code": code}}
