"""Plays Stripe: webhook endpoints, events, Checkout Sessions.

What it is asked is checked against the parameters that Stripe's own package declares, and a POST
that comes with an Idempotency-Key for the second time is answered as the first was.
"""

import json
import re
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from urllib.parse import parse_qsl

from typing_extensions import get_type_hints, is_typeddict

from local.web import http
from local.web.http import Request, Response

_PART = re.compile(r"[^\[\]]+")
_OPTIONS = {"stripe_account", "api_key", "headers", "idempotency_key", "max_network_retries"}


class Stripe:
    """One account that has one key."""

    def __init__(self, secret_key: str) -> None:
        self._known_by = f"Bearer {secret_key}"
        self.endpoints: list[dict[str, Any]] = []
        self.secrets: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []
        self.sessions: list[dict[str, Any]] = []
        self.may_write = True
        self._answered: dict[str, Response] = {}
        self._made = 0

    def answer(self, request: Request) -> Response:
        if request.headers.get("authorization") != self._known_by:
            return _error(401, "Invalid API Key provided: sk_test_****4242")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d\.\w+", request.headers.get("stripe-version", "")):
            return _error(400, "Name a version.")
        if request.method == "POST":
            key = request.headers.get("idempotency-key", "")
            assert key, "a POST without an Idempotency-Key"
            if key not in self._answered:
                self._answered[key] = self._post(request)
            return self._answered[key]
        match request.method, request.path.split("/")[2:]:
            case "GET", ["webhook_endpoints"]:
                return self._list("WebhookEndpointListParams", self.endpoints, request)
            case "GET", ["events"]:
                return self._list("EventListParams", self.events, request)
            case "GET", ["checkout", "sessions"]:
                return self._list("checkout.SessionListParams", self.sessions, request)
            case "DELETE", ["webhook_endpoints", endpoint]:
                self.endpoints = [each for each in self.endpoints if each["id"] != endpoint]
                return http.answer_json({"id": endpoint, "deleted": True})
        return _error(404, "Unrecognized request URL")

    def _list(self, params: str, rows: Sequence[dict[str, Any]], request: Request) -> Response:
        """Newest first, as Stripe lists."""
        asked = _read(request.raw_query)
        _check(params, asked)
        newest = sorted(rows, key=lambda each: (each["created"], each["id"]), reverse=True)
        found = [each for each in newest if _is_asked_for(each, asked)]
        if after := asked.get("starting_after"):
            place = [each["id"] for each in found].index(after)
            found = found[place + 1 :]
        most = int(asked.get("limit", 10))
        told = {"object": "list", "data": found[:most], "has_more": len(found) > most}
        return http.answer_json(told)

    def _post(self, request: Request) -> Response:
        asked = _read(request.body.decode())
        if not self.may_write:
            return _error(403, "The provided key 'rk_live_****' lacks permissions.")
        match request.path.split("/")[2:]:
            case ["webhook_endpoints"]:
                _check("WebhookEndpointCreateParams", asked)
                return self._make(asked)
            case ["webhook_endpoints", endpoint]:
                _check("WebhookEndpointUpdateParams", asked)
                return self._change(endpoint, asked)
        return _error(404, "Unrecognized request URL")

    def _make(self, asked: dict[str, Any]) -> Response:
        self._made += 1
        made = {
            "id": f"we_{self._made}",
            "object": "webhook_endpoint",
            "created": 1_700_000_000 + self._made,
            "status": "enabled",
            "metadata": {},
            **asked,
        }
        self.endpoints.append(made)
        self.secrets[made["id"]] = f"whsec_of_we_{self._made}"
        return http.answer_json({**made, "secret": self.secrets[made["id"]]})

    def _change(self, endpoint: str, asked: dict[str, Any]) -> Response:
        for each in self.endpoints:
            if each["id"] == endpoint:
                is_off = asked.pop("disabled", "false") == "true"
                each |= {**asked, "status": "disabled" if is_off else "enabled"}
                return http.answer_json(each)
        return _error(404, "No such webhook endpoint")


def _is_asked_for(row: dict[str, Any], asked: dict[str, Any]) -> bool:
    within = asked.get("created", {})
    return (
        int(within.get("gte", 0)) <= row["created"] < int(within.get("lt", 10**12))
        and row.get("type") in asked.get("types", [row.get("type")])
        and row.get("status") == asked.get("status", row.get("status"))
    )


def _error(status: int, message: str) -> Response:
    error = {"type": "invalid_request_error", "message": message}
    return http.answer_json({"error": error}, status)


# ── forms, and what Stripe takes of them ─────────────────────────────────────────────────────────
def _read(text: str) -> dict[str, Any]:
    """`created[gte]=1&types[0]=a` as {"created": {"gte": "1"}, "types": ["a"]}."""
    read: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *path, last = _PART.findall(name)
        inside = read
        for part in path:
            inside = inside.setdefault(part, {})
        inside[last] = value
    listed: dict[str, Any] = _lists(read)
    return listed


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(each) for name, each in value.items()}
    return list(inner.values()) if inner and all(map(str.isdigit, inner)) else inner


def _check(params: str, asked: dict[str, Any]) -> None:
    """AssertionError where the package's typed parameters do not take it."""
    import stripe.params  # a development dependency

    *rooms, name = params.split(".")
    module: Any = stripe.params
    for room in rooms:
        module = getattr(module, room)
    assert _fits(getattr(module, name), asked), f"{params} does not take {json.dumps(asked)}"


def _fits(hint: Any, value: Any) -> bool:
    origin = get_origin(hint)
    if is_typeddict(hint):
        hints = get_type_hints(hint, localns={"StripeContext": Any, "Mapping": Mapping})
        known = {name: each for name, each in hints.items() if name not in _OPTIONS}
        return isinstance(value, dict) and all(
            name in known and _fits(known[name], each) for name, each in value.items()
        )
    if origin in (Union, UnionType):
        return any(_fits(each, value) for each in get_args(hint))
    if origin is Literal:
        return value in get_args(hint)
    if origin is list:
        return isinstance(value, list) and all(_fits(get_args(hint)[0], each) for each in value)
    if origin is dict:
        return isinstance(value, dict)
    if hint is int:
        return isinstance(value, str) and value.isdigit()
    if hint is bool:
        return value in ("true", "false")
    return isinstance(value, str) if hint is str else False
