"""HTTP/1.1, as little as a measured client needs, with as little work as can be."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from ssl import SSLContext
from threading import Thread
from typing import BinaryIO

Headers = Mapping[str, str]
Responder = Callable[[Headers, bytes], bytes]
"""Of a request's headers and body, the whole response."""


def request(file: BinaryIO) -> tuple[Headers, bytes] | None:
    """The next request's headers, its first line as `:line`; None where the other side left."""
    headers = {":line": file.readline().decode().strip()}
    while line := file.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = file.read(int(headers.get("content-length", 0)))
    return (headers, body) if headers[":line"] else None


def response(status: int, headers: Headers, body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} OK", *[f"{name}: {value}" for name, value in headers.items()]]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def server(answer: Responder, tls: SSLContext | None = None) -> Iterator[int]:
    """Its port; every connection has a thread of its own, while it lasts."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    Thread(target=_accept, args=(listener, answer, tls), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, answer: Responder, tls: SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            link, _ = listener.accept()
            Thread(target=_serve, args=(link, answer, tls), daemon=True).start()


def _serve(link: socket.socket, answer: Responder, tls: SSLContext | None) -> None:
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError), tls.wrap_socket(link, server_side=True) if tls else link as opened:
        file = opened.makefile("rb")
        while received := request(file):
            opened.sendall(answer(*received))
