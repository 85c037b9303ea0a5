"""The one place that calls shop systems over HTTP: from a queue, never while a shopper or a webhook
waits.

A call is tried again where that may help and cannot do anything twice, with pauses that the system
names (Retry-After) or that grow and are jittered. Redirects are not followed: they are told, since
the headers that a call carries are for one host. Neither headers nor bodies are in any exception.
"""

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from sharetrail.aws import environment
from sharetrail.platforms import site as sites
from sharetrail.platforms.site import Site
from sharetrail.platforms.trouble import CallFailed

Method = Literal["GET", "POST", "PUT", "DELETE"]
ATTEMPTS = 4
PAUSE = 0.5
"""Seconds: the longest before the second attempt, doubled before each later one."""
LONGEST_PAUSE = 20.0
"""Seconds. Who asks for more is asked again when the message comes again."""
_TIMEOUT = urllib3.Timeout(connect=5, read=40)
_MOST_BYTES = 30_000_000
_TOO_MANY, _BROKEN = 429, 500
_AGENT = "Sharetrail"


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    text: str

    @property
    def is_fine(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """None for what is no JSON: a firewall's page, say."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True)
class Call:
    method: Method
    path: str
    query: Mapping[str, Any] | tuple[tuple[str, Any], ...] = ()
    form: tuple[tuple[str, str], ...] | None = None
    body: Any = None
    """Sent as JSON."""
    headers: Mapping[str, str] | None = None
    is_safe: bool = True
    """Whether it may be sent again when nobody knows what became of it."""


def send(site: Site, call: Call) -> Reply:
    """The system's answer, whatever its status; but CallFailed `busy` where it throttles for long,
    `away` where it fails or does not answer, `elsewhere` where it redirects."""
    trouble = CallFailed("away", site.host)
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(_pause(attempt, trouble))
        try:
            reply = _sent(site, call, attempt)
        except (HTTPError, OSError) as error:
            trouble = CallFailed("away", site.host)
            if not call.is_safe:
                raise trouble from error
            continue
        if 300 <= reply.status < 400:
            raise CallFailed("elsewhere", _host_of(reply.headers.get("location", "")))
        if reply.status < _BROKEN and reply.status != _TOO_MANY:
            return reply
        trouble = _Asked("busy" if reply.status == _TOO_MANY else "away", reply)
        if reply.status >= _BROKEN and not call.is_safe:
            break
    raise CallFailed(trouble.trouble.kind, site.host)


class _Asked(CallFailed):
    """A refusal that may say when to come again."""

    def __init__(self, kind: Literal["busy", "away"], reply: Reply) -> None:
        super().__init__(kind)
        told = reply.headers.get("retry-after", "")
        self.seconds = float(told) if told.replace(".", "", 1).isdigit() else 0.0


def _pause(attempt: int, trouble: CallFailed) -> float:
    """At least what was asked for, and not all at the same moment."""
    asked = trouble.seconds if isinstance(trouble, _Asked) else 0.0
    return pause_of(asked, attempt)


def pause_of(asked: float, attempt: int) -> float:
    """Seconds before an attempt (1 is the second), where the system asked for so many."""
    jitter = random.uniform(0, PAUSE * 2 ** (attempt - 1))  # noqa: S311  # no secret
    return min(LONGEST_PAUSE, asked + jitter)


def wait(seconds: float, attempt: int) -> None:
    """The pause that a system asked for in an answer that was fine."""
    time.sleep(pause_of(seconds, attempt))


def _host_of(location: str) -> str:
    return urlsplit(location).hostname or ""


# ── on the wire ──────────────────────────────────────────────────────────────────────────────────
def _sent(site: Site, call: Call, attempt: int) -> Reply:
    headers = {"user-agent": _AGENT, "accept": "application/json", **site.headers}
    headers |= {**(call.headers or {}), "host": site.host}
    body, kind = _body(call)
    headers |= {"content-type": kind} if kind else {}
    query = urlencode(_pairs(call.query))
    target = urlsplit(site.base).path + call.path + (f"?{query}" if query else "")
    pool = _pool(site, attempt)
    try:
        response = pool.urlopen(
            call.method,
            target,
            body=body,
            headers=headers,
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
        )
        raw = response.read(_MOST_BYTES + 1, decode_content=True)
    finally:
        pool.close()
    if len(raw) > _MOST_BYTES:
        raise CallFailed("away", site.host)
    named = {name.lower(): value for name, value in response.headers.items()}
    return Reply(status=response.status, headers=named, text=raw.decode(errors="replace"))


def _body(call: Call) -> tuple[bytes | None, str | None]:
    if call.form is not None:
        return urlencode(call.form).encode(), "application/x-www-form-urlencoded"
    if call.body is not None:
        return json.dumps(call.body).encode(), "application/json"
    return None, None


def _pairs(query: Mapping[str, Any] | tuple[tuple[str, Any], ...]) -> list[tuple[str, Any]]:
    return list(query.items()) if isinstance(query, Mapping) else list(query)


def _pool(site: Site, attempt: int) -> urllib3.HTTPConnectionPool:
    """To an address that was looked at, with the host's name in TLS, whose certificate is checked.
    Of several addresses each attempt takes another."""
    if environment.local_platforms():
        parts = urlsplit(site.base)
        return urllib3.HTTPConnectionPool(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    addresses = sites.public_addresses(site.host)
    return urllib3.HTTPSConnectionPool(
        addresses[attempt % len(addresses)],
        sites.PORT,
        timeout=_TIMEOUT,
        cert_reqs="CERT_REQUIRED",
        assert_hostname=site.host,
        server_hostname=site.host,
    )
