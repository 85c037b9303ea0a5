"""What the merchant API shows of links, codes, rates and quarantine, as plain JSON values."""

from datetime import datetime
from typing import Any

from sharetrail import coupons, links, listings, quarantine, rates, shares
from sharetrail.coupons import Ownership
from sharetrail.items import dump, iso
from sharetrail.merchants import Merchant
from sharetrail.quarantine import Quarantined


# ── links ────────────────────────────────────────────────────────────────────────────────────────
def one_link(merchant: Merchant, code: str) -> dict[str, Any]:
    """A link as its sharer got it, and what else is known of it."""
    link = links.find_own(merchant.id, code)
    return {
        **shares.answer_of(link),
        "campaign": link.campaign,
        "label": link.label,
        "product": dump(link.product) if link.product else None,
        "parent": link.parent,
        "disabled": link.disabled_at is not None,
        "disabled_at": iso(link.disabled_at) if link.disabled_at else None,
    }


# ── codes and rates ──────────────────────────────────────────────────────────────────────────────
def code(ownership: Ownership) -> dict[str, Any]:
    return {**dump(ownership), "influencer": ownership.influencer}


def rate_page(merchant: Merchant, limit: int, cursor: str | None) -> dict[str, Any]:
    """The merchant's rates, by currency and day."""
    found = rates.some(merchant.id, listings.after(cursor), limit + 1)
    return listings.page(found, limit, dump, rates.key)


def code_page(merchant: Merchant, limit: int, cursor: str | None) -> dict[str, Any]:
    """Coupon codes, by code and time: whose each was, and since when."""
    found = coupons.some(merchant.id, listings.after(cursor), limit + 1)
    return listings.page(found, limit, code, coupons.key)


# ── quarantine ───────────────────────────────────────────────────────────────────────────────────
def quarantine_page(
    merchant: Merchant, limit: int, cursor: str | None, now: datetime
) -> dict[str, Any]:
    """What is in quarantine, newest first. A page may be short, and yet others follow it."""
    found, last = quarantine.some(merchant.id, listings.after(cursor), limit, now)
    items = [_quarantined(each) for each in found]
    return {"items": items, "cursor": last and listings.cursor(last)}


def one_quarantined(merchant: Merchant, quarantined_id: str, now: datetime) -> dict[str, Any]:
    kept, body = quarantine.find(merchant.id, quarantined_id, now)
    return {**_quarantined(kept), "headers": kept.headers, "payload": body.decode()}


def _quarantined(kept: Quarantined) -> dict[str, Any]:
    return {
        "id": kept.id,
        "provider": kept.provider,
        "topic": kept.topic,
        "received": iso(kept.received),
        "expires": iso(kept.expires),
        "reason": kept.reason,
        "errors": [{"field": name, "detail": why} for name, why in kept.fields.items()],
    }
