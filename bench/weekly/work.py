"""What is measured of a big week, in a process of its own: `python -m bench.weekly.work JOB`.

It finds the merchant's rows behind AWS's own variables (server.py), so its peak memory and its time
are those of the code that Lambda runs.
"""

import json
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.request import urlopen

from bench.weekly.merchant import DAYS, FIRST, MERCHANT, NOW, ORDERS, WEEK
from bench.weekly.tables import COUNTS
from sharetrail.aws.tables import MERCHANTS
from sharetrail.calendars import Week, iso
from sharetrail.report.span import SpanKind

OWNER = "owner@big.example"


def gathering(week: Week) -> dict[str, float]:
    """What weeks come to, and what they say of journeys, of which none or all but one are kept."""
    from sharetrail.analysis.markov.journey import add_weeks, journey_weeks
    from sharetrail.analysis.weeks.kept_weeks import KeptWeeks
    from sharetrail.analysis.weeks.week_sums import merge

    begun = time.perf_counter()
    weeks = KeptWeeks(MERCHANT, week, NOW)
    merged = merge(weeks.sums())
    records = add_weeks(MERCHANT, week, weeks.journeys(journey_weeks(MERCHANT, week)))
    assert merged.by_influencer
    assert records.trail_steps
    return {"gathering": time.perf_counter() - begun}


def weekly() -> dict[str, float]:
    from sharetrail.analysis import score_influencers
    from sharetrail.report import span
    from sharetrail.report.building import build_report
    from sharetrail.report.mailing import compose_mail

    begun = time.perf_counter()
    score_influencers.refresh(MERCHANT, WEEK, NOW)
    scored = time.perf_counter()
    report = build_report.build(MERCHANT, span.of_day("week", WEEK.first), None, NOW)
    mail = compose_mail.compose(
        report,
        "owner@big.example",
        "https://go.big.example/unsubscribe/x",
        "https://go.big.example/reports/x",
    )
    assert "The Big Shop" in mail.html
    return {"scoring": scored - begun, "reporting": time.perf_counter() - scored}


def quarter() -> dict[str, float]:
    """A report of thirteen weeks, beside the thirteen before, which nobody kept."""
    from sharetrail.report import span
    from sharetrail.report.building import build_report

    begun = time.perf_counter()
    report = build_report.build(MERCHANT, span.read("2026-Q3"), None, NOW)
    assert len(report.steps) == 14
    assert sum(report.audience.hours) == report.funnel.clicks
    return {"building": time.perf_counter() - begun}


def issue(kind: SpanKind) -> dict[str, float]:
    """The newest report of a kind as it is issued: built, with what became of those of the 13 weeks
    before, kept, its mails queued. The week is scored already."""
    from bench.weekly import earlier_reports
    from sharetrail.report import span
    from sharetrail.report.issuing import issue_reports, rhythms
    from sharetrail.report.keeping import reports

    asked = span.last_due(kind, NOW, MERCHANT.tz)
    choice = {"pk": f"merchant#{MERCHANT.id}", "sk": f"reports#{OWNER}", "chosen": iso(NOW)}
    MERCHANTS.put({**choice, "rhythms": [rhythms.of(asked)]})
    earlier_reports.keep(MERCHANT, asked, 1, NOW)
    merchant = replace(MERCHANT, recipients=(OWNER,), created_at=NOW - timedelta(days=365))
    with urlopen(f"{os.environ['AWS_ENDPOINT_URL']}{COUNTS}"):  # from here on
        begun = time.perf_counter()
    issue_reports.issue(merchant, (rhythms.about_of(asked),), NOW)
    assert reports.find(MERCHANT.id, asked)
    return {"issuing": time.perf_counter() - begun}


def what_if() -> dict[str, float]:
    from sharetrail.api.questions import what_if
    from sharetrail.api.questions.what_if import Trial

    begun = time.perf_counter()
    last = FIRST + timedelta(days=DAYS)
    trial = Trial(first=FIRST, last=last, window_days=7, model="position")
    answer = what_if.compare(MERCHANT, trial)
    assert answer["orders"] == ORDERS
    return {"asking": time.perf_counter() - begun}


def stats() -> dict[str, float]:
    from sharetrail.api.questions import stats
    from sharetrail.api.questions.stats import Query

    begun = time.perf_counter()
    query = Query(first=FIRST, last=FIRST + timedelta(days=DAYS), by="link")
    answer = stats.show(MERCHANT, query, NOW)
    assert answer["totals"]["orders"] == ORDERS
    return {"adding up": time.perf_counter() - begun}


JOBS = {
    "full": partial(gathering, WEEK.before(2)),
    "kept": partial(gathering, WEEK.before()),
    "weekly": weekly,
    "issue": partial(issue, "week"),
    "daily": partial(issue, "day"),
    "quarter": quarter,
    "what_if": what_if,
    "stats": stats,
}


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
