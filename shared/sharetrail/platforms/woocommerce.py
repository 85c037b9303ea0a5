"""WooCommerce's REST API, version 3, a function a call.

An order that it lists is, field by field, the body of its webhooks.

https://developer.woocommerce.com/docs/apis/rest-api/v3; what it takes, by
plugins/woocommerce/includes/rest-api/Controllers.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharetrail.calendars import moment
from sharetrail.merchants.profile import Merchant
from sharetrail.platforms import calling
from sharetrail.platforms.calling import Call
from sharetrail.platforms.credential import WooCommerceKey
from sharetrail.platforms.page import Buyer, Page
from sharetrail.platforms.site import Site, of
from sharetrail.platforms.subscription import Subscription
from sharetrail.platforms.trouble import CallFailed, TroubleKind, understood

TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")
REACH = timedelta(days=90)
"""How far back orders are asked for: as far as a buyer's other orders are looked at."""
NAME = "Sharetrail"
_A_PAGE = 100
_MOST_PAGES_OF_WEBHOOKS = 10
_PATH = "/wp-json/wc/v3"
_TICK = timedelta(seconds=1)
_WRITING, _READING = "Read/Write", "Read"
_UNAUTHORIZED = 401


@dataclass(frozen=True, kw_only=True)
class Shop:
    site: Site
    reach: timedelta = REACH


def open_shop(merchant: Merchant, key: WooCommerceKey) -> Shop:
    """The shop at its own host. Nobody is asked anything yet."""
    pair = f"{key.consumer_key}:{key.consumer_secret}".encode()
    authorization = f"Basic {base64.b64encode(pair).decode()}"
    base = of("woocommerce", key.host or merchant.shop_host)
    return Shop(site=Site(base=base, headers={"authorization": authorization}))


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────
@understood("webhooks")
def subscriptions(shop: Shop) -> list[Subscription]:
    """All of the shop's, the oldest first: no shop has a thousand."""
    found = list[Any]()
    for page in range(1, _MOST_PAGES_OF_WEBHOOKS + 1):
        query = {"per_page": _A_PAGE, "page": page, "orderby": "id", "order": "asc"}
        told = _listed(shop, "/webhooks", query, _WRITING)
        found += told
        if len(told) < _A_PAGE:
            return [_subscription(each) for each in found]
    raise CallFailed("no_shop", shop.site.host)


def _subscription(webhook: Any) -> Subscription:
    return Subscription(
        id=str(int(webhook["id"])),
        topics=frozenset([webhook["topic"]]),
        address=webhook["delivery_url"],
        is_active=webhook["status"] == "active",
    )


@understood("webhooks")
def subscribe(shop: Shop, topic: str, address: str, secret: str) -> str:
    """The id of the new one. Where nobody knows whether it was made, the next run looks."""
    body = _webhook(address, secret) | {"topic": topic}
    call = Call(method="POST", path=f"{_PATH}/webhooks", body=body, is_safe=False)
    return str(int(_answered(shop, call, _WRITING)["id"]))


def mend(shop: Shop, subscription: Subscription, address: str, secret: str) -> None:
    """Active again, leading to the address and signed by the secret."""
    body = _webhook(address, secret)
    call = Call(method="PUT", path=f"{_PATH}/webhooks/{subscription.id}", body=body)
    _answered(shop, call, _WRITING)


def remove(shop: Shop, subscription: Subscription) -> None:
    path = f"{_PATH}/webhooks/{subscription.id}"
    call = Call(method="DELETE", path=path, query={"force": "true"}, is_safe=False)
    _answered(shop, call, _WRITING)


def _webhook(address: str, secret: str) -> dict[str, str]:
    return {"name": NAME, "status": "active", "delivery_url": address, "secret": secret}


# ── orders and buyers ────────────────────────────────────────────────────────────────────────────
@understood("orders")
def orders(shop: Shop, since: datetime, cursor: str) -> Page:
    """Those that changed since then, the one whose change is oldest first. The cursor is a time and
    which page of what changed after it: an order that changes while pages are read moves to the
    end, and is read again there."""
    after, page = _place(cursor, since)
    query = {
        "modified_after": _gmt(after),
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "status": "any",
        "per_page": _A_PAGE,
        "page": page,
    }
    found = _listed(shop, "/orders", query, _READING)
    is_last = len(found) < _A_PAGE
    return Page(items=tuple(found), cursor=None if is_last else _next(found[-1], after, page))


def _place(cursor: str, since: datetime) -> tuple[datetime, int]:
    if not cursor:
        return since, 1
    at, _, page = cursor.partition("#")
    return moment(at), int(page)


def _next(last: Any, after: datetime, page: int) -> str:
    """From a second before the last one's on; but by page where a whole page has one second."""
    changed = _gmt_moment(last["date_modified_gmt"]) - _TICK
    if changed > after:
        return f"{changed:%Y-%m-%dT%H:%M:%S}Z#1"
    return f"{after:%Y-%m-%dT%H:%M:%S}Z#{page + 1}"


def _gmt_moment(told: Any) -> datetime:
    return moment(f"{str(told).removesuffix('Z')}Z")


def _gmt(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}"


@understood("customers")
def buyers(shop: Shop, before: datetime, cursor: str) -> Page:
    """Customers with an account of before then who have paid, be it years ago: of Buyer."""
    page = int(cursor or "1")
    query = {
        "per_page": _A_PAGE,
        "page": page,
        "orderby": "id",
        "order": "asc",
        "role": "all",
        "_fields": "id,email,date_created_gmt,is_paying_customer",
    }
    found = _listed(shop, "/customers", query, _READING)
    known = [each for each in found if _is_of_before(before, each.get("date_created_gmt"))]
    paid = [each for each in known if each.get("is_paying_customer") is True]
    named = tuple(Buyer.told(int(each["id"]), each.get("email")) for each in paid)
    return Page(items=named, cursor=None if len(found) < _A_PAGE else str(page + 1))


def _is_of_before(at: datetime, created: Any) -> bool:
    """Of accounts that came by an import it may not say."""
    return not created or _gmt_moment(created) < at


# ── calls ────────────────────────────────────────────────────────────────────────────────────────
def _listed(shop: Shop, path: str, query: dict[str, Any], permission: str) -> list[Any]:
    """A page: what holds more than was asked for is no answer of WooCommerce's."""
    told = _answered(shop, Call(method="GET", path=_PATH + path, query=query), permission)
    if not isinstance(told, list) or len(told) > _A_PAGE:
        raise CallFailed("no_shop", shop.site.host)
    return told


def _answered(shop: Shop, call: Call, permission: str) -> Any:
    reply = calling.send(shop.site, call)
    told = reply.json
    if not reply.is_fine or told is None:
        code = str(told.get("code", "")) if isinstance(told, dict) else ""
        raise CallFailed(*_why_refused(call, reply.status, code, permission, shop.site.host))
    return told


def _why_refused(
    call: Call, status: int, code: str, permission: str, host: str
) -> tuple[TroubleKind, str]:
    """What has none of WooCommerce's words is a page of something else. It says of a key that may
    not write what it says of one that it does not know: but that one could not even read."""
    if not code.startswith(("woocommerce_", "rest_")) or code == "rest_no_route":
        return "no_shop", host
    if "cannot" in code or "forbidden" in code:
        return "permission", permission
    if status == _UNAUTHORIZED:
        return ("credentials", "") if call.method == "GET" else ("permission", permission)
    return "refused", call.path.removeprefix(_PATH).split("/")[1]
