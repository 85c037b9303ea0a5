"""The one place that calls shop systems over HTTP: from a queue, never while a shopper or a webhook
waits.

A call is tried again where that may help and cannot do anything twice, with pauses that the system
names (Retry-After) or that grow and are jittered. Redirects are not followed: they are told, since
the headers that a call carries are for one host. Neither headers nor bodies are in any exception.

A system may be hostile. Each limit of time is of a whole attempt or of all calls together, however
often a byte comes; and nothing is unpacked, so that what is read is as large as what was sent. By
Python's own client, since what Lambda's runtime has beside it changes without us.
"""

import json
import random
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from sharetrail.aws import environment
from sharetrail.platforms import site as sites
from sharetrail.platforms.site import Site
from sharetrail.platforms.trouble import CallFailed
from sharetrail.web.address import HOST, LONGEST_HOST

Method = Literal["GET", "POST", "PUT", "DELETE"]
ATTEMPTS = 4
PAUSE = 0.5
"""Seconds: the longest before the second attempt, doubled before each later one."""
LONGEST_PAUSE = 20.0
"""Seconds. Who asks for more is asked again when the message comes again."""
LONGEST_ATTEMPT = 60.0
"""Seconds, from the connection to the last byte of the answer."""
_LONGEST_CONNECTING, _LONGEST_SILENCE = 5, 40
_MOST_BYTES = 30_000_000
_TOO_MANY, _BROKEN = 429, 500
_AGENT = "Sharetrail"
_FOR_EVER = float("inf")
_IS_HOST = re.compile(HOST, re.ASCII)
_until: ContextVar[float] = ContextVar("until", default=_FOR_EVER)


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
        except (ValueError, RecursionError):
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


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Within it all calls together take no longer: what would is `away`."""
    before = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(before)


def send(site: Site, call: Call) -> Reply:
    """The system's answer, whatever its status; but CallFailed `busy` where it throttles for long,
    `away` where it fails, does not answer or takes too long, `elsewhere` where it redirects to a
    host, `no_shop` where to none."""
    trouble = CallFailed("away", site.host)
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(_pause(attempt, trouble))
        try:
            reply = _sent(site, call, attempt)
        except (HTTPException, OSError) as error:
            trouble = CallFailed("away", site.host)
            if not call.is_safe:
                raise trouble from error
            continue
        if 300 <= reply.status < 400:
            host = _host_of(reply.headers.get("location", ""))
            raise CallFailed("elsewhere", host) if host else CallFailed("no_shop", site.host)
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
        is_number = told.isascii() and told.replace(".", "", 1).isdigit()
        self.seconds = float(told) if is_number else 0.0


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
    """Empty where it names none: what is no host's name is a stranger's sentence, and people read
    what we say of it."""
    with suppress(ValueError):
        host = urlsplit(location).hostname or ""
        return host if _IS_HOST.fullmatch(host) and len(host) <= LONGEST_HOST else ""
    return ""


# ── on the wire ──────────────────────────────────────────────────────────────────────────────────
def _sent(site: Site, call: Call, attempt: int) -> Reply:
    headers = {"user-agent": _AGENT, "accept": "application/json", **site.headers}
    headers |= {**(call.headers or {}), "host": site.host}
    body, kind = _body(call)
    headers |= {"content-type": kind} if kind else {}
    query = urlencode(_pairs(call.query))
    path = quote(urlsplit(site.base).path + call.path)
    link = _Link(site, attempt)
    try:
        with link.ends_within(min(LONGEST_ATTEMPT, _until.get() - time.monotonic())):
            link.request(call.method, path + (f"?{query}" if query else ""), body, headers)
            return _read(link, site)
    finally:
        link.close()


def _read(link: "_Link", site: Site) -> Reply:
    response = link.getresponse()
    raw = response.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise CallFailed("away", site.host)
    if response.length:
        raise HTTPException("cut off")
    named = {name.lower(): value for name, value in response.getheaders()}
    return Reply(status=response.status, headers=named, text=raw.decode(errors="replace"))


def _body(call: Call) -> tuple[bytes | None, str | None]:
    if call.form is not None:
        return urlencode(call.form).encode(), "application/x-www-form-urlencoded"
    if call.body is not None:
        return json.dumps(call.body).encode(), "application/json"
    return None, None


def _pairs(query: Mapping[str, Any] | tuple[tuple[str, Any], ...]) -> list[tuple[str, Any]]:
    return list(query.items()) if isinstance(query, Mapping) else list(query)


class _Link(HTTPConnection):
    """To an address that was looked at, with the host's name in TLS, whose certificate is checked.
    Of several addresses each attempt takes another."""

    def __init__(self, site: Site, attempt: int) -> None:
        self._name = site.host
        self._is_local = bool(environment.local_platforms())
        if self._is_local:
            parts = urlsplit(site.base)
            super().__init__(parts.hostname or "", parts.port)
        else:
            addresses = sites.public_addresses(site.host)
            super().__init__(addresses[attempt % len(addresses)], sites.PORT)

    @contextmanager
    def ends_within(self, seconds: float) -> Iterator[None]:
        """Whatever is sent, received or agreed upon in TLS ends then, and is a TimeoutError."""
        until = time.monotonic() + seconds
        if seconds <= 0:
            raise TimeoutError
        raw = socket.create_connection((self.host, self.port), min(_LONGEST_CONNECTING, seconds))
        with raw.dup() as plug:  # by which it ends also while TLS has the other
            timer = Timer(until - time.monotonic(), _pull, [plug])
            timer.daemon = True
            timer.start()
            try:
                raw.settimeout(_LONGEST_SILENCE)
                self.sock = raw if self._is_local else _encrypted(raw, self._name)
                yield
            finally:
                timer.cancel()
                timer.join()
        if time.monotonic() >= until:  # what was cut off may look like an end
            raise TimeoutError


def _pull(plug: socket.socket) -> None:
    with suppress(OSError):
        plug.shutdown(socket.SHUT_RDWR)


def _encrypted(raw: socket.socket, name: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=name)
    except BaseException:
        raw.close()
        raise
