"""Plays WooCommerce's REST API v3: webhooks, orders, customers.

It takes what its controllers take (plugins/woocommerce/includes/rest-api/Controllers/Version3): a
parameter that they do not know, or a value that none of them has, fails the call.
"""

import base64
import json
from datetime import datetime
from typing import Any, Literal

from local.web import http
from local.web.http import Request, Response

Permission = Literal["read", "write", "read_write"]
_TOPICS = {
    *("order.created", "order.updated", "order.deleted", "order.restored"),
    *("product.created", "product.updated", "customer.created", "coupon.created"),
}
_STATUSES = ("active", "paused", "disabled")
_WEBHOOK = {"name", "status", "topic", "delivery_url", "secret"}
_OF_ANY_LIST = {"context", "page", "per_page", "search", "exclude", "include", "offset", "order"}
_OF_DATES = {"after", "before", "modified_after", "modified_before", "dates_are_gmt"}
_LISTS: dict[str, set[str]] = {
    "webhooks": {*_OF_ANY_LIST, "after", "before", "orderby", "status"},
    "orders": {*_OF_ANY_LIST, *_OF_DATES, "orderby", "status", "customer", "product", "dp"},
    "customers": {*_OF_ANY_LIST, "orderby", "email", "role", "_fields"},
}
_ORDERED_BY: dict[str, tuple[str, ...]] = {
    "webhooks": ("date", "id", "title"),
    "orders": ("date", "id", "include", "title", "slug", "modified"),
    "customers": ("id", "include", "name", "registered_date"),
}
_MOST = 100


class WooCommerce:
    """One shop that has one key."""

    def __init__(self, consumer_key: str, consumer_secret: str) -> None:
        pair = f"{consumer_key}:{consumer_secret}".encode()
        self._known_by = f"Basic {base64.b64encode(pair).decode()}"
        self.permission: Permission = "read_write"
        self.webhooks: list[dict[str, Any]] = []
        self.orders: list[dict[str, Any]] = []
        self.customers: list[dict[str, Any]] = []
        self.least = 0
        """How many each page holds at least, whatever is asked for: a hostile shop's."""
        self.asked: list[str] = []
        self._made = 0

    def answer(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.path}")
        if not request.path.startswith("/wp-json/wc/v3/"):
            return http.answer_html("<!doctype html><title>Page not found</title>", 404)
        if request.headers.get("authorization") != self._known_by:
            return _error(401, "woocommerce_rest_authentication_error", "Consumer key is invalid.")
        is_reading = request.method == "GET"
        if not is_reading and self.permission == "read":
            return _error(401, "woocommerce_rest_authentication_error", "No write permission.")
        resource, *rest = request.path.removeprefix("/wp-json/wc/v3/").split("/")
        match request.method, resource, rest:
            case "GET", ("webhooks" | "orders" | "customers"), []:
                return self._list(resource, request.query)
            case "POST", "webhooks", []:
                return self._make(json.loads(request.body))
            case (("PUT" | "POST"), "webhooks", [webhook]):
                return self._change(int(webhook), json.loads(request.body))
            case "DELETE", "webhooks", [webhook]:
                return self._remove(int(webhook), request.query)
        return _error(404, "rest_no_route", "No route was found matching the URL.")

    def _list(self, resource: str, query: dict[str, str]) -> Response:
        if unknown := query.keys() - _LISTS[resource]:
            return _error(400, "rest_invalid_param", f"unknown: {unknown}")
        page, most = int(query.get("page", 1)), int(query.get("per_page", 10))
        if not 1 <= most <= _MOST or query.get("orderby", "date") not in _ORDERED_BY[resource]:
            return _error(400, "rest_invalid_param", "Invalid parameter(s)")
        found = [_without_secret(each) for each in self._listed(resource, query)]
        if query.get("order", "desc") == "desc":
            found.reverse()
        most = max(most, self.least)
        return http.answer_json(found[(page - 1) * most : page * most])

    def _listed(self, resource: str, query: dict[str, str]) -> list[dict[str, Any]]:
        if resource != "orders":
            found: list[dict[str, Any]] = getattr(self, resource)
            return sorted(found, key=lambda each: int(each["id"]))
        assert query["dates_are_gmt"] == "true"
        after = datetime.fromisoformat(query["modified_after"])
        later = [each for each in self.orders if _changed(each) > after]
        return sorted(later, key=lambda each: (_changed(each), each["id"]))

    def _make(self, body: dict[str, Any]) -> Response:
        if body.keys() - _WEBHOOK:
            return _error(400, "rest_invalid_param", "Invalid parameter(s)")
        if body.get("topic") not in _TOPICS:
            return _error(400, "woocommerce_rest_shop_webhook_invalid_topic", "topic")
        if not str(body.get("delivery_url")).startswith(("http://", "https://")):
            return _error(400, "woocommerce_rest_shop_webhook_invalid_delivery_url", "url")
        self._made += 1
        made = {"id": self._made, "name": "", "secret": "random", **body, "status": "active"}
        self.webhooks.append(made)
        return http.answer_json(_without_secret(made), 201)

    def _change(self, webhook: int, body: dict[str, Any]) -> Response:
        found = next((each for each in self.webhooks if each["id"] == webhook), None)
        if found is None:
            return _error(400, "woocommerce_rest_shop_webhook_invalid_id", "ID is invalid.")
        if body.keys() - _WEBHOOK or body.get("status", "active") not in _STATUSES:
            return _error(400, "woocommerce_rest_shop_webhook_invalid_status", "status")
        found |= body
        return http.answer_json(_without_secret(found))

    def _remove(self, webhook: int, query: dict[str, str]) -> Response:
        if query.get("force") != "true":
            return _error(501, "woocommerce_rest_trash_not_supported", "No trashing.")
        self.webhooks = [each for each in self.webhooks if each["id"] != webhook]
        return http.answer_json({"id": webhook})


def _changed(order: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(order["date_modified_gmt"])


def _without_secret(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "secret"}


def _error(status: int, code: str, message: str) -> Response:
    body = {"code": code, "message": message, "data": {"status": status}}
    return http.answer_json(body, status)
