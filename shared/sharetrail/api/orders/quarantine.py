"""/v1/quarantine: webhooks that could not be understood."""

from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from typing_extensions import TypedDict

from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Fault, Moment, Page, described
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.calendars import iso
from sharetrail.webhooks import quarantine
from sharetrail.webhooks.delivery import Mismatch, NotUnderstood
from sharetrail.webhooks.replies import Stored

router = Router()
QuarantineId = Annotated[str, Path(pattern=quarantine.ID_PATTERN)]


@described
class QuarantinedWebhook(TypedDict):
    id: str
    provider: str
    topic: str
    order: str | None
    """The id of its order, where the body has one at the place for it."""
    received_at: Moment
    expires_at: Moment
    reason: str
    errors: list[Fault]


@described
class WholeWebhook(QuarantinedWebhook):
    headers: dict[str, str]
    payload: str
    """As it came."""


@described
class Discarded(TypedDict):
    discarded: str
    """Its id."""


@router.get("/v1/quarantine")
def list_quarantine(
    limit: paging.Limit = 50, cursor: paging.Cursor = None
) -> Page[QuarantinedWebhook]:
    """Webhooks that are signed and could not be understood, newest first."""
    # A page may be short, where some have just expired, and yet others follow it.
    merchant, now, asked = merchant_of(router), now_of(router), paging.asked(limit, cursor)
    webhooks, last = quarantine.following(merchant.id, asked.after, limit, now)
    return {
        "items": [_quarantined(each) for each in webhooks],
        "cursor": last and asked.cursor(last),
    }


@router.get("/v1/quarantine/<quarantined_id>")
def show_quarantined(quarantined_id: QuarantineId) -> WholeWebhook:
    """One of them whole, its payload as it came."""
    webhook, body = quarantine.find(merchant_of(router).id, quarantined_id, now_of(router))
    return {**_quarantined(webhook), "headers": webhook.headers, "payload": body.decode()}


@router.post(
    "/v1/quarantine/<quarantined_id>/replay",
    openapi_extensions=refusing(NotUnderstood, Mismatch),
)
def replay_quarantined(quarantined_id: QuarantineId) -> Stored:
    """Reads it again; once it is understood, it leaves quarantine and its fact is stored."""
    return quarantine.replay(merchant_of(router), quarantined_id, now_of(router))


@router.delete("/v1/quarantine/<quarantined_id>")
def discard_quarantined(quarantined_id: QuarantineId) -> Discarded:
    """Forgets it unread."""
    quarantine.discard(merchant_of(router).id, quarantined_id, now_of(router))
    return {"discarded": quarantined_id}


def _quarantined(webhook: quarantine.Quarantined) -> QuarantinedWebhook:
    return {
        "id": webhook.id,
        "provider": webhook.provider,
        "topic": webhook.topic,
        "order": webhook.order or None,
        "received_at": iso(webhook.received),
        "expires_at": iso(webhook.expires),
        "reason": webhook.reason,
        "errors": quarantine.errors_of(webhook),
    }
