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
    steps = {name: f"{seconds:.0f} s" for name, seconds in weekly["steps"].items()}
    asking = {"CPU": f"{what_if['cpu']:.0f} s", "peak": f"{what_if['peak']:.0f} MB"}
    week, orders = "weekly score and report", f"{merchant.ORDERS:,} orders under another rule"
    return [
        Figure("G12", f"{week}, peak memory in MB", weekly["peak"], MEMORY, details=beside),
        Figure("G12", f"{week}, seconds", weekly["seconds"], SECONDS, details=beside | steps),
        Figure("what-if", f"{orders}, seconds", what_if["seconds"], HTTP, details=asking),
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
