"""A DynamoDB that knows the followed link, and whose answers cost nothing to make."""

import json
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from bench import http
from bench.http import Headers
from bench.redirect import link
from sharetrail.aws.items import encode


class DynamoDB:
    """Finds the link's rows by their `pk`, and keeps whatever is put in `items`.

    It is the queue too: `spills` counts the clicks that came there, since the put took too long.
    """

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.spills = 0
        self._answers = {
            (link.variables()[f"{noun.upper()}_TABLE"], item["pk"]): _answer({"Item": encode(item)})
            for noun, item in link.rows()
        }

    @contextmanager
    def serving(self, certificate: Path) -> Iterator[str]:
        """Its endpoint, over TLS."""
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        with http.server(self._answer, tls) as port:
            yield f"https://127.0.0.1:{port}"

    def _answer(self, headers: Headers, body: bytes) -> bytes:
        request, operation = json.loads(body), headers["x-amz-target"].partition(".")[2]
        if operation == "GetItem":
            return self._answers.get((request["TableName"], request["Key"]["pk"]["S"]), NOTHING)
        if operation == "PutItem":
            self.items.append(request["Item"])
        else:
            self.spills += 1
        return NOTHING


def _answer(content: dict[str, Any]) -> bytes:
    """With the headers that DynamoDB sends."""
    body = json.dumps(content, default=lambda raw: b64encode(raw).decode()).encode()
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


NOTHING = _answer({})
"""To a put, and of an item that is not there."""
