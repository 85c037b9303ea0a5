"""Stripe's API, a function a call.

Of the last thirty days Stripe keeps the events themselves: these are read again as they were sent.
What is older is read from the Checkout Sessions, of which what was refunded since is told by the
charge. Every POST carries an Idempotency-Key: sent again, it is answered by what it did first.

https://docs.stripe.com/api
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharetrail.merchants.profile import Merchant
from sharetrail.platforms import calling
from sharetrail.platforms.calling import Call
from sharetrail.platforms.credential import StripeKey
from sharetrail.platforms.page import Page
from sharetrail.platforms.site import Site, of
from sharetrail.platforms.subscription import Subscription
from sharetrail.platforms.trouble import CallFailed, TroubleKind, understood

VERSION = "2026-10-28.endive"
"""Of what is asked for, and of what our endpoint is sent."""
HOST = "api.stripe.com"
EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "charge.refunded",
    "refund.failed",
    "refund.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
MADE_BY = "sharetrail"
"""In an endpoint's metadata: who made it."""
REACH = timedelta(days=90)
_KEPT = timedelta(days=29)
"""Events are kept for thirty days; one less, so that none ends while they are read."""
_A_PAGE = 100
_SESSIONS = "sessions#"
_PERMISSIONS = {
    "/v1/webhook_endpoints": "Webhook Endpoints: write",
    "/v1/events": "Events: read",
    "/v1/checkout/sessions": "Checkout Sessions, PaymentIntents, Charges and Refunds: read",
}
_UNAUTHORIZED, _FORBIDDEN = 401, 403


@dataclass(frozen=True, kw_only=True)
class Shop:
    site: Site
    merchant: str
    reach: timedelta = REACH


@dataclass(frozen=True, kw_only=True)
class Endpoint(Subscription):
    is_ours: bool
    """Whether we made it, whatever became of it."""


def open_shop(merchant: Merchant, key: StripeKey) -> Shop:
    """The account of the key. Nobody is asked anything yet."""
    headers = {"authorization": f"Bearer {key.secret_key}", "stripe-version": VERSION}
    return Shop(site=Site(base=of("stripe", HOST), headers=headers), merchant=merchant.id)


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────
@understood("webhook_endpoints")
def endpoints(shop: Shop) -> list[Endpoint]:
    """All of the account's, the oldest first."""
    found, after = list[Any](), ""
    while True:
        query = {"limit": _A_PAGE} | ({"starting_after": after} if after else {})
        told = _answered(shop, Call(method="GET", path="/v1/webhook_endpoints", query=query))
        found += told["data"]
        if not told.get("has_more"):
            return [_endpoint(each) for each in sorted(found, key=lambda each: each["created"])]
        after = found[-1]["id"]


def _endpoint(told: Any) -> Endpoint:
    return Endpoint(
        id=told["id"],
        topics=frozenset(told["enabled_events"]),
        address=told["url"],
        is_active=told["status"] == "enabled",
        is_ours=MADE_BY in (told.get("metadata") or {}),
    )


@understood("webhook_endpoints")
def make_endpoint(shop: Shop, address: str, attempt: str) -> tuple[str, str]:
    """Its id and its secret, which Stripe tells here alone: an attempt that is made again, after
    its answer was lost, is told them again."""
    form = (
        ("url", address),
        ("api_version", VERSION),
        ("description", "Sharetrail"),
        (f"metadata[{MADE_BY}]", "1"),
        *_enabled(),
    )
    path = "/v1/webhook_endpoints"
    headers = {"idempotency-key": _key(shop.merchant, "make", address, attempt)}
    told = _answered(shop, Call(method="POST", path=path, form=form, headers=headers))
    return str(told["id"]), str(told["secret"])


def mend_endpoint(shop: Shop, endpoint: Subscription, address: str, attempt: str) -> None:
    """Enabled, leading to the address and hearing of all that is read."""
    form = (("url", address), ("disabled", "false"), *_enabled())
    path = f"/v1/webhook_endpoints/{endpoint.id}"
    headers = {"idempotency-key": _key(shop.merchant, endpoint.id, address, attempt)}
    _answered(shop, Call(method="POST", path=path, form=form, headers=headers))


def remove_endpoint(shop: Shop, endpoint: Subscription) -> None:
    path = f"/v1/webhook_endpoints/{endpoint.id}"
    _answered(shop, Call(method="DELETE", path=path, is_safe=False))


def _enabled() -> tuple[tuple[str, str], ...]:
    return tuple((f"enabled_events[{place}]", name) for place, name in enumerate(EVENTS))


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


# ── orders ───────────────────────────────────────────────────────────────────────────────────────
@understood("orders")
def orders(shop: Shop, since: datetime, begun: datetime, cursor: str) -> Page:
    """Events since then, newest first, as they were sent; then Checkout Sessions of the time before
    there are events. The cursor names the last one's id, and which of the two it is of."""
    if cursor.startswith(_SESSIONS):
        return _sessions(shop, since, begun - _KEPT, cursor.removeprefix(_SESSIONS))
    page = _events(shop, max(since, begun - _KEPT), cursor)
    is_more = page.cursor is None and since < begun - _KEPT
    return Page(items=page.items, cursor=_SESSIONS) if is_more else page


def _events(shop: Shop, since: datetime, after: str) -> Page:
    named = tuple((f"types[{place}]", name) for place, name in enumerate(EVENTS))
    query = (*_of_page(after), ("created[gte]", _seconds(since)), *named)
    told = _answered(shop, Call(method="GET", path="/v1/events", query=query))
    return _page(told, "")


def _sessions(shop: Shop, since: datetime, until: datetime, after: str) -> Page:
    query = (
        *_of_page(after),
        ("status", "complete"),
        ("created[gte]", _seconds(since)),
        ("created[lt]", _seconds(until)),
        ("expand[0]", "data.payment_intent.latest_charge"),
    )
    told = _answered(shop, Call(method="GET", path="/v1/checkout/sessions", query=query))
    return _page(told, _SESSIONS)


def _of_page(after: str) -> tuple[tuple[str, Any], ...]:
    return (("limit", _A_PAGE), *((("starting_after", after),) if after else ()))


def _page(told: Any, kind: str) -> Page:
    found = tuple(told["data"])
    is_more = bool(told.get("has_more")) and bool(found)
    return Page(items=found, cursor=f"{kind}{found[-1]['id']}" if is_more else None)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


# ── calls ────────────────────────────────────────────────────────────────────────────────────────
def _answered(shop: Shop, call: Call) -> Mapping[str, Any]:
    reply = calling.send(shop.site, call)
    told = reply.json
    if not reply.is_fine or not isinstance(told, dict):
        raise CallFailed(*_why_refused(reply.status, call.path))
    return told


def _why_refused(status: int, path: str) -> tuple[TroubleKind, str]:
    """Stripe's own words are not repeated: they show a part of the key."""
    if status == _UNAUTHORIZED:
        return "credentials", ""
    resource = "/".join(path.split("/")[: 4 if "checkout" in path else 3])
    if status == _FORBIDDEN:
        return "permission", _PERMISSIONS[resource]
    return "refused", resource.rpartition("/")[2]
