"""Queue of chores: what is to be done for one merchant every hour, in seconds."""

from typing import Any

from sharetrail.merchants import jobs
from sharetrail.totals import closings


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return jobs.work_off(event, {"close": closings.close})
