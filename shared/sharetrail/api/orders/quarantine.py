"""/v1/quarantine: webhooks that could not be understood."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path

from sharetrail.api.frame import paging
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.calendars import iso
from sharetrail.web import cursors
from sharetrail.webhooks import quarantine

router = Router()
QuarantineId = Annotated[str, Path(pattern=quarantine.ID_PATTERN)]


@router.get("/v1/quarantine")
def list_quarantine(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> dict[str, Any]:
    """Webhooks that are signed and could not be understood, newest first."""
    # A page may be short, where some have just expired, and yet others follow it.
    merchant, now = merchant_of(router), now_of(router)
    webhooks, last = quarantine.following(merchant.id, cursors.key_of(cursor), limit, now)
    items = [_quarantined(each) for each in webhooks]
    return {"items": items, "cursor": last and cursors.cursor_of(last)}


@router.get("/v1/quarantine/<quarantined_id>")
def show_quarantined(quarantined_id: QuarantineId) -> dict[str, Any]:
    """One of them whole, its payload as it came."""
    webhook, body = quarantine.find(merchant_of(router).id, quarantined_id, now_of(router))
    return {**_quarantined(webhook), "headers": webhook.headers, "payload": body.decode()}


@router.post("/v1/quarantine/<quarantined_id>/replay")
def replay_quarantined(quarantined_id: QuarantineId) -> dict[str, Any]:
    """Reads it again; once it is understood, it leaves quarantine and its fact is stored."""
    return quarantine.replay(merchant_of(router), quarantined_id, now_of(router))


@router.delete("/v1/quarantine/<quarantined_id>")
def discard_quarantined(quarantined_id: QuarantineId) -> dict[str, Any]:
    """Forgets it unread."""
    quarantine.discard(merchant_of(router).id, quarantined_id, now_of(router))
    return {"discarded": quarantined_id}


def _quarantined(webhook: quarantine.Quarantined) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "provider": webhook.provider,
        "topic": webhook.topic,
        "order": webhook.order or None,
        "received": iso(webhook.received),
        "expires": iso(webhook.expires),
        "reason": webhook.reason,
        "errors": quarantine.errors_of(webhook),
    }
