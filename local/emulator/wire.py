"""The functions' way to the emulator's tables: requests as boto3 makes and signs them, on plain
sockets. Queues, buckets and streams are asked by boto3's own way.

urllib3 and http.client, boto3's own way, take longer than the emulator's answer, and send head and
body apart, which wakes the emulator twice.
"""

import socket
from collections import deque
from collections.abc import Iterator
from io import BufferedReader
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

_EVENT = "before-send.dynamodb"
_HOOK = "sharetrail-wire"
_PATIENCE = 60.0  # seconds, as boto3's
_Connection = tuple[socket.socket, BufferedReader]
_idle: dict[str, deque[_Connection]] = {}
"""Connections that wait for a request, by the address of a running emulator."""


def open_to(endpoint: str) -> None:
    """From now on, clients that boto3's default session makes speak to this emulator so; harmless
    twice."""
    _idle.setdefault(urlsplit(endpoint).netloc, deque())
    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    hook(boto3.DEFAULT_SESSION)


def hook(session: Any) -> None:
    """botocore takes a hook's name once: a second event under it would be passed over."""
    session.events.register(_EVENT, _carry, _HOOK)


def close_to(endpoint: str) -> None:
    for connection in _idle.pop(urlsplit(endpoint).netloc, ()):
        _close(connection)


def _carry(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    """None where boto3 has to do it: for other addresses, and whatever goes wrong here."""
    idle = _idle.get(urlsplit(request.url).netloc)
    if idle is None:
        return None
    connection = None
    try:
        connection = idle.pop() if idle else _connect(request.url)
        answer = _exchange(connection, request)
    except (OSError, LookupError, ValueError):
        if connection:
            _close(connection)
        return None
    idle.append(connection)
    return answer


def _connect(url: str) -> _Connection:
    address = urlsplit(url)
    made = socket.create_connection((address.hostname or "", address.port or 80), _PATIENCE)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made, made.makefile("rb")


def _exchange(connection: _Connection, request: AWSPreparedRequest) -> AWSResponse:
    sending, reading = connection
    content = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
    lines = ["POST / HTTP/1.1", f"Host: {urlsplit(request.url).netloc}"]
    lines += [f"{name}: {_text(value)}" for name, value in request.headers.items()]
    sending.sendall("\r\n".join([*lines, "", ""]).encode() + content)
    status = int(reading.readline().split(b" ")[1])
    headers = dict(_headers(reading))
    answer = AWSResponse(request.url, status, headers, None)
    answer._content = reading.read(int(headers["content-length"]))
    return answer


def _headers(reading: BufferedReader) -> Iterator[tuple[str, str]]:
    while line := reading.readline().rstrip(b"\r\n"):
        name, _, value = line.decode("latin-1").partition(":")
        yield name.lower(), value.strip()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _close(connection: _Connection) -> None:
    for each in reversed(connection):
        each.close()
