"""What a call changed, in the list of what was done on the report's page."""

from datetime import datetime

from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail.merchants.keys import api_keys
from sharetrail.report.page.acts import key_acts
from sharetrail.report.page.acts.act import ActKind
from sharetrail.web.http import Request


def note(
    resource: Router, merchant_id: str, kind: ActKind, label: str, after: str, now: datetime
) -> None:
    """It was done by the key that asks, which may have ended by it."""
    request = Request.of(resource.current_event.raw_event)
    digest = api_keys.hashed(api_keys.sent_with(request))
    key_acts.note(merchant_id, digest, kind, label, after, now)
