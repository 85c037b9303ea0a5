"""A meter of every request to DynamoDB.

It stands before an emulator as DynamoDB's endpoint. So it sees each request that leaves the
functions, by botocore or by the redirect's own client, retries and refused conditions included.
"""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Lock
from urllib.parse import urlsplit

from bench import http
from bench.dynamodb.units import Attributes, size_of, write_units
from bench.http import Headers
from local.cloud import Cloud
from local.emulator.environment import environment
from local.emulator.ministack import Emulator

_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_OF_A_CONNECTION = ("transfer-encoding", "content-length", "connection")


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request to DynamoDB."""

    operation: str
    table: str
    refused: bool
    """Whether DynamoDB answered anything but 200; a condition that does not hold is charged."""
    units: int
    """Write units of a PutItem; 0 for the rest, whose price the goals do not ask for."""

    @property
    def writes(self) -> bool:
        return self.operation in _WRITES


class Meter:
    """Passes everything on to the DynamoDB at `url`, and remembers what was asked."""

    def __init__(self, url: str) -> None:
        self._lock = Lock()
        self._requests: list[Request] = []
        self._sizes: dict[tuple[str, str], int] = {}
        self._backend = urlsplit(url).netloc

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its own endpoint."""
        with http.server(self._answer) as port:
            yield f"http://127.0.0.1:{port}"

    def take(self) -> list[Request]:
        """The requests since the last take, in order."""
        with self._lock:
            requests, self._requests = self._requests, []
        return requests

    def _answer(self, headers: Headers, body: bytes) -> bytes:
        request_headers = {name: text for name, text in headers.items() if name != ":line"}
        # A new connection each time: none can have gone stale.
        with closing(HTTPConnection(self._backend, timeout=30)) as upstream:
            upstream.request("POST", "/", body, request_headers)
            response = upstream.getresponse()
            answer = response.read()
        self._note(headers["x-amz-target"].partition(".")[2], body, response.status)
        fields = {n: v for n, v in response.headers.items() if n.lower() not in _OF_A_CONNECTION}
        fields["content-length"] = str(len(answer))
        return http.response(response.status, fields, answer)

    def _note(self, operation: str, body: bytes, status: int) -> None:
        content = json.loads(body)
        table = content.get("TableName", "")
        with self._lock:
            units = self._put(table, content["Item"], status) if operation == "PutItem" else 0
            self._requests.append(
                Request(operation=operation, table=table, refused=status != 200, units=units)
            )

    def _put(self, table: str, item: Attributes, status: int) -> int:
        """Where the condition fails, what stands is charged, and not what was sent."""
        key = (table, json.dumps([item.get("pk"), item.get("sk")]))
        before, size = self._sizes.get(key, 0), size_of(item)
        if status != 200:
            return write_units(before)
        self._sizes[key] = size
        return write_units(before, size)


@contextmanager
def metered_cloud(
    emulator: Emulator | None = None, stack: str = "metered"
) -> Iterator[tuple[Cloud, Meter]]:
    """The local cloud with its DynamoDB behind a meter; `emulator` is one that runs already."""
    running = emulator or Emulator()
    meter = Meter(running.endpoint)
    try:
        with (
            meter.serving() as endpoint,
            environment({"AWS_ENDPOINT_URL_DYNAMODB": endpoint}),
            Cloud(emulator=running, stack=stack) as cloud,
        ):
            yield cloud, meter
    finally:
        if not emulator:
            running.stop()
