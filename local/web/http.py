"""Requests and responses as the gateway, the pages and mounted applications see them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, parse_qsl


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str  # as sent, percent-encoding kept
    raw_query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # lower case, comma-joined
    body: bytes = b""
    client: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"

    @property
    def query(self) -> dict[str, str]:
        """Decoded; of a repeated name the last value counts."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return {name: texts[-1] for name, texts in self.form_lists.items()}

    @property
    def form_lists(self) -> dict[str, list[str]]:
        """All values of each name. UnicodeDecodeError for what is no text."""
        return parse_qs(self.body.decode(), keep_blank_values=True)


@dataclass(frozen=True, kw_only=True)
class Response:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str = b""
    cookies: tuple[str, ...] = ()


def wants_page(request: Request) -> bool:
    """Whether a browser asks, for a person; a program says nothing, or names JSON."""
    is_browser = "text/html" in request.headers.get("accept", "")
    return is_browser and request.query.get("format") != "json"


def is_form(request: Request) -> bool:
    """Whether the body is a form's; curl calls whatever it sends one."""
    kind = request.headers.get("content-type", "")
    is_json = request.body.lstrip().startswith((b"{", b"["))
    return kind.startswith("application/x-www-form-urlencoded") and not is_json


def answer_json(value: Any, status: int = 200, **headers: str) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"
    named = {"content-type": "application/json; charset=utf-8", **headers}
    return Response(status=status, headers=named, body=body)


def answer_html(text: str, status: int = 200, **headers: str) -> Response:
    named = {"content-type": "text/html; charset=utf-8", **headers}
    return Response(status=status, headers=named, body=text)


def answer_text(text: str) -> Response:
    return Response(headers={"content-type": "text/plain; charset=utf-8"}, body=text)


def problem(status: int, detail: str, **headers: str) -> Response:
    """RFC 9457."""
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    named = {"content-type": "application/problem+json", **headers}
    return Response(status=status, headers=named, body=json.dumps(body))


def redirect(location: str, status: int = 303) -> Response:
    return Response(status=status, headers={"location": location})
