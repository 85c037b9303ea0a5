"""HTTP/1.1 on a kept-alive socket: as much of it as AWS's JSON protocol uses.

http.client bounds each read but not all of them together, and reads headers with the parser for
mail, which costs more than the rest of a request. Here one deadline bounds connecting (but for the
resolver's own time), the handshake and every read. An answer has a content-length or comes in
chunks, as DynamoDB Local sends long ones; anything else is Lost, never guessed at.
"""

import os
import socket
import ssl
from functools import cache
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from sharetrail.aws import environment

_CONNECT_LIMIT = 1.0  # seconds, an address
_LONGEST_ANSWER = 4_000_000  # bytes; an item has at most 400 KB
_AT_ONCE = 65_536
_ROOTS = "amazon_roots.pem"  # by local/artifacts/roots.py


class Lost(Exception):
    """No whole answer came: refused, cut off, too late, or not HTTP."""


class _Unheard(Lost):
    """Not one byte of an answer came: on a kept socket, a sign that it had gone stale."""


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    """Names and values in lower case; of a name that stands twice the last."""
    body: bytes


class Connection:
    """One socket, opened on use and kept. For one thread at a time."""

    def __init__(self, url: str) -> None:
        """`url`'s scheme, host and port count alone."""
        parts = urlsplit(url)
        standard = {"http": 80, "https": 443}.get(parts.scheme)
        if standard is None or not parts.hostname:
            raise Lost(f"no address: {url}")
        self._secure = parts.scheme == "https"
        self._address = (parts.hostname, parts.port or standard)
        self._socket: socket.socket | None = None
        self.host = parts.netloc.removesuffix(f":{standard}")
        """As the Host header, and a signature over it, have it."""

    def ask(self, headers: dict[str, str], body: bytes, until: float) -> Reply:
        """The answer to a POST to `/`, by `until` (monotonic seconds). Lost where none comes; it
        is closed then.

        A kept socket that turns out stale is replaced, and the request sent again, once.
        """
        request = _request(headers, body)
        kept = self._socket is not None
        try:
            return self._exchange(request, until)
        except _Unheard:
            if not kept:
                raise
            return self._exchange(request, until)

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes, until: float) -> Reply:
        received = bytearray()
        try:
            self._socket = self._socket or self._opened(until)
            self._socket.settimeout(_remaining(until))
            self._socket.sendall(request)
            answer = _answer(_Incoming(self._socket, received, until))
        except BaseException as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise Lost("too late") from error
            if isinstance(error, OSError):
                raise (Lost if received else _Unheard)(str(error)) from error
            raise
        if answer.headers.get("connection") == "close":
            self.close()
        return answer

    def _opened(self, until: float) -> socket.socket:
        raw = _connect(self._address, until)
        try:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not self._secure:
                return raw
            raw.settimeout(_remaining(until))
            return self._trusted().wrap_socket(raw, server_hostname=self._address[0])
        except BaseException as error:
            if isinstance(error, ssl.SSLCertVerificationError):
                _strangers.add(self._address)  # the next attempt asks all authorities
            raw.close()
            raise

    def _trusted(self) -> ssl.SSLContext:
        named = environment.authorities()
        if named or self._address in _strangers:
            return _everyone(named)
        return _amazon()


_strangers: set[tuple[str, int]] = set()
"""Addresses that showed a certificate of none of Amazon's own authorities."""


def _connect(address: tuple[str, int], until: float) -> socket.socket:
    """socket.create_connection gives every address of a name the whole time anew."""
    failure: OSError = OSError("no such host")
    for family, kind, protocol, _, found in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
        raw = socket.socket(family, kind, protocol)
        try:
            raw.settimeout(min(_CONNECT_LIMIT, _remaining(until)))
            raw.connect(found)
        except OSError as error:
            raw.close()
            failure = error
        else:
            return raw
    raise failure


@cache
def _amazon() -> ssl.SSLContext:
    """Amazon's own authorities: to read the hundred and forty of a machine takes longer than all
    the rest of a cold start.
    """
    return ssl.create_default_context(cafile=os.path.join(os.path.dirname(__file__), _ROOTS))


@cache
def _everyone(bundle: str | None) -> ssl.SSLContext:
    """Whom the environment names, or the machine trusts."""
    return ssl.create_default_context(cafile=bundle)


def _remaining(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("too late")
    return left


# ── requests and answers as bytes ────────────────────────────────────────────────────────────────
def _request(headers: dict[str, str], body: bytes) -> bytes:
    values = "".join(headers.values())
    if "\r" in values or "\n" in values:
        raise Lost("a header holds a line break")
    named = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    own = f"accept-encoding: identity\r\ncontent-length: {len(body)}\r\n\r\n"
    return f"POST / HTTP/1.1\r\n{named}{own}".encode() + body


class _Incoming:
    """The bytes received so far, and more of them, by `until`."""

    def __init__(self, link: socket.socket, received: bytearray, until: float) -> None:
        self._link, self.received, self._until = link, received, until

    def find(self, separator: bytes, start: int = 0) -> int:
        """Where `separator` begins; reads on until it is there."""
        while (found := self.received.find(separator, start)) < 0:
            self._receive()
        return found

    def take(self, start: int, end: int) -> bytes:
        while len(self.received) < end:
            self._receive()
        return bytes(self.received[start:end])

    def _receive(self) -> None:
        self._link.settimeout(_remaining(self._until))
        more = self._link.recv(_AT_ONCE)
        if not more:
            raise ConnectionResetError("cut off")
        self.received += more
        if len(self.received) > _LONGEST_ANSWER:
            raise Lost("too long an answer")


def _answer(incoming: _Incoming) -> Reply:
    end = incoming.find(b"\r\n\r\n")
    status, headers = _head(incoming.take(0, end).decode("latin-1"))
    start = end + 4
    if "transfer-encoding" in headers:
        body, end = _chunks(incoming, start, headers)
    else:
        end = start + _length(headers)
        body = incoming.take(start, end)
    if len(incoming.received) > end:
        raise Lost("more than the answer")
    return Reply(status, headers, body)


def _head(text: str) -> tuple[int, dict[str, str]]:
    first, *lines = text.lower().split("\r\n")
    status = first[9:12]
    if first[:9] != "http/1.1 " or not (status.isdecimal() and status >= "200"):
        raise Lost("not an answer of HTTP/1.1")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    return int(status), headers


def _length(headers: dict[str, str]) -> int:
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers or not (length.isascii() and length.isdecimal()):
        raise Lost("an answer without its length")
    return int(length)


def _chunks(incoming: _Incoming, start: int, headers: dict[str, str]) -> tuple[bytes, int]:
    """A body in chunks, and where it ends. Trailers are not known here."""
    if headers["transfer-encoding"] != "chunked" or "content-length" in headers:
        raise Lost("an answer without its length")
    body = b""
    while True:
        end = incoming.find(b"\r\n", start)
        size = _hexadecimal(incoming.take(start, end).partition(b";")[0])
        start = end + 2 + size + 2
        chunk = incoming.take(end + 2, start)
        if chunk[size:] != b"\r\n":
            raise Lost("a chunk of another length")
        body += chunk[:size]
        if size == 0:
            return body, start


def _hexadecimal(digits: bytes) -> int:
    if not digits or digits.strip(b"0123456789abcdefABCDEF"):
        raise Lost("a chunk without its length")
    return int(digits, 16)
