"""Queue of analyses: what looks at one merchant's whole weeks."""

from typing import Any

from sharetrail.analysis import score_influencers
from sharetrail.merchants import jobs
from sharetrail.report import issue_reports


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return jobs.work_off(event, {"score": score_influencers.score, "report": issue_reports.issue})
