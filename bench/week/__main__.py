"""G12: a big merchant's week, scored and reported, and a what-if over all of its orders.

`python -m bench.week`: the rows are answered by one process and the work is done in another, which
is measured (work.py). Some two minutes.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import goals
from bench.goals import Figure
from bench.week import merchant

SECONDS = 35
MEMORY = 300
"""MB, all of the process: Python, boto3 and the product."""
HTTP = 30
"""Seconds that API Gateway waits for an answer."""


def measure() -> list[Figure]:
    with _serving() as endpoint:
        weekly = _result("weekly", endpoint)
        what_if = _result("what_if", endpoint)
    beside = {
        "merchant": f"{merchant.CLICKS:,} clicks and {merchant.ORDERS:,} orders in "
        f"{merchant.WEEKS} weeks, {merchant.INFLUENCERS:,} influencers",
        "CPU": f"{weekly['cpu']:.0f} s",
    }
    return [
        Figure(
            goal="G12",
            what="weekly score and report, peak memory in MB",
            value=weekly["peak"],
            limit=MEMORY,
            details=beside,
        ),
        Figure(
            goal="G12",
            what="weekly score and report, seconds",
            value=weekly["seconds"],
            limit=SECONDS,
            details={**beside, **{name: f"{s:.0f} s" for name, s in weekly["steps"].items()}},
        ),
        Figure(
            goal="what-if",
            what=f"{merchant.ORDERS:,} orders under another rule, seconds",
            value=what_if["seconds"],
            limit=HTTP,
            details={"CPU": f"{what_if['cpu']:.0f} s", "peak": f"{what_if['peak']:.0f} MB"},
        ),
    ]


@contextmanager
def _serving() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.week.tables"]
    environment = {**os.environ, **merchant.variables(), "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def _result(job: str, endpoint: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        **merchant.variables(),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "bench.week.work", job]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"bench.week broke:\n{run.stderr}")
    result: dict[str, Any] = json.loads(run.stdout)
    return result


if __name__ == "__main__":
    goals.main(measure)
