"""Plays Shopify: an app's token, webhooks and customers by GraphQL, orders by REST.

Whatever is asked by GraphQL is checked against the published schema, shopify.graphql; what REST is
asked, against the parameters that its reference names.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from local.web import http
from local.web.http import Request, Response

SCOPES = "read_orders,read_customers,read_shopify_payments_disputes"
_SCHEMA = Path(__file__).with_suffix(".graphql")
_PARAMETERS = {
    *("attribution_app_id", "created_at_max", "created_at_min", "fields", "financial_status"),
    *("fulfillment_status", "ids", "limit", "processed_at_max", "processed_at_min", "since_id"),
    *("status", "updated_at_max", "updated_at_min"),
}
_MOST = 250
_AVAILABLE = 1_000.0
_RESTORED = 50.0


class Shopify:
    """One shop that has one app."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self.client_id, self.client_secret = client_id, client_secret
        self.is_installed = self.is_of_the_organisation = True
        self.scopes = SCOPES
        self.webhooks: list[dict[str, Any]] = []
        self.version, self.is_version_supported = "2026-10", True
        self.orders: list[dict[str, Any]] = []
        self.customers: list[dict[str, Any]] = []
        self.refused: set[str] = set()
        """Topics that it does not let anybody hear of."""
        self.throttled = 0
        """How many questions are answered by "not now"."""
        self.made = 0

    def answer(self, request: Request) -> Response:
        if request.path == "/admin/oauth/access_token" and request.method == "POST":
            return self._token(dict(parse_qsl(request.body.decode())))
        if request.headers.get("x-shopify-access-token") != self._access:
            return http.answer_json({"errors": "[API] Invalid API key or access token"}, 401)
        match request.method, request.path.split("/")[1:]:
            case "POST", ["admin", "api", _, "graphql.json"]:
                return self._graphql(json.loads(request.body))
            case "GET", ["admin", "api", _, "orders.json"]:
                return self._orders(request.query)
        return http.answer_json({"errors": "Not Found"}, 404)

    @property
    def _access(self) -> str:
        return f"shpat_of_{self.client_id}"

    def _token(self, form: dict[str, str]) -> Response:
        if form.get("grant_type") != "client_credentials":
            return http.answer_json({"error": "unsupported_grant_type"}, 400)
        if not self.is_installed:
            return http.answer_html("Oauth error app_not_installed", 400)
        if not self.is_of_the_organisation:
            return http.answer_html("Oauth error shop_not_permitted", 400)
        given = form.get("client_id"), form.get("client_secret")
        if given != (self.client_id, self.client_secret):
            return http.answer_json({"error": "invalid_client"}, 401)
        told = {"access_token": self._access, "scope": self.scopes, "expires_in": 86399}
        return http.answer_json(told)

    # ── REST ─────────────────────────────────────────────────────────────────────────────────────
    def _orders(self, query: dict[str, str]) -> Response:
        assert query.keys() <= _PARAMETERS, query.keys() - _PARAMETERS
        assert query["status"] in ("open", "closed", "cancelled", "any")
        most = int(query.get("limit", 50))
        assert 1 <= most <= _MOST
        since = datetime.fromisoformat(query["updated_at_min"])
        found = [
            each
            for each in sorted(self.orders, key=lambda order: int(order["id"]))
            if int(each["id"]) > int(query["since_id"])
            and datetime.fromisoformat(each.get("updated_at", each["created_at"])) >= since
        ]
        return http.answer_json({"orders": found[:most]})

    # ── GraphQL ──────────────────────────────────────────────────────────────────────────────────
    def _graphql(self, asked: dict[str, Any]) -> Response:
        import graphql  # a development dependency, that only who connects a shop here loads

        left = {"maximumAvailable": _AVAILABLE, "restoreRate": _RESTORED}
        if self.throttled:
            self.throttled -= 1
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            status = {**left, "currentlyAvailable": 11.9}
            cost = {"requestedQueryCost": 12, "actualQueryCost": None, "throttleStatus": status}
            return http.answer_json({"errors": [error], "extensions": {"cost": cost}})
        result = graphql.graphql_sync(
            graphql.build_schema(_SCHEMA.read_text()),
            asked["query"],
            root_value=_Root(self),
            variable_values=asked["variables"],
        )
        status = {**left, "currentlyAvailable": _AVAILABLE - 12}
        cost = {"requestedQueryCost": 12, "actualQueryCost": 12, "throttleStatus": status}
        return http.answer_json({**result.formatted, "extensions": {"cost": cost}})


class _Root:
    """What the schema's first fields are answered by, under the schema's names."""

    def __init__(self, shop: Shopify) -> None:
        self._shop = shop

    def customers(self, _: Any, **asked: Any) -> Any:
        if "read_customers" not in self._shop.scopes:
            from graphql import GraphQLError

            raise GraphQLError("Access denied", extensions={"code": "ACCESS_DENIED"})
        by_id = sorted(self._shop.customers, key=lambda each: int(each["legacyResourceId"]))
        return _page(by_id, asked)

    def webhookSubscriptions(self, _: Any, **asked: Any) -> Any:  # noqa: N802
        return _page([self._shown(each) for each in self._shop.webhooks], asked)

    def webhookSubscriptionCreate(self, _: Any, **asked: Any) -> Any:  # noqa: N802
        topic, uri = asked["topic"], asked["webhookSubscription"]["uri"]
        if topic in self._shop.refused:
            return _user_error("Invalid topic")
        if topic.startswith("DISPUTES") and "payments_disputes" not in self._shop.scopes:
            return _user_error("You do not have permission to create this webhook")
        if any((each["topic"], each["uri"]) == (topic, uri) for each in self._shop.webhooks):
            return _user_error("Address for this topic has already been taken")
        self._shop.made += 1
        made = {"id": f"gid://shopify/WebhookSubscription/{self._shop.made}", "topic": topic}
        made |= {"format": "JSON", **asked["webhookSubscription"]}
        self._shop.webhooks.append(made)
        return {"webhookSubscription": self._shown(made), "userErrors": []}

    def webhookSubscriptionUpdate(self, _: Any, **asked: Any) -> Any:  # noqa: N802
        for each in self._shop.webhooks:
            if each["id"] == asked["id"]:
                each |= asked["webhookSubscription"]
                return {"webhookSubscription": self._shown(each), "userErrors": []}
        return _user_error("Webhook subscription does not exist")

    def webhookSubscriptionDelete(self, _: Any, **asked: Any) -> Any:  # noqa: N802
        left = [each for each in self._shop.webhooks if each["id"] != asked["id"]]
        if left == self._shop.webhooks:
            return _user_error("Webhook subscription does not exist")
        self._shop.webhooks = left
        return {"deletedWebhookSubscriptionId": asked["id"], "userErrors": []}

    def _shown(self, webhook: dict[str, Any]) -> dict[str, Any]:
        version = {"handle": self._shop.version, "supported": self._shop.is_version_supported}
        return {**webhook, "apiVersion": version}


def _user_error(message: str) -> dict[str, Any]:
    return {"userErrors": [{"field": ["webhookSubscription"], "message": message}]}


def _page(nodes: Sequence[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """The cursor is a place."""
    start = int(asked.get("after") or 0)
    end = start + asked["first"]
    info = {"hasNextPage": end < len(nodes), "endCursor": str(end), "hasPreviousPage": start > 0}
    return {"nodes": nodes[start:end], "pageInfo": info}
