"""DynamoDB's protocol over HTTP, for who speaks it: whoever answers decides what is in it."""

import json
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from zlib import crc32

from local.web.http import Request, Response
from local.web.server import Server

Responder = Callable[[str, dict[str, Any]], str]
"""Of an operation and its request, the answer's JSON."""


@contextmanager
def serving(answer: Responder, certificate: Path | None = None) -> Iterator[str]:
    """Its address, over TLS where there is a certificate, in a file with its key."""

    def respond(request: Request) -> Response:
        return response(answer(operation_of(request), json.loads(request.body)).encode())

    with listening(respond, certificate) as address:
        yield address


@contextmanager
def listening(
    application: Callable[[Request], Response], certificate: Path | None = None
) -> Iterator[str]:
    """The same for whoever wants requests as they come."""
    with Server("127.0.0.1", 0) as server:
        server.application = application
        if certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(certificate)
            # Hands are shaken in each connection's own thread, at its first request.
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http{'s' if certificate else ''}://127.0.0.1:{server.port}"
        finally:
            server.shutdown()


def operation_of(request: Request) -> str:
    return request.headers["x-amz-target"].partition(".")[2]


def response(body: bytes) -> Response:
    """With the headers that DynamoDB sends."""
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "x-amzn-requestid": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF",
        "x-amz-crc32": str(crc32(body)),
    }
    return Response(headers=headers, body=body)


def to_json(attributes: dict[str, Any]) -> str:
    """Of an item as boto3 has it, whose bytes go over the wire in base 64."""
    return json.dumps(attributes, default=lambda raw: b64encode(raw).decode())
