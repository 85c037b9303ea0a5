"""What DynamoDB charges: an item's size by its documented rules, and a meter of every request.

The meter stands before an emulator as DynamoDB's endpoint. So it sees each request that leaves the
functions, by botocore or by wire.py, retries and refused conditions included.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from threading import Lock, Thread
from typing import Any, Self
from urllib.parse import urlsplit

from local.cloud import Cloud
from local.emulator.environment import environment
from local.emulator.ministack import Emulator

Attributes = Mapping[str, Any]

PAGE = 1_048_576
"""Bytes of items after which a Query ends its page."""
_WRITE_UNIT, _READ_UNIT = 1_024, 4_096
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")


# ── sizes and units ──────────────────────────────────────────────────────────────────────────────
def size_of(item: Attributes) -> int:
    """An item's bytes: the lengths of its names and its values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(attribute: Attributes) -> int:
    ((kind, value),) = attribute.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return _number_size(value)
        case "B":
            return len(value if isinstance(value, bytes) else b64decode(value))
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(each.encode()) for each in value)
        case "L":
            return 3 + sum(1 + _value_size(each) for each in value)
        case "M":
            return 3 + len(value) + size_of(value)
    raise TypeError(f"no size is known for DynamoDB's {kind}")


def _number_size(text: str) -> int:
    """A byte for each two digits from the decimal point on, zeros around them left out."""
    whole, _, fraction = f"{abs(Decimal(text)):f}".partition(".")
    digits = "0" * (len(whole) % 2) + whole + fraction + "0" * (len(fraction) % 2)
    pairs = [digits[n : n + 2] for n in range(0, len(digits), 2)]
    told = [n for n, pair in enumerate(pairs) if pair != "00"]
    return (told[-1] - told[0] + 1 if told else 0) + 1 + text.startswith("-")


def write_units(*sizes: int) -> int:
    """For an item that is put over another: the larger of both counts, in started kilobytes."""
    return max(1, ceil(max(sizes) / _WRITE_UNIT))


def read_units(size: int) -> int:
    """For a consistent read of so many bytes together; to find nothing costs a unit as well."""
    return max(1, ceil(size / _READ_UNIT))


# ── the meter ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Asked:
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
    """`with Meter(url) as meter:` an endpoint that passes everything on to the one at `url`."""

    def __init__(self, url: str) -> None:
        self._lock = Lock()
        self._asked: list[Asked] = []
        self._sizes: dict[tuple[str, str], int] = {}
        self._server = _Server(self, urlsplit(url).netloc)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self) -> list[Asked]:
        """What was asked since the last take, in order."""
        with self._lock:
            taken, self._asked = self._asked, []
        return taken

    def note(self, operation: str, body: bytes, status: int) -> None:
        told = json.loads(body)
        table = told.get("TableName", "")
        with self._lock:
            units = self._put(table, told["Item"], status) if operation == "PutItem" else 0
            self._asked.append(
                Asked(operation=operation, table=table, refused=status != 200, units=units)
            )

    def _put(self, table: str, item: Attributes, status: int) -> int:
        """Where the condition fails, what stands is charged, and not what was sent."""
        key = (table, json.dumps([item.get("pk"), item.get("sk")]))
        before, size = self._sizes.get(key, 0), size_of(item)
        if status != 200:
            return write_units(before)
        self._sizes[key] = size
        return write_units(before, size)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, meter: Meter, backend: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.meter, self.backend = meter, backend


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body in one piece, or Nagle waits between them

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        status, headers, told = self._passed_on(body)
        operation = self.headers.get("x-amz-target", "").partition(".")[2]
        self.server.meter.note(operation, body, status)
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def _passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        # A new connection each time: none can have gone stale.
        with closing(HTTPConnection(self.server.backend, timeout=30)) as upstream:
            upstream.request("POST", self.path, body, dict(self.headers.items()))
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its own name
        pass


@contextmanager
def metered_cloud(
    emulator: Emulator | None = None, stack: str = "metered"
) -> Iterator[tuple[Cloud, Meter]]:
    """The local cloud with its DynamoDB behind a meter; `emulator` is one that runs already."""
    running = emulator or Emulator()
    try:
        with (
            Meter(running.endpoint) as meter,
            environment({"AWS_ENDPOINT_URL_DYNAMODB": meter.endpoint}),
            Cloud(emulator=running, stack=stack) as cloud,
        ):
            yield cloud, meter
    finally:
        if not emulator:
            running.stop()
