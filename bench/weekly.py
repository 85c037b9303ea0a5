"""G12: a big merchant's week, scored and reported, and a what-if over all of its orders.

`python -m bench.weekly`: the work runs in a process of its own, which finds the merchant's rows
behind AWS's own variables (see big_shop.py), so its peak memory and its time are those of the code
that Lambda runs. Some two minutes.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bench import big_shop, goals
from bench.goals import Figure

LAMBDA = 900
"""Seconds: the most a function may take, of which a tenth is the goal."""
MEMORY = 512
"""MB, all of the process: Python, boto3 and the product."""
HTTP = 30
"""Seconds that API Gateway waits for an answer."""


def measure() -> list[Figure]:
    with _serving() as endpoint:
        weekly = _work("weekly", endpoint)
        asked = _work("what_if", endpoint)
    rested = {
        "merchant": f"{big_shop.CLICKS:,} clicks and {big_shop.ORDERS:,} orders in "
        f"{big_shop.WEEKS} weeks, {big_shop.INFLUENCERS:,} influencers",
        "CPU": f"{weekly['cpu']:.0f} s",
    }
    return [
        Figure(
            goal="G12",
            what="weekly score and report, peak memory in MB",
            value=weekly["peak"],
            limit=MEMORY,
            details=rested,
        ),
        Figure(
            goal="G12",
            what="weekly score and report, seconds",
            value=weekly["seconds"],
            limit=LAMBDA / 10,
            details={**rested, **{name: f"{s:.0f} s" for name, s in weekly["steps"].items()}},
        ),
        Figure(
            goal="what-if",
            what=f"{big_shop.ORDERS:,} orders under another rule, seconds",
            value=asked["seconds"],
            limit=HTTP,
            details={"CPU": f"{asked['cpu']:.0f} s", "peak": f"{asked['peak']:.0f} MB"},
        ),
    ]


@contextmanager
def _serving() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.big_shop"]
    environment = {**os.environ, **big_shop.environment(), "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def _work(name: str, endpoint: str) -> dict[str, Any]:
    """Runs one of the jobs below in a process of its own."""
    environment = {
        **os.environ,
        **big_shop.environment(),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "bench.weekly", "--work", name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench.weekly broke:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


# ── in the process that is measured ──────────────────────────────────────────────────────────────
def _weekly() -> dict[str, float]:
    from sharetrail.analysis import score_influencers
    from sharetrail.report import build, compose_mail

    begun = time.perf_counter()
    score_influencers.refresh(big_shop.MERCHANT, big_shop.WEEK, big_shop.NOW)
    scored = time.perf_counter()
    report = build.build(big_shop.MERCHANT, big_shop.WEEK, None, big_shop.NOW)
    mail = compose_mail.compose(report, "owner@big.example", "https://go.big.example/unsubscribe/x")
    assert "The Big Shop" in mail.html
    return {"scoring": scored - begun, "reporting": time.perf_counter() - scored}


def _what_if() -> dict[str, float]:
    from sharetrail.api import what_if
    from sharetrail.api.what_if import Question

    begun = time.perf_counter()
    last = big_shop.FIRST + timedelta(days=big_shop.DAYS)
    question = Question(first=big_shop.FIRST, last=last, window_days=7, model="position")
    told = what_if.answer_question(big_shop.MERCHANT, question)
    assert told["orders"] == big_shop.ORDERS
    return {"asking": time.perf_counter() - begun}


_JOBS = {"weekly": _weekly, "what_if": _what_if}


def _worked(name: str) -> str:
    steps = _JOBS[name]()
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "steps": steps,
        "seconds": sum(steps.values()),
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1024,
    }
    return json.dumps(told)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        print(_worked(sys.argv[2]))
    else:
        goals.main(measure)
