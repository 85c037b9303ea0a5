"""Invoked directly by the operator, never a route: all that is kept of a buyer, an influencer, a
recipient, or a whole shop.

{"merchant": "m_…", "buyer": {"email": …, "customer": {"shopify": …}, "orders": ["shopify/1001"]}}
(or "influencer", "recipient", "shop": true) → it, as JSON; of what is too large for an answer
`kept_as`, an object of the quarantine bucket.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sharetrail import logs
from sharetrail.calendars import moment
from sharetrail.merchants import profiles
from sharetrail.privacy import asked_person, export_person
from sharetrail.privacy.pieces import Piece
from sharetrail.problems import Problem
from sharetrail.web.http import Event


@logs.entrance
def handler(event: Event, _context: Any) -> Mapping[str, Any]:
    asked = dict(event)
    # A direct invocation has no trigger to take the time from; `time` may stand in the event.
    now = moment(asked.pop("time")) if "time" in asked else datetime.now(UTC)
    try:
        merchant = profiles.find(asked.pop("merchant", ""), now)
        request = asked_person.request_of(merchant.id, asked, "export", now)
    except Problem as problem:
        return {"error": problem.detail, "errors": problem.errors}
    told = export_person.export(merchant, request, now, Piece())
    return export_person.handed_over(merchant, request, told)
