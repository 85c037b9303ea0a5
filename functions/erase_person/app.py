"""Invoked directly by the operator, never a route: erase a buyer, an influencer, a recipient, or a
whole shop. And queue of erasures: what merchants and their systems asked for, exports among it; and
at night all again, for as long as what was under way may bring them back.

{"merchant": "m_…", "buyer": {"email": …, "customer": {"shopify": …}, "orders": ["shopify/1001"]}}
(or "influencer", "recipient", "shop": true) → what came of it. {"again": true}, once a table was
restored: all that were asked for are done again.
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sharetrail import logs
from sharetrail.aws import batches
from sharetrail.calendars import moment
from sharetrail.privacy import asked_person, erase_person
from sharetrail.problems import Problem
from sharetrail.questions import privacy_requests
from sharetrail.web.http import Event


@logs.entrance
def handler(event: Event, _context: Any) -> dict[str, Any]:
    if "Records" in event:
        return batches.work_off(event["Records"], batches.itself, erase_person.work)
    if event.get("again"):
        return {"queued": privacy_requests.queue_again(*erase_person.IN_A_BACKUP, whole=True)}
    return _erase(dict(event))


def _erase(asked: dict[str, Any]) -> dict[str, Any]:
    # A direct invocation has no trigger to take the time from; `time` may stand in the event.
    now = moment(asked.pop("time")) if "time" in asked else datetime.now(UTC)
    try:
        request = asked_person.request_of(asked.pop("merchant", ""), asked, "erase", now)
        return asdict(erase_person.erase(privacy_requests.keep(request), now))
    except Problem as problem:
        return {"error": problem.detail, "errors": problem.errors}
