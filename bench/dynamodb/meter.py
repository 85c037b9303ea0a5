"""A meter of every request to DynamoDB.

It stands before an emulator as DynamoDB's endpoint. So it sees each request that leaves the
functions, by botocore or by the redirect's own client, retries and refused conditions included.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

from bench.dynamodb import endpoint
from local.cloud import Cloud
from local.emulator.environment import environment
from local.emulator.ministack import Emulator
from local.web import http as web

BEGIN = datetime(2026, 12, 2, 15, 10, tzinfo=UTC)
"""When a cloud whose requests are counted begins: no hour, slot or day turns meanwhile, which would
cost some of them more."""
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_OF_A_CONNECTION = ("date", "server", "transfer-encoding", "content-length", "connection")


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request to DynamoDB."""

    operation: str
    units: int
    """Write units of a PutItem, as the emulator has them; 0 of a refused one, for which DynamoDB
    charges what stands, and of the rest, whose price the goals do not ask for."""

    @property
    def writes(self) -> bool:
        """Whether it may write: a condition that does not hold is charged as well."""
        return self.operation in _WRITES


class Meter:
    """Passes everything on to the DynamoDB at `url`, and remembers what was asked."""

    def __init__(self, url: str) -> None:
        self._requests: list[Request] = []
        self._backend = urlsplit(url).netloc

    def serving(self) -> AbstractContextManager[str]:
        """Its own endpoint."""
        return endpoint.listening(self._answer)

    def take(self) -> list[Request]:
        """The requests since the last take, in order."""
        requests, self._requests = self._requests, []
        return requests

    def _answer(self, request: web.Request) -> web.Response:
        operation, body = endpoint.operation_of(request), request.body
        if operation == "PutItem":
            body = json.dumps({**json.loads(body), "ReturnConsumedCapacity": "TOTAL"}).encode()
        # A new connection each time: none can have gone stale.
        with closing(HTTPConnection(self._backend, timeout=30)) as upstream:
            upstream.request("POST", "/", body, _end_to_end(request.headers))
            response = upstream.getresponse()
            answer = response.read()
        capacity = json.loads(answer).get("ConsumedCapacity", {}) if operation == "PutItem" else {}
        units = int(capacity.get("CapacityUnits", 0))
        self._requests.append(Request(operation=operation, units=units))
        headers = _end_to_end(response.headers)
        return web.Response(status=response.status, headers=headers, body=answer)


def _end_to_end(headers: Mapping[str, str]) -> dict[str, str]:
    return {n: text for n, text in headers.items() if n.lower() not in _OF_A_CONNECTION}


@contextmanager
def metered_cloud(
    emulator: Emulator | None = None, stack: str = "metered"
) -> Iterator[tuple[Cloud, Meter]]:
    """The local cloud with its DynamoDB behind a meter; `emulator` is one that runs already."""
    running = emulator or Emulator()
    meter = Meter(running.endpoint)
    try:
        with (
            meter.serving() as address,
            environment({"AWS_ENDPOINT_URL_DYNAMODB": address}),
            Cloud(emulator=running, stack=stack, start=BEGIN) as cloud,
        ):
            cloud.schedules.meet_day()  # or the first request would be charged for the day's salts
            yield cloud, meter
    finally:
        if not emulator:
            running.stop()
