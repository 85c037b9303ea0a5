"""Requests and responses as the gateway, the pages and mounted applications see them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl


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
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass(frozen=True, kw_only=True)
class Response:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str = b""
    cookies: tuple[str, ...] = ()


def answer_json(value: Any, status: int = 200) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"
    return Response(
        status=status, headers={"content-type": "application/json; charset=utf-8"}, body=body
    )


def answer_html(text: str, status: int = 200) -> Response:
    return Response(status=status, headers={"content-type": "text/html; charset=utf-8"}, body=text)


def answer_text(text: str) -> Response:
    return Response(headers={"content-type": "text/plain; charset=utf-8"}, body=text)


def problem(status: int, detail: str) -> Response:
    """RFC 9457."""
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(
        status=status,
        headers={"content-type": "application/problem+json"},
        body=json.dumps(body),
    )


def redirect(location: str, status: int = 303) -> Response:
    return Response(status=status, headers={"location": location})
