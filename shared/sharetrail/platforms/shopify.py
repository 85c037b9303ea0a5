"""Shopify's Admin API, a function a call.

GraphQL for webhooks and customers; REST for orders, since its order is, field by field, the body of
the webhook `orders/updated`, and is read by the same reader into the same facts.

https://shopify.dev/docs/api/admin-graphql, https://shopify.dev/docs/api/admin-rest
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sharetrail.calendars import iso, moment
from sharetrail.merchants.profile import Merchant
from sharetrail.platforms import calling
from sharetrail.platforms.calling import Call
from sharetrail.platforms.credential import ShopifyApp
from sharetrail.platforms.page import Buyer, Page
from sharetrail.platforms.site import Site, of
from sharetrail.platforms.subscription import Subscription
from sharetrail.platforms.trouble import CallFailed, TroubleKind, understood

VERSION = "2026-10"
"""Of the API. Once it has ended Shopify answers by the oldest that has not."""
ORDERS = "read_orders"
_ALL_ORDERS = "read_all_orders"
_BUYERS = "read_customers"
_DISPUTES = "read_shopify_payments_disputes"
_TOPICS = (
    *("ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED", "ORDERS_CANCELLED"),
    "REFUNDS_CREATE",
)
_DISPUTE_TOPICS = ("DISPUTES_CREATE", "DISPUTES_UPDATE")
_REACH, _WHOLE_REACH = timedelta(days=60), timedelta(days=90)
"""How far back orders are told: without a right that Shopify grants on request, sixty days."""
_ORDERS_A_PAGE = 100
_BUYERS_A_PAGE = 250
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404


@dataclass(frozen=True, kw_only=True)
class Shop:
    site: Site
    scopes: frozenset[str]

    @property
    def reach(self) -> timedelta:
        return _WHOLE_REACH if _ALL_ORDERS in self.scopes else _REACH

    @property
    def topics(self) -> tuple[str, ...]:
        """What may be heard of."""
        return (*_TOPICS, *(_DISPUTE_TOPICS if _DISPUTES in self.scopes else ()))

    @property
    def untold_topics(self) -> tuple[str, ...]:
        return () if _DISPUTES in self.scopes else _DISPUTE_TOPICS

    @property
    def tells_buyers(self) -> bool:
        return _BUYERS in self.scopes


def open_shop(merchant: Merchant, app: ShopifyApp) -> Shop:
    """A token of a day for the app's own credentials: where app and shop are of one organisation,
    nobody needs to press anything. CallFailed where they are refused, or may read no orders."""
    base = of("shopify", merchant.shopify_domain or "")
    form = (
        ("grant_type", "client_credentials"),
        ("client_id", app.client_id),
        ("client_secret", app.client_secret),
    )
    call = Call(method="POST", path="/admin/oauth/access_token", form=form)
    reply = calling.send(Site(base=base), call)
    told = reply.json
    if not reply.is_fine or not isinstance(told, dict) or "access_token" not in told:
        raise CallFailed(_why_refused(reply.status, reply.text), merchant.shopify_domain or "")
    scopes = frozenset(str(told.get("scope", "")).replace(" ", "").split(","))
    if ORDERS not in scopes:
        raise CallFailed("permission", ORDERS)
    token = {"x-shopify-access-token": str(told["access_token"])}
    return Shop(site=Site(base=base, headers=token), scopes=scopes)


def _why_refused(status: int, text: str) -> TroubleKind:
    """Shopify's own words, which stand in JSON or on a page."""
    if "app_not_installed" in text:
        return "not_installed"
    if "shop_not_permitted" in text:
        return "other_organisation"
    return "no_shop" if status == _NOT_FOUND else "credentials"


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────
_FIND = """
query Subscriptions($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    nodes { id topic uri format apiVersion { handle supported } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
_MAKE = """
mutation Subscribe($topic: WebhookSubscriptionTopic!, $webhook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhook) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
"""
_MEND = """
mutation Redirect($id: ID!, $webhook: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $webhook) {
    webhookSubscription { id }
    userErrors { field message }
  }
}
"""
_REMOVE = """
mutation Unsubscribe($id: ID!) {
  webhookSubscriptionDelete(id: $id) {
    deletedWebhookSubscriptionId
    userErrors { field message }
  }
}
"""


@understood("webhooks")
def subscriptions(shop: Shop) -> tuple[list[Subscription], str]:
    """The app's own; others' are not shown to it. And the version in whose shape they are sent,
    where that has ended: the app's settings name it, and nobody else can."""
    nodes, after = list[Any](), None
    while True:
        told = _ask(shop, _FIND, after=after)["webhookSubscriptions"]
        nodes += told["nodes"]
        if not told["pageInfo"]["hasNextPage"]:
            break
        after = told["pageInfo"]["endCursor"]
    ended = {each["apiVersion"]["handle"] for each in nodes if not each["apiVersion"]["supported"]}
    return [_subscription(each) for each in nodes], min(ended, default="")


def name_of(topic: str) -> str:
    """As webhooks themselves name it: `ORDERS_CREATE` is `orders/create`."""
    return topic.lower().replace("_", "/", 1)


def _subscription(node: Any) -> Subscription:
    return Subscription(
        id=node["id"],
        topics=frozenset([node["topic"]]),
        address=node["uri"],
        is_active=node["format"] == "JSON",
    )


@understood("webhooks")
def subscribe(shop: Shop, topic: str, address: str) -> str:
    """The id of the new one. What is there already is refused, and looked at by the next check."""
    answer = _ask(shop, _MAKE, topic=topic, webhook=_webhook(address))
    made = _done(answer["webhookSubscriptionCreate"], topic)["webhookSubscription"]
    return str(made["id"])


@understood("webhooks")
def redirect(shop: Shop, subscription: Subscription, address: str) -> None:
    answer = _ask(shop, _MEND, id=subscription.id, webhook=_webhook(address))
    _done(answer["webhookSubscriptionUpdate"], min(subscription.topics))


@understood("webhooks")
def unsubscribe(shop: Shop, subscription: Subscription) -> None:
    answer = _ask(shop, _REMOVE, id=subscription.id)
    _done(answer["webhookSubscriptionDelete"], min(subscription.topics))


def _webhook(address: str) -> dict[str, str]:
    return {"uri": address, "format": "JSON"}


def _done(payload: Any, topic: str) -> Any:
    if payload["userErrors"]:
        raise CallFailed("refused", name_of(topic))
    return payload


# ── orders and buyers ────────────────────────────────────────────────────────────────────────────
@understood("orders")
def orders(shop: Shop, since: datetime, cursor: str) -> Page:
    """Those that changed since then, by id; the cursor is the last one's."""
    query = {
        "status": "any",
        "limit": _ORDERS_A_PAGE,
        "updated_at_min": iso(since),
        "since_id": cursor or "0",
    }
    call = Call(method="GET", path=f"/admin/api/{VERSION}/orders.json", query=query)
    reply = calling.send(shop.site, call)
    told = reply.json
    if not reply.is_fine or not isinstance(told, dict) or "orders" not in told:
        raise CallFailed(*_why_unanswered(reply.status, ORDERS))
    found = told["orders"]
    is_last = len(found) < _ORDERS_A_PAGE
    return Page(items=tuple(found), cursor=None if is_last else str(found[-1]["id"]))


_BUYERS_OF = """
query Buyers($first: Int!, $after: String) {
  customers(first: $first, after: $after, sortKey: ID) {
    nodes { legacyResourceId createdAt numberOfOrders defaultEmailAddress { emailAddress } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@understood("customers")
def buyers(shop: Shop, before: datetime, cursor: str) -> Page:
    """Customers of before then who have ordered, be it years ago: of Buyer. Who became one since
    has ordered nothing before."""
    told = _ask(shop, _BUYERS_OF, first=_BUYERS_A_PAGE, after=cursor or None)["customers"]
    known = [each for each in told["nodes"] if moment(each["createdAt"]) < before]
    found = [each for each in known if int(each["numberOfOrders"])]
    after = told["pageInfo"]["endCursor"] if told["pageInfo"]["hasNextPage"] else None
    return Page(items=tuple(map(_buyer, found)), cursor=after)


def _buyer(node: Any) -> Buyer:
    email = node["defaultEmailAddress"] or {}
    return Buyer.told(int(node["legacyResourceId"]), email.get("emailAddress"))


# ── GraphQL ──────────────────────────────────────────────────────────────────────────────────────
def _ask(shop: Shop, question: str, **variables: Any) -> Any:
    """The answer's data. Shopify says of what costs more than is left: not now."""
    call = Call(
        method="POST",
        path=f"/admin/api/{VERSION}/graphql.json",
        body={"query": question, "variables": variables},
        is_safe=not question.lstrip().startswith("mutation"),
    )
    for attempt in range(1, calling.ATTEMPTS + 1):
        reply = calling.send(shop.site, call)
        told = reply.json
        if not reply.is_fine or not isinstance(told, dict):
            raise CallFailed(*_why_unanswered(reply.status, ORDERS))
        codes = _codes(told)
        if "THROTTLED" not in codes:
            break
        if attempt < calling.ATTEMPTS:
            calling.wait(_until_affordable(told), attempt)
    if "THROTTLED" in codes:
        raise CallFailed("busy", shop.site.host)
    if "ACCESS_DENIED" in codes:
        raise CallFailed("permission", _BUYERS if "customers" in question else ORDERS)
    if "errors" in told or not isinstance(told.get("data"), dict):
        raise CallFailed("refused", question.split()[1].partition("(")[0])
    return told["data"]


def _codes(told: dict[str, Any]) -> set[str]:
    errors = told.get("errors") or []
    found = errors if isinstance(errors, list) else []
    return {str((each.get("extensions") or {}).get("code", "")) for each in found}


def _until_affordable(told: dict[str, Any]) -> float:
    """Seconds until what the question costs is there again."""
    cost = (told.get("extensions") or {}).get("cost") or {}
    left = cost.get("throttleStatus") or {}
    missing = float(cost.get("requestedQueryCost", 0)) - float(left.get("currentlyAvailable", 0))
    return max(0.0, missing) / max(1.0, float(left.get("restoreRate", 1)))


def _why_unanswered(status: int, permission: str) -> tuple[TroubleKind, str]:
    if status == _UNAUTHORIZED:
        return "credentials", ""
    if status == _FORBIDDEN:
        return "permission", permission
    return ("no_shop", "") if status == _NOT_FOUND else ("refused", "")
