"""G12: a big merchant's week, scored and reported; a what-if over all of its orders; and what takes
longer than a call: stats of all its weeks, a quarter's report, and a what-if over ten times as many
orders.

`python -m bench.weekly`: the rows are answered by one process and the work is done in others, each
of which is measured (work.py). First all weeks are added up, then all but the newest are kept: by
how much that is less is told too. A quarter of an hour in all.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import urlopen

from bench import goals
from bench.goals import Figure
from bench.weekly import merchant
from bench.weekly.tables import COUNTS

LIMITS = {1: (15, 200), 10: (150, 1_000)}
"""How many times the merchant → seconds, and MB of the process: Python, boto3 and the product."""
KEPT = 0.2
"""Of what it takes to add all weeks up."""
ISSUES = {"issue": "the week's report issued", "daily": "a day's report issued"}
MOST_REQUESTS = 1_000
"""Of a report, with what became of those before it."""
HTTP = 30
"""Seconds that API Gateway waits for an answer."""
WORKER, ROOM = 900, 1_769
"""Seconds and MB that analyse_merchant has for what takes longer."""
Result = dict[str, Any]


def measure() -> list[Figure]:
    return [each for times in LIMITS for each in figures_of(times, *LIMITS[times])]


def figures_of(times: float, seconds: float, memory: float) -> list[Figure]:
    """Of a merchant so many times that of G12."""
    with serving(times) as endpoint:
        full, kept, weekly = (result(job, endpoint, times) for job in ("full", "kept", "weekly"))
        issues = {name: result(job, endpoint, times) for job, name in ISSUES.items()}
        what_if, quarter = (result(job, endpoint, times) for job in ("what_if", "quarter"))
        stats = result("stats", endpoint, times) if times <= 1 else None
    name = f"{times:g} × G12" if times != 1 else "the week"
    figures = [
        *_weekly(name, times, weekly, seconds, memory),
        *(_part(name, what, kept, full) for what in ("cpu", "requests", "units")),
        *(_issued(f"{name}, {what}", each) for what, each in issues.items()),
    ]
    if stats is None:
        trial = f"{merchant.ORDERS * times:,.0f} orders under another rule"
        return [*figures, *_worked_on(trial, what_if), *_worked_on(f"{name}, a quarter", quarter)]
    asked = (("stats of all weeks, by link", stats), ("a quarter's report", quarter))
    return [*figures, _what_if(what_if), *(each for one in asked for each in _worked_on(*one))]


def _weekly(
    name: str, times: float, weekly: Result, seconds: float, memory: float
) -> Iterator[Figure]:
    beside = {
        "merchant": f"{1_000_000 * times:,.0f} clicks and {50_000 * times:,.0f} orders in "
        f"{merchant.WEEKS} weeks, {20_000 * times:,.0f} influencers",
        "CPU": f"{weekly['cpu']:.0f} s",
    }
    steps = {step: f"{took:.1f} s" for step, took in weekly["steps"].items()}
    week = f"{name}, scored and reported"
    yield Figure("G12", f"{week}, peak memory in MB", weekly["peak"], memory, details=beside)
    yield Figure("G12", f"{week}, seconds", weekly["seconds"], seconds, details=beside | steps)


def _part(name: str, what: str, kept: Result, full: Result) -> Figure:
    words = {"cpu": "CPU", "requests": "requests", "units": "read and write units"}[what]
    told = f"{name}, {words} with all but the newest week kept ÷ none"
    details = {"kept": f"{kept[what]:,.4g}", "none kept": f"{full[what]:,.4g}"}
    return Figure("G12", told, kept[what] / full[what], KEPT, details=details)


def _issued(what: str, result: Result) -> Figure:
    """By its requests, which do not vary as seconds do."""
    beside = {"CPU": f"{result['cpu']:.0f} s", "units": f"{result['units']:,.0f}"}
    return Figure("G12", f"{what}, requests", result["requests"], MOST_REQUESTS, details=beside)


def _what_if(result: Result) -> Figure:
    told = f"{merchant.ORDERS:,} orders under another rule, seconds"
    asking = {"CPU": f"{result['cpu']:.0f} s", "peak": f"{result['peak']:.0f} MB"}
    return Figure("what-if", told, result["seconds"], HTTP, details=asking)


def _worked_on(what: str, result: Result) -> list[Figure]:
    cpu = {"CPU": f"{result['cpu']:.0f} s"}
    return [
        Figure("202", f"{what}, seconds", result["seconds"], WORKER, details=cpu),
        Figure("202", f"{what}, peak memory in MB", result["peak"], ROOM),
    ]


def _variables(times: float) -> dict[str, str]:
    return {**os.environ, **merchant.variables(), "WEEKLY_TIMES": f"{times:g}"}


@contextmanager
def serving(times: float) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.weekly.tables"]
    environment = {**_variables(times), "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def result(job: str, endpoint: str, times: float) -> Result:
    """What it took, and what it asked for."""
    environment = {
        **_variables(times),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "bench.weekly.work", job]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"bench.weekly broke:\n{run.stderr}")
    with urlopen(f"{endpoint}{COUNTS}") as answer:
        counts = json.load(answer)
    units = counts.get("read units", 0) + counts.get("write units", 0)
    told: Result = {**json.loads(run.stdout), **counts, "units": units}
    return told


if __name__ == "__main__":
    goals.main(measure)
