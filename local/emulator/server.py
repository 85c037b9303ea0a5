"""`python -m local.emulator.server FD`: MiniStack behind a socket that listens already.

MiniStack's own server parses HTTP in Python, with tasks, timers and queues of its own for each
request, which took half of the emulator's time. What boto3 and our small client send is plainer:
HTTP/1.1, one request at a time on a connection, a length before every body.
"""

import asyncio
import socket
import sys
from collections.abc import Awaitable, MutableMapping
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from ministack import app
from ministack.services import dynamodb

from local.emulator import key_conditions

_LARGEST_HEAD = 256 * 1024
_RANGES = (b".Query", b".Scan", b".GetRecords")
_ROUNDS = 3  # of the loop: read what came, begin to answer it, answer it
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_Message = MutableMapping[str, Any]
_range_lock = asyncio.Lock()


def main() -> None:
    _read_expressions_once()
    key_conditions.install()
    asyncio.run(_serve(socket.socket(fileno=int(sys.argv[1]))))


def _read_expressions_once() -> None:
    """MiniStack checks and parses a condition anew for every item of a partition."""
    tokens = cache(dynamodb._tokenize)
    dynamodb._tokenize = lambda expression: list(tokens(expression))
    dynamodb._condition_syntax_error = cache(dynamodb._condition_syntax_error)


async def _serve(listening: socket.socket) -> None:
    server = await asyncio.start_server(_answer_all, sock=listening, limit=_LARGEST_HEAD)
    await server.serve_forever()


async def _answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            await _answer(reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client left, most often between two requests
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    start, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[:-2]
    method, target, _ = start.split(b" ")
    headers = [_header(line) for line in lines]
    sent = dict(headers)
    if sent.get(b"expect", b"").lower() == b"100-continue":
        writer.write(_CONTINUE)
    body = await reader.readexactly(int(sent.get(b"content-length", b"0")))
    path, _, query = target.partition(b"?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method.decode(),
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": writer.get_extra_info("peername"),
        "server": writer.get_extra_info("sockname"),
    }
    writer.write(await _in_turn(sent.get(b"x-amz-target", b""), _response(scope, body)))
    await writer.drain()


async def _in_turn(operation: bytes, response: Awaitable[bytes]) -> bytes:
    """A range of a table takes up to a tenth of a second: one at a time, and whatever is short
    before the next, since nobody at a redirect may wait for all that a stream's folding reads."""
    if not operation.endswith(_RANGES):
        return await response
    async with _range_lock:
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        return await response


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.lower(), value.strip()


async def _response(scope: dict[str, Any], body: bytes) -> bytes:
    """The whole answer at once: its reader is woken once."""
    head, parts = b"", []

    async def receive() -> _Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: _Message) -> None:
        nonlocal head
        if message["type"] == "http.response.start":
            head = _head(message["status"], message["headers"])
        else:
            parts.append(message.get("body", b""))

    await app.app(scope, receive, send)
    content = b"".join(parts)
    if b"content-length:" not in head.lower():
        head += b"content-length: %d\r\n" % len(content)
    return b"".join([head, b"\r\n", b"" if scope["method"] == "HEAD" else content])


def _head(status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
    lines = [b"%s: %s\r\n" % (name, value) for name, value in headers]
    return b"".join([_status_line(status), *lines])


@cache
def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()


if __name__ == "__main__":
    main()
