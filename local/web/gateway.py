"""API Gateway's HTTP API: routes requests to functions by events of payload format 2.0.

What AWS's documents leave open follows what was observed there: `rawPath` is decoded, and a body is
text only under text/*, application/json, application/xml and application/javascript.
"""

import base64
import json
import re
import sys
import traceback
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from local.clock import Clock
from local.template import names
from local.template.declarations import Route
from local.web.http import Request, Response

_TEXT = re.compile(r"text/|application/(json|xml|javascript)\s*(;|$)", re.IGNORECASE)
_API_ID = "local"
_LITERAL, _PARAMETER, _GREEDY = range(3)  # what wins is first


class Gateway:
    """`invoke(folder, event)` runs a function and returns what it returned, or raises."""

    def __init__(
        self, routes: Iterable[Route], invoke: Callable[[str, Any], Any], clock: Clock
    ) -> None:
        self._routes = sorted(map(_Pattern, routes), key=lambda pattern: pattern.rank)
        self._invoke = invoke
        self._clock = clock

    def __call__(self, request: Request) -> Response:
        for pattern in self._routes:
            parameters = pattern.match(request)
            if parameters is not None:
                return self._run(request, pattern.route, parameters)
        return _message(404, "Not Found")

    def _run(self, request: Request, route: Route, parameters: Mapping[str, str]) -> Response:
        try:
            event = self.event(request, route, parameters)
            return response(self._invoke(route.folder, event))
        except Exception:
            # Whatever a function raises is a 500 to the caller, as it is in Lambda.
            print(f"{route.folder} failed on {route.method} {route.path}:", file=sys.stderr)
            traceback.print_exc()
            return _message(500, "Internal Server Error")

    def event(
        self, request: Request, route: Route, parameters: Mapping[str, str]
    ) -> dict[str, Any]:
        """The event for a request; what is empty is left out, as AWS leaves it out."""
        key = f"{route.method} {route.path}"
        headers = {name: text for name, text in request.headers.items() if name != "cookie"}
        event = {
            "version": "2.0",
            "routeKey": key,
            "rawPath": unquote(request.path),
            "rawQueryString": request.raw_query,
            "headers": headers,
            "requestContext": self._context(request, key),
            **_body(request),
        }
        if "cookie" in request.headers:
            event["cookies"] = [part.strip() for part in request.headers["cookie"].split(";")]
        if query := _query(request.raw_query):
            event["queryStringParameters"] = query
        if parameters:
            event["pathParameters"] = dict(parameters)
        return event

    def _context(self, request: Request, key: str) -> dict[str, Any]:
        now = self._clock.now()
        domain = request.headers.get("host", "localhost").partition(":")[0]
        return {
            "accountId": names.ACCOUNT,
            "apiId": _API_ID,
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "http": {
                "method": request.method,
                "path": unquote(request.path),
                "protocol": request.protocol,
                "sourceIp": request.client,
                "userAgent": request.headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        }


class _Pattern:
    """A route that can be matched. A literal beats {parameter}, and that beats {greedy+}."""

    def __init__(self, route: Route) -> None:
        self.route = route
        parts = route.path.split("/")
        kinds = [_kind(part) for part in parts]
        self.rank = (kinds, route.method == "ANY")
        self._names = [part.strip("{+}") for part in parts if _kind(part) != _LITERAL]
        wild = {_PARAMETER: "([^/]+)", _GREEDY: "(.+)"}
        texts = (wild.get(kind) or re.escape(part) for kind, part in zip(kinds, parts, strict=True))
        self._expression = re.compile("/".join(texts))

    def match(self, request: Request) -> dict[str, str] | None:
        if self.route.method not in (request.method, "ANY"):
            return None
        found = self._expression.fullmatch(request.path)
        return dict(zip(self._names, map(unquote, found.groups()), strict=True)) if found else None


def _kind(part: str) -> int:
    if not part.startswith("{"):
        return _LITERAL
    return _GREEDY if part.endswith("+}") else _PARAMETER


def _query(raw: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(request: Request) -> dict[str, Any]:
    if not request.body:
        return {"isBase64Encoded": False}
    if _TEXT.match(request.headers.get("content-type", "")):
        try:
            return {"body": request.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def response(result: Any) -> Response:
    """What a function's result means; anything without a statusCode is itself the JSON body."""
    if not isinstance(result, dict) or "statusCode" not in result:
        body = result if isinstance(result, str) else json.dumps(result)
        return Response(headers={"content-type": "application/json"}, body=body)
    body = result.get("body") or ""
    if not isinstance(body, str):
        raise TypeError(f"the body is a {type(body).__name__}, and API Gateway takes text")
    headers = {name.lower(): str(text) for name, text in (result.get("headers") or {}).items()}
    return Response(
        status=int(result["statusCode"]),
        headers={"content-type": "text/plain; charset=utf-8", **headers},
        body=base64.b64decode(body) if result.get("isBase64Encoded") else body,
        cookies=tuple(result.get("cookies") or ()),
    )


def _message(status: int, text: str) -> Response:
    return Response(
        status=status,
        headers={"content-type": "application/json"},
        body=json.dumps({"message": text}),
    )
