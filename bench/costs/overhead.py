"""G9: what projecting a click into totals costs beyond the click: write and read units.

The real project_events works off the batches that template.yaml's mapping would hand it, on a
DynamoDB in memory that charges by DynamoDB's rules (bench/dynamodb/model.py). No slot looks at two
shards, so a case may follow one or two of the eight, with all of their traffic, and stand for the
rest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import cos, pi
from unittest import mock

from bench import goals
from bench.dynamodb import model
from bench.dynamodb.model import Charge, Model
from bench.goals import Figure
from bench.shop import MERCHANT, PROFILE
from bench.traffic.crowd import Crowd
from bench.traffic.recordings import Record
from bench.traffic.stream import Rules, Stream, rules, sharing
from functions.project_events import app
from functions.tend_merchant import app as tend_merchant
from sharetrail import calendars
from sharetrail.agenda import heard_hours
from sharetrail.agenda.job import Work
from sharetrail.aws.tables import EVENTS, MERCHANTS, TOTALS
from sharetrail.clicks.click import CLICK_SHARDS, click_item
from sharetrail.totals import count_facts, five_minute_slots, local_days

MOST_WRITE_UNITS, MOST_READ_UNITS = 0.12, 0.7
_START = datetime(2026, 11, 21, 12, 1, 40, tzinfo=UTC)
"""Not where a slot begins: batches begin anywhere."""
_LINKS = 5_000
A_DAY = 143_000
_SHARDS = (0, 1)
"""The shards that stand for all eight of a shop."""
HOURS = tuple(1 + 0.8 * cos(2 * pi * (hour - 20) / 24) for hour in range(24))
"""How busy the hours of a shop's day are, against each other: eight in the evening most."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of one click, beyond the click."""

    write_units: float
    read_units: float
    writes: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            write_units=self.write_units + other.write_units,
            read_units=self.read_units + other.read_units,
            writes=self.writes + other.writes,
        )

    def __str__(self) -> str:
        return f"{self.write_units:.3f} written, {self.read_units:.3f} read"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day's costs."""

    costs: Mapping[str, Cost]
    """Of three functions' work: project, sweep, close."""
    closed_bytes: float
    """Bytes of the closed day, a click."""


def measure() -> list[Figure]:
    return [*_of_batches(), *_of_a_day(), *_of_one_link()]


def _figures(case: str, what: str, cost: Cost, **details: str) -> list[Figure]:
    """Of writing, with what stands behind both, and of reading."""
    details = {"writes": f"{cost.writes:.4f} a click", **details}
    written, read = (f"({case}) {kind} units a click, {what}" for kind in ("write", "read"))
    return [
        Figure("G9", written, cost.write_units, MOST_WRITE_UNITS, details=details),
        Figure("G9", read, cost.read_units, MOST_READ_UNITS),
    ]


# ── running ──────────────────────────────────────────────────────────────────────────────────────
class Run:
    """Clicks of a crowd, written and projected; the model counts what each work is charged."""

    def __init__(self, dynamodb: Model, batches: Rules) -> None:
        self._charges: dict[str, Charge] = defaultdict(Charge)
        self._clicks = 0
        self._dynamodb = dynamodb
        self._stream = Stream(batches, lambda batch: self._count("project", _project, batch))
        MERCHANTS.put(PROFILE)

    def follow(self, crowd: Crowd, times: Iterable[datetime], *, sweeps: bool = False) -> None:
        swept: datetime | None = None
        for at in times:
            self._stream.wait(at)
            hour = at.replace(minute=32, second=0, microsecond=0)
            if sweeps and hour <= at and hour != swept:
                swept = hour
                self._count("sweep", _heal, calendars.hour_of(hour) - calendars.HOUR, hour)
            click = click_item(crowd.click(at))
            EVENTS.put_once(click)
            if sweeps:
                self._count("sweep", heard_hours.note_once, MERCHANT.id, at, at)
            self._stream.ring({name: click[name] for name in ("pk", "sk")}, at)
            self._clicks += 1
        self._stream.end()

    def close(self, day: date) -> None:
        self._count("close", local_days.close, MERCHANT, day, calendars.bounds(day, MERCHANT.tz)[1])

    def cost(self, work: str) -> Cost:
        charge = self._charges[work]
        return Cost(
            write_units=charge.write_units.total() / self._clicks,
            read_units=charge.read_units.total() / self._clicks,
            writes=charge.writes.total() / self._clicks,
        )

    def _count(self, name: str, work: Callable[..., object], *arguments: object) -> None:
        self._dynamodb.take()
        work(*arguments)
        self._charges[name] += self._dynamodb.take()


def _project(batch: list[Record]) -> None:
    answer = app.handler({"Records": batch}, None)
    assert answer == {"batchItemFailures": []}, answer


def _heal(hour: datetime, now: datetime) -> None:
    """As a sweep queues it and tend_merchant works it off."""
    about = f"{hour:%Y-%m-%dT%H}"
    work = Work(kind="heal", merchant=MERCHANT.id, abouts=(about,))
    came = {
        "ApproximateFirstReceiveTimestamp": f"{int(now.timestamp() * 1_000)}",
        "ApproximateReceiveCount": "1",
    }
    message = {"messageId": about, "body": work.body(), "attributes": came}
    answer = tend_merchant.handler({"Records": [message]}, None)
    assert answer == {"batchItemFailures": []}, answer


# ── (a) ──────────────────────────────────────────────────────────────────────────────────────────
def _of_batches() -> list[Figure]:
    """A batch of 5,000 every 300 seconds, on 1,000 links."""
    number, links, part = 50_000, 1_000, CLICK_SHARDS // len(_SHARDS)
    batches = Rules(batch=5_000 // part, window=timedelta(days=1), lanes=1)
    with model.replacement() as dynamodb:
        run = Run(dynamodb, batches)
        crowd = Crowd(links, even=True, shards=_SHARDS)
        run.follow(crowd, crowd.moments(_START, timedelta(minutes=50), number // part))
        cost = run.cost("project")
    return _figures("a", f"{number:,} in batches of 5,000", cost, links=f"{links:,}, all alike")


# ── (b) ──────────────────────────────────────────────────────────────────────────────────────────
def _of_a_day() -> list[Figure]:
    costs = a_day().costs
    beside = {
        "beside: sweep": str(costs["sweep"]),
        "beside: close_days": str(costs["close"]),
    }
    what = f"{A_DAY:,} a day on {_LINKS:,} links"
    healed = costs["project"] + costs["sweep"]
    return [
        *_figures("b", what, costs["project"], links="all alike", **beside),
        *_figures("b", "what is noted and healed counted in", healed),
    ]


def a_day() -> Day:
    """A shop's day with its links followed alike, swept every hour and closed at its end."""
    day, crowd = _START.date(), Crowd(_LINKS, even=True, shards=_SHARDS)
    start, end = calendars.bounds(day, MERCHANT.tz)
    times = crowd.moments(start, end - start, A_DAY * len(_SHARDS) // CLICK_SHARDS, HOURS)
    shards = (*map(str, _SHARDS), "e0")  # and of page events' two one, that is empty
    with model.replacement() as dynamodb, mock.patch.object(count_facts, "SHARDS", shards):
        run = Run(dynamodb, rules())
        run.follow(crowd, times, sweeps=True)
        run.close(day)
        return Day(
            costs={work: run.cost(work) for work in ("project", "sweep", "close")},
            closed_bytes=dynamodb.bytes_of(TOTALS.name, f"{MERCHANT.id}#day") / len(times),
        )


# ── (c) ──────────────────────────────────────────────────────────────────────────────────────────
_A_SECOND = 1_000
_PART = 60
"""One in sixty of the clicks, in a batch of one in sixty: a slot is folded as often, and each time
as much of it is read, so that a click's reads are the same and its writes sixty times too many."""
_SLOTS = 3


def _of_one_link() -> list[Figure]:
    """Where a lane carries more of the link's eight keys, its batches fill sooner, and each reads
    the slot again: so the cost is that of every number of keys, weighed by how often a key finds
    itself among so many. Batches are worked off at once here; what it costs where a lane falls
    behind is bench/projection/viral.py's.
    """
    shared = sharing(rules().lanes)
    costs = {keys: _of_keys(keys) for keys in {*shared, CLICK_SHARDS}}
    weighed = {
        name: sum(getattr(costs[keys], name) * part for keys, part in shared.items())
        for name in ("write_units", "read_units", "writes")
    }
    return _figures(
        "c",
        f"{_A_SECOND:,} a second on one link",
        Cost(**weighed),
        placing=f"8 keys on {rules().lanes} lanes, mean of many days",
        **{"all 8 in one lane": str(costs[CLICK_SHARDS])},
    )


def _of_keys(keys: int) -> Cost:
    """A click's cost in a lane of so many keys, by following one of them for whole slots."""
    length = _SLOTS * five_minute_slots.SLOT
    number = int(length.total_seconds()) * _A_SECOND // CLICK_SHARDS // _PART
    batches = replace(rules(), batch=rules().batch // keys // _PART, lanes=1)
    with model.replacement() as dynamodb:
        run = Run(dynamodb, batches)
        crowd = Crowd(1, shards=(0,))
        run.follow(crowd, crowd.moments(five_minute_slots.start_of(_START), length, number))
        cost = run.cost("project")
    return replace(cost, write_units=cost.write_units / _PART, writes=cost.writes / _PART)


if __name__ == "__main__":
    goals.main(measure)
