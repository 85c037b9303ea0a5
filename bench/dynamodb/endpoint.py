"""DynamoDB's protocol over HTTP, for another process: whoever answers decides what is in it."""

import json
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from bench import http
from bench.http import Headers

Responder = Callable[[str, dict[str, Any]], str]
"""Of an operation and its request, the answer's JSON."""


@contextmanager
def serving(answer: Responder, certificate: Path | None = None) -> Iterator[str]:
    """Its address, over TLS where there is a certificate, in a file with its key."""
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)

    def respond(headers: Headers, body: bytes) -> bytes:
        operation = headers["x-amz-target"].partition(".")[2]
        return _response(answer(operation, json.loads(body)).encode())

    with http.server(respond, tls) as port:
        yield f"http{'s' if tls else ''}://127.0.0.1:{port}"


def _response(body: bytes) -> bytes:
    """With the headers that DynamoDB sends."""
    headers = {
        "Server": "Server",
        "Date": "Sat, 21 Nov 2026 12:00:00 GMT",
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
        "x-amzn-RequestId": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEF",
        "x-amz-crc32": str(crc32(body)),
    }
    return http.response(200, headers, body)


def to_json(attributes: dict[str, Any]) -> str:
    """Of an item as boto3 has it, whose bytes go over the wire in base 64."""
    return json.dumps(attributes, default=lambda raw: b64encode(raw).decode())
