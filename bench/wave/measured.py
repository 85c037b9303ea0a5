"""What a job costs, by its kind and by how many clicks it is about: measured in this run, on shops
of a few sizes on the emulator, and between them along straight lines.
"""

import subprocess
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle, starmap
from statistics import fmean, median

from bench.wave import diary, rounds, shops
from bench.wave.diary import Diary
from bench.wave.ledger import UNITS, Ledger, Run
from bench.wave.shops import Shop
from bench.weekly import __main__ as weekly
from sharetrail import calendars
from sharetrail.report.span import Rhythm

SHOPS = {0: 40, 1: 24, 2: 12, 4: 6, 8: 4, 16: 3, 32: 2, 64: 2, 256: 1, 1_024: 1}
"""Clicks in thirty hours → how many shops of this size are measured."""
_BESIDE: Sequence[Rhythm | None] = (
    *("daily", None, None, "monthly", None, "daily", None, None, "quarterly", None),
)
"""What one recipient gets as well, in turn: rarely, since a mailer remembers the merchant of the
mail before."""
_LARGE, _ZONE = 32, "America/New_York"
Cost = Mapping[str, float]
"""`table Operation` → requests; `read` and `written` units; `cpu` seconds of a core."""
REPORT, SENDING = "report", "sqs SendMessageBatch"
DAILY = "report daily"
_CLICKS_OF = {"heal": "hour", "close": "day", "score": "week", REPORT: "week", DAILY: "day"}
_CLICKS_OF |= {"report monthly": "week", "report quarterly": "week"}  # before which there is none
"""Kind of job → the clicks that its cost goes by; that of others goes by what they are about."""
APART = (*UNITS, "cpu")
"""What of a cost is no request."""


@dataclass(frozen=True)
class Curve:
    """A kind's cost by size: straight between what was measured, and on as the last two go. What
    was measured are means of sizes alike: from one power of two to the next."""

    sizes: Sequence[float]
    costs: Sequence[Cost]

    def at(self, size: float) -> Cost:
        if len(self.sizes) == 1:
            return self.costs[0]
        place = min(max(bisect_left(self.sizes, size), 1), len(self.sizes) - 1)
        size = max(size, self.sizes[0])
        low, high = self.sizes[place - 1], self.sizes[place]
        part = (size - low) / (high - low)
        before, after = self.costs[place - 1], self.costs[place]
        names = before.keys() | after.keys()
        return {
            name: max(0.0, (1 - part) * before.get(name, 0.0) + part * after.get(name, 0.0))
            for name in names
        }

    def with_point(self, size: float, cpu: float) -> "Curve":
        """And of so large a one this processor time is known, beside the requests of its like."""
        return Curve([*self.sizes, size], [*self.costs, {**self.at(size), "cpu": cpu}])


Kind = tuple[str, int | None]
"""Of a job; of a week's or a day's report also how many days ago the shop was followed last, for
which it looks."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    jobs: Mapping[Kind, Curve]
    """What a message of it costs."""
    firings: Mapping[str, Cost]
    """Schedule → what it costs beside what it sends, on average."""
    a_message: float
    """Seconds of a core that each message adds to whoever sends it."""

    def knows(self, kind: str) -> bool:
        """Whether the product has such jobs."""
        return any(name == kind for name, _ in self.jobs)

    def cost(self, kind: str, size: float, ago: int | None = None) -> Cost:
        """Of a job. One that nobody met costs what the like of it does."""
        curve = self.jobs.get((kind, ago)) or next(
            c for (name, _), c in self.jobs.items() if name == kind
        )
        return curve.at(size)


def measure(numbers: Mapping[int, int] = SHOPS) -> Measured:
    """Two minutes, most of it following links, and for a week as large as G12's that benchmark.
    Shops live in all the world's zones, and large ones, of whom there are few, in that of most.
    """
    sizes = [1, *(size for size, number in numbers.items() for _ in range(number))]
    drawn = zip(shops.draw(len(sizes)), cycle(_BESIDE), sizes)
    clicks = {_measured(shop, beside, size): size for shop, beside, size in drawn}
    warm_up, *_ = clicks
    story, ledger = diary.spread(clicks), Ledger()
    with ledger.cloud(start=diary.START) as cloud:
        rounds.live(cloud, clicks, story)
    runs = (run for run in ledger.runs if run.merchant != warm_up.id)
    return with_big_week(of_runs(runs, clicks, story), _big_week())


def _measured(shop: Shop, beside: Rhythm | None, size: int) -> Shop:
    """Each of its reports is measured where there are several of its size; of the largest, beside
    which there is none, a day's, since these come every Monday."""
    if size < _LARGE:
        return replace(shop, rate=size / diary.HOURS, beside=beside)
    return replace(shop, rate=size / diary.HOURS, beside="daily", zone=_ZONE)


def with_big_week(costs: Measured, seconds: Mapping[str, float]) -> Measured:
    """Where a kind of job was measured on G12's merchant as well: kind → seconds of a core."""
    jobs = {
        (kind, ago): curve.with_point(shops.BIG * (1 if kind == DAILY else 7) * 24, seconds[kind])
        if kind in seconds and len(curve.sizes) > 1
        else curve
        for (kind, ago), curve in costs.jobs.items()
    }
    return replace(costs, jobs=jobs)


def _big_week() -> Mapping[str, float]:
    """Its processor time, by the parts that its steps had of the time by the clock."""
    with weekly.serving(1) as endpoint:
        weekly.result("kept", endpoint, 1)  # all weeks but the newest
        told = weekly.result("weekly", endpoint, 1)
        daily = weekly.result("daily", endpoint, 1)
    steps = {
        step: seconds * told["cpu"] / told["seconds"] for step, seconds in told["steps"].items()
    }
    return {"score": steps["scoring"], REPORT: steps["reporting"], DAILY: daily["cpu"]}


def imports(function: str) -> float:
    """Seconds of a core until its code is imported, in a process of its own."""
    code = f"import time, functions.{function}.app; print(time.process_time())"
    command = [sys.executable, "-c", code]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def of_runs(runs: Iterable[Run], living: Iterable[Shop], story: Diary) -> Measured:
    by_id = {shop.id: shop for shop in living}
    by_size: dict[Kind, dict[int, list[Run]]] = defaultdict(lambda: defaultdict(list))
    scheduled: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if run.merchant:
            ago = _ago(run, by_id[run.merchant], story)
            by_size[run.kind, ago][size_of(run, story)].append(run)
        else:
            scheduled[run.kind].append(run)
    return Measured(
        jobs={kind: _curve(own) for kind, own in by_size.items()},
        firings={kind: _firing(own) for kind, own in scheduled.items()},
        a_message=fmean(starmap(_a_message, _busy(scheduled.values()))),
    )


def _ago(run: Run, shop: Shop, story: Diary) -> int | None:
    match run.kind:
        case "report":
            return story.last_click(shop, diary.MONDAY)
        case "report daily":
            (about,) = run.abouts
            return story.last_click(shop, date.fromisoformat(about[-10:]) + calendars.DAY)
    return None


def size_of(run: Run, story: Diary) -> int:
    """How many clicks the job is about, or how many things."""
    match _CLICKS_OF.get(run.kind):
        case "hour":
            return sum(story.by_hour[run.merchant, about] for about in run.abouts)
        case "day":
            days = (about.rpartition("#")[2] for about in run.abouts)
            return sum(story.by_day[run.merchant, day] for day in days)
        case "week":
            return story.by_week[run.merchant]
    return len(run.abouts)


def _curve(runs: Mapping[int, Sequence[Run]]) -> Curve:
    alike: dict[int, list[int]] = defaultdict(list)
    for size, own in runs.items():
        alike[size.bit_length()] += [size] * len(own)
    places = sorted(alike)
    return Curve(
        [fmean(alike[place]) for place in places],
        [_mean([run for size in {*alike[place]} for run in runs[size]]) for place in places],
    )


def _mean(runs: Sequence[Run]) -> Cost:
    """Of a message. Of processor time the median: one run in many makes a client, say."""
    number = sum(run.messages for run in runs)
    names = {name for run in runs for name in run.requests}
    return {
        **{" ".join(name): sum(run.requests[name] for run in runs) / number for name in names},
        **{name: sum(run.units[name] for run in runs) / number for name in UNITS},
        "cpu": median(run.cpu / run.messages for run in runs),
    }


def _firing(runs: Sequence[Run]) -> Cost:
    """The least processor time: what messages add stands beside it."""
    cost = {**_mean(runs), "cpu": min(run.cpu for run in runs)}
    return {name: number for name, number in cost.items() if name != SENDING}


def _busy(schedules: Iterable[Sequence[Run]]) -> Iterator[tuple[Run, float]]:
    """Those that sent something, with the least time of their kind."""
    for runs in schedules:
        yield from ((run, min(each.cpu for each in runs)) for run in runs if run.sent)


def _a_message(run: Run, least: float) -> float:
    return (run.cpu - least) / run.sent.total()
