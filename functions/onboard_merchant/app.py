"""Invoked directly by the operator, never a route: create or update a merchant.

{"shop_host": "shop.example", "currency": "EUR", "zone": "Europe/Berlin", "recipients": […], …}
→ ids, what to install, each recipient's page that says whether it works, and once, when they are
made, keys and secrets; and by which code what is kept of mails names a recipient. Fields: the
settings of a Merchant, and Wishes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sharetrail import logs
from sharetrail.calendars import moment
from sharetrail.installation import onboard_merchant
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.privacy import shops
from sharetrail.problems import Problem
from sharetrail.report import choices, page_paths
from sharetrail.report.issuing import rhythms
from sharetrail.report.keeping import page_links, recipient_codes
from sharetrail.web.http import Event


@logs.entrance
def handler(event: Event, _context: Any) -> dict[str, Any]:
    asked = dict(event)
    # A direct invocation has no trigger to take the time from; `time` may stand in the event.
    now = moment(asked.pop("time")) if "time" in asked else datetime.now(UTC)
    try:
        shops.check_may_begin(str(asked.get("shop_host")))
        onboarded = onboard_merchant.onboard(asked, now)
    except Problem as problem:
        return {"error": problem.detail, "errors": problem.errors}
    merchant = profiles.read(onboarded["merchant_id"])
    if merchant is None:
        return onboarded
    # Who is a recipient again, or takes mail again, gets what they had chosen from the next on.
    rhythms.start_all(merchant, choices.find_all(merchant), now)
    codes = {each: recipient_codes.code_of(merchant.id, each, now) for each in merchant.recipients}
    pages = _pages(merchant, now)
    return {**onboarded, "installation_pages": pages, "recipient_codes": codes}


def _pages(merchant: Merchant, now: datetime) -> dict[str, str]:
    """By recipient, the page that says whether it works: no mail leads there before the first
    report. A moment later than what this run made void."""
    later = now + timedelta(milliseconds=1)
    links = {each: page_links.make(merchant, each, later) for each in merchant.recipients}
    return {who: page_paths.under(link.url, page_paths.INSTALLATION) for who, link in links.items()}
