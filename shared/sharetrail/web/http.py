"""API Gateway's HTTP events (payload 2.0) in, answers and problem+json out.

Light on purpose: the redirect imports it. Reading a body into a dataclass lives in bodies.py.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl

from sharetrail import logs
from sharetrail.problems import Malformed, Problem

Event = dict[str, Any]
Answer = dict[str, Any]

MAX_BODY = 1_000_000
PROBLEM = "application/problem+json"
GUARDED = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}
"""Headers of whatever we answer: asked for by TLS alone, and taken for what it says it is. Other
hosts of the shop's domain are not ours to bind to TLS."""
_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
_GZIP_ACCEPTED = re.compile(r"\bgzip\b(?!\s*;\s*q\s*=\s*0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


class TooLarge(Problem):
    status = 413
    title = "The body is too large"


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    headers: dict[str, str]
    """Names in lower case, as API Gateway delivers them."""
    path: dict[str, str]
    """The route's own parameters: {"code": …}."""
    query: str
    """The raw query string."""
    body: bytes
    ip: str
    now: datetime
    """When API Gateway received the request: the only clock a handler has."""
    id: str = ""
    """API Gateway's, by which it can be found in the logs."""

    @classmethod
    def of(cls, event: Event, most: int = MAX_BODY) -> "Request":
        """TooLarge where the body has more than `most` bytes."""
        context = event["requestContext"]
        return cls(
            method=context["http"]["method"],
            headers=event.get("headers") or {},
            path=event.get("pathParameters") or {},
            query=event.get("rawQueryString") or "",
            body=_body(event, most),
            ip=context["http"]["sourceIp"],
            now=datetime.fromtimestamp(context["timeEpoch"] / 1000, UTC),
            id=id_of(event),
        )

    @property
    def params(self) -> dict[str, str]:
        """The query's, each as it stands last; those without a value are left out."""
        return dict(parse_qsl(self.query))

    @property
    def origin(self) -> str | None:
        return self.headers.get("origin")


def id_of(event: Event) -> str:
    """The request's own."""
    request_id: str = event["requestContext"].get("requestId", "")
    return request_id


def _body(event: Event, most: int) -> bytes:
    text = event.get("body") or ""
    if len(text) > most * 4 // 3 + 4:
        raise TooLarge(f"A body may have {most:,} bytes.")
    body = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
    if len(body) > most:
        raise TooLarge(f"A body may have {most:,} bytes.")
    return body


def endpoint(handle: Callable[[Request], Answer]) -> Callable[[Event, Any], Answer]:
    """Make a Lambda handler of a function from request to answer; a Problem becomes its answer."""

    @logs.entrance
    @wraps(handle)
    def handler(event: Event, _context: Any) -> Answer:
        return answered(lambda: handle(Request.of(event)), id_of(event))

    return handler


def answered(work: Callable[[], Answer], request_id: str) -> Answer:
    """The work's answer, or its problem's."""
    try:
        return work()
    except Problem as problem:
        return problem_json(problem, request_id)


def problem_json(problem: Problem, request_id: str) -> Answer:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        **problem.told,
        "errors": fields_at_fault(problem.errors),
        "request_id": request_id,
    }
    headers = {"x_request_id": request_id, **problem.headers}
    return answer(problem.status, body, content_type=PROBLEM, **headers)


def fields_at_fault(errors: dict[str, str]) -> list[dict[str, str]]:
    """As answers tell them."""
    return [{"field": name, "detail": why} for name, why in errors.items()]


def answer(
    status: int, body: Any = None, *, content_type: str = "application/json", **headers: str
) -> Answer:
    """An answer; a header's name is given with underscores. A str body goes out as it is."""
    told = GUARDED | named(headers)
    if body is None:
        return {"statusCode": status, "headers": told}
    text = body if isinstance(body, str) else json_text(body)
    return {"statusCode": status, "headers": {"content-type": content_type, **told}, "body": text}


def named(headers: dict[str, str]) -> dict[str, str]:
    """Headers by their names, of such as are given with underscores."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def takes_gzip(headers: dict[str, str]) -> bool:
    """Whether whoever asks with these headers, in lower case, reads a gzipped answer."""
    return bool(_GZIP_ACCEPTED.search(headers.get("accept-encoding", "")))


def page(status: int, html: str, **headers: str) -> Answer:
    """A page for a person: never cached, never indexed, never framed, told to nobody. Nothing is
    loaded, nothing runs, and of styles the page's first element of them is taken alone, which no
    name from outside stands before."""
    return answer(
        status,
        html,
        content_type="text/html; charset=utf-8",
        cache_control="no-store",
        x_robots_tag="noindex",
        referrer_policy="no-referrer",
        content_security_policy=f"default-src 'none'; style-src {_style_of(html)}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        **headers,
    )


def _style_of(html: str) -> str:
    """As CSP 3 names a style that stands in the page (section 2.3.1, hash-source)."""
    style = _STYLE.search(html)
    if style is None:
        return "'none'"
    return f"'sha256-{base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()}'"


def json_body(body: bytes, *, mends: bool = False) -> Any:
    """The body as JSON. Malformed for what is not UTF-8, not JSON, nested past reason, NaN.

    Half a letter (a lone surrogate, as `slice` leaves it) is no text and malformed too; or a `?`,
    where we had better mend than refuse what others' systems send.
    """
    try:
        value = _read(body)
        errors = "replace" if mends else "strict"
        text = json.dumps(value, ensure_ascii=False).encode(errors=errors)
        return _read(text) if mends else value
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON in UTF-8.") from error


def _read(text: bytes) -> Any:
    return json.loads(text.decode(), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice")
    return named
