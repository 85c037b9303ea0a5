"""What the model says that a diary leads to: jobs by kind, and what they ask of each table. Beside
it, what was counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil

from bench.wave import timetable
from bench.wave.diary import EIGHT, END, HOUR, HOURS, MONDAY, START, SUNDAY, Diary
from bench.wave.ledger import Run
from bench.wave.measured import APART, DAILY, REPORT, SENDING, Measured
from bench.wave.shops import BESIDE, Shop
from bench.wave.timetable import Minutes
from sharetrail import calendars
from sharetrail.attribution import missed_rings

SCHEDULES = {
    "heal": "sweep",
    "attribute": "sweep",
    "close": "close_days",
    "score": "score_influencers",
    "report": "schedule_reports",
    **{f"report {rhythm}": "schedule_reports" for rhythm in BESIDE},
    "send_report": "schedule_reports",
}
"""Kind → the schedule that queues it, or what queues it in turn."""
MAIL = "send_report"
"""The kind of what a report puts on a queue of its own, one a recipient."""
AT_ONCE = 10
"""Messages that one request sends."""
_NIGHT = timedelta(hours=2)
"""Of Monday, local, when shops are scored."""
Counts = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Job:
    kind: str
    shop: Shop
    size: int
    """Clicks that it is about, or orders."""
    at: datetime
    """From when on it is due."""
    ago: int | None = None
    """Of a report: see Diary.last_click."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """By kind, or schedule."""

    messages: Counter[str]
    requests: Mapping[str, Counts]
    """Kind → `table Operation` → how often."""


def jobs_of(
    shops: Sequence[Shop],
    story: Diary,
    minutes: Minutes,
    weekly: Mapping[str, int] | None = None,
) -> Iterator[Job]:
    """What a healthy day brings: nothing waits, comes late or fails. `weekly`: shop → clicks of the
    week that ends, where they are more than the diary's.
    """
    by_id = {shop.id: shop for shop in shops}
    yield from _hourly(by_id, story)
    yield from _looks(by_id, story, minutes)
    weeks = story.by_week if weekly is None else weekly
    for merchant, clicks in weeks.items():
        at = by_id[merchant].at(MONDAY, _NIGHT)
        yield Job(kind="score", shop=by_id[merchant], size=clicks, at=at)
    for shop in shops:
        due = Job(kind=REPORT, shop=shop, size=weeks.get(shop.id, 0), at=shop.at(MONDAY, EIGHT))
        yield replace(due, ago=story.last_click(shop, MONDAY))
        yield from [replace(due, kind=MAIL, size=1)] * shop.recipients
        yield from _beside(shop, story, due.size)


def _beside(shop: Shop, story: Diary, week: int) -> Iterator[Job]:
    """What one recipient gets as well. A day's report of Sunday morning where that is yet to come:
    of Saturday the diary knows nothing."""
    kind = f"report {shop.beside}"
    for day in (SUNDAY, MONDAY) if shop.beside else ():
        at, before = shop.at(day, EIGHT), day - calendars.DAY
        size = story.by_day[shop.id, f"{before}"] if kind == DAILY else week
        if at > START and (kind == DAILY or day == MONDAY):
            ago = story.last_click(shop, day) if kind == DAILY else None
            yield Job(kind=kind, shop=shop, size=size, at=at, ago=ago)
            yield Job(kind=MAIL, shop=shop, size=1, at=at)


def _hourly(by_id: Mapping[str, Shop], story: Diary) -> Iterator[Job]:
    for (merchant, hour), clicks in story.by_hour.items():
        over = datetime.fromisoformat(f"{hour}:00+00:00") + HOUR
        yield Job(kind="heal", shop=by_id[merchant], size=clicks, at=over)
    for (merchant, day), clicks in story.by_day.items():
        over = by_id[merchant].at(date.fromisoformat(day) + calendars.DAY)
        yield Job(kind="close", shop=by_id[merchant], size=clicks, at=over)


def _looks(by_id: Mapping[str, Shop], story: Diary, minutes: Minutes) -> Iterator[Job]:
    """Each round of sweeps looks at the orders of its own hour, and of three before."""
    found: Counter[tuple[str, datetime]] = Counter()
    for visit in story.visits:
        if visit.buys:
            first = timetable.next_firing(visit.at, minutes[SCHEDULES["attribute"]])
            last = calendars.hour_of(visit.at) + missed_rings.HOURS * HOUR
            rounds = (first + n * HOUR for n in range(missed_rings.HOURS))
            found.update((visit.shop.id, at) for at in rounds if at < last)
    for (merchant, at), orders in found.items():
        yield Job(kind="attribute", shop=by_id[merchant], size=orders, at=at)


def forecast(costs: Measured, shops: Sequence[Shop], story: Diary, minutes: Minutes) -> Tally:
    """Of kinds that the product has not there is none."""
    messages: Counter[str] = Counter()
    requests: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for firing, jobs in firings_of(jobs_of(shops, story, minutes), minutes).items():
        if costs.knows(firing.kind):
            messages[firing.kind] += len(jobs)
            for job in jobs:
                _add(requests[job.kind], costs.cost(job.kind, job.size, job.ago))
            if firing.kind != MAIL:
                _add(requests[firing.schedule], {SENDING: ceil(len(jobs) / AT_ONCE)})
    for schedule in minutes.keys() & costs.firings.keys():
        _add(requests[schedule], costs.firings[schedule], len(minutes[schedule]) * HOURS)
    return Tally(messages=messages, requests=requests)


@dataclass(frozen=True, kw_only=True)
class Firing:
    schedule: str
    kind: str
    at: datetime


def firings_of(jobs: Iterable[Job], minutes: Minutes) -> Mapping[Firing, Sequence[Job]]:
    """Before the end, and what each finds."""
    found: dict[Firing, list[Job]] = defaultdict(list)
    for job in jobs:
        schedule = SCHEDULES[job.kind]
        at = timetable.next_firing(job.at, minutes[schedule])
        if at < END:
            found[Firing(schedule=schedule, kind=job.kind, at=at)].append(job)
    return found


def _add(sums: dict[str, float], cost: Counts, times: float = 1) -> None:
    for name, number in cost.items():
        if name not in APART:
            sums[name] += times * number


def counted(runs: Iterable[Run]) -> Tally:
    messages: Counter[str] = Counter()
    requests: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for run in runs:
        if run.merchant:
            messages[run.kind] += run.messages
        for name, number in run.requests.items():
            requests[run.kind][" ".join(name)] += number
    return Tally(messages=messages, requests=requests)
