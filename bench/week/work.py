"""What is measured of a big week, in a process of its own: `python -m bench.week.work JOB`.

It finds the merchant's rows behind AWS's own variables (server.py), so its peak memory and its time
are those of the code that Lambda runs.
"""

import json
import resource
import sys
import time
from datetime import timedelta
from itertools import chain

from bench.week.merchant import DAYS, FIRST, MERCHANT, NOW, ORDERS, WEEK

TIMES = 10


def weekly() -> dict[str, float]:
    from sharetrail.analysis import score_influencers
    from sharetrail.report import build_report, compose_mail

    begun = time.perf_counter()
    score_influencers.refresh(MERCHANT, WEEK, NOW)
    scored = time.perf_counter()
    report = build_report.build(MERCHANT, WEEK, None, NOW)
    mail = compose_mail.compose(report, "owner@big.example", "https://go.big.example/unsubscribe/x")
    assert "The Big Shop" in mail.html
    return {"scoring": scored - begun, "reporting": time.perf_counter() - scored}


def what_if(orders: int = ORDERS) -> dict[str, float]:
    from sharetrail.api.questions import what_if
    from sharetrail.api.questions.what_if import Trial

    begun = time.perf_counter()
    last = FIRST + timedelta(days=DAYS)
    trial = Trial(first=FIRST, last=last, window_days=7, model="position")
    answer = what_if.compare(MERCHANT, trial)
    assert answer["orders"] == orders
    return {"asking": time.perf_counter() - begun}


def many_orders() -> dict[str, float]:
    """The same of ten times as many: each of the orders that there are is told ten times."""
    from sharetrail.attribution import credits

    once = credits.between
    credits.between = lambda *asked: chain.from_iterable(once(*asked) for _ in range(TIMES))
    return what_if(TIMES * ORDERS)


def stats() -> dict[str, float]:
    from sharetrail.api.questions import stats
    from sharetrail.api.questions.stats import Query

    begun = time.perf_counter()
    query = Query(first=FIRST, last=FIRST + timedelta(days=DAYS), by="link")
    answer = stats.show(MERCHANT, query, NOW)
    assert answer["totals"]["orders"]["all"] == ORDERS
    return {"adding up": time.perf_counter() - begun}


JOBS = {"weekly": weekly, "what_if": what_if, "many_orders": many_orders, "stats": stats}


def result(job: str) -> str:
    """What it took, as JSON: seconds in steps and in all, of a processor, and megabytes."""
    steps = JOBS[job]()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return json.dumps(
        {
            "steps": steps,
            "seconds": sum(steps.values()),
            "cpu": usage.ru_utime + usage.ru_stime,
            "peak": usage.ru_maxrss / 1024,
        }
    )


if __name__ == "__main__":
    print(result(sys.argv[1]))
