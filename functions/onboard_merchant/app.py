"""Invoked directly by the operator, never a route: create or update a merchant.

{"shop_host": "shop.example", "currency": "EUR", "zone": "Europe/Berlin", "recipients": […], …}
→ ids, what to install, and once, when they are made, keys and secrets. Fields: the settings of a
Merchant, and Wishes.
"""

from datetime import UTC, datetime
from typing import Any

from sharetrail.calendars import moment
from sharetrail.installation import onboard_merchant
from sharetrail.merchants import profiles
from sharetrail.problems import Problem
from sharetrail.report import choices
from sharetrail.report.issuing import rhythms
from sharetrail.web.http import Event


def handler(event: Event, _context: Any) -> dict[str, Any]:
    asked = dict(event)
    # A direct invocation has no trigger to take the time from; `time` may stand in the event.
    now = moment(asked.pop("time")) if "time" in asked else datetime.now(UTC)
    try:
        onboarded = onboard_merchant.onboard(asked, now)
    except Problem as problem:
        return {"error": problem.detail, "errors": problem.errors}
    _begin_reports(onboarded["merchant_id"], now)
    return onboarded


def _begin_reports(merchant_id: str, now: datetime) -> None:
    """Who is a recipient again, or takes mail again, gets what they had chosen from the next on."""
    if merchant := profiles.read(merchant_id):
        rhythms.start_all(merchant, choices.find_all(merchant), now)
