"""A server that answers as it is told: late, in drops, cut off, or not at all."""

import json
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread
from types import TracebackType
from typing import Any
from zlib import crc32

_DROP = 0.02  # seconds between two drops


@dataclass(frozen=True, kw_only=True)
class Asked:
    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Step:
    """What becomes of one request."""

    data: bytes
    wait: float = 0
    """Seconds before the answer."""
    drop: int = 0
    """How many bytes at a time; 0 for all at once."""
    close: bool = False
    """Whether the connection ends then, without a word of it in the headers."""


Script = Callable[[Asked], Step]


def answer(status: int = 200, body: Any = None, **headers: str) -> bytes:
    """As AWS answers; `body` is JSON or, as bytes, itself. A header given wins."""
    data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    told = {"content-length": str(len(data)), "x-amz-crc32": str(crc32(data))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in told.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status} Because", *lines, "", ""]).encode() + data


def refusal(code: str, status: int = 400) -> bytes:
    return answer(status, {"__type": f"com.amazonaws.dynamodb#{code}", "message": "no"})


class Stub:
    """Serves `steps` in order, then `after` for ever; a step may be the answer's bytes alone."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.steps: list[Step | bytes] = []
        self.after: Script = lambda _: Step(answer())
        self.asked: list[Asked] = []
        self.accepted = 0
        self._context = context
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.endpoint = f"http{'s' if context else ''}://{self.host}"

    def __enter__(self) -> "Stub":
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Ends every connection that is open now."""
        with self._lock:
            for link in self._open:
                with suppress(OSError):
                    link.shutdown(socket.SHUT_RDWR)
                link.close()
            self._open.clear()

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        Thread(target=target, args=args, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.accepted += 1
            self._start(self._serve, link)

    def _serve(self, link: socket.socket) -> None:
        with suppress(OSError):
            if self._context:
                link = self._context.wrap_socket(link, server_side=True)
            with self._lock:
                self._open.append(link)
            with link, link.makefile("rb") as file:
                while (asked := _read(file)) and self._answer(link, asked):
                    pass

    def _answer(self, link: socket.socket, asked: Asked) -> bool:
        with self._lock:
            self.asked.append(asked)
            step = self.steps.pop(0) if self.steps else self.after(asked)
        if isinstance(step, bytes):
            step = Step(step)
        time.sleep(step.wait)
        size = step.drop or max(len(step.data), 1)
        for start in range(0, len(step.data), size):
            link.sendall(step.data[start : start + size])
            time.sleep(_DROP if step.drop else 0)
        if step.close:
            link.shutdown(socket.SHUT_RDWR)
        return not step.close


def _read(file: Any) -> Asked | None:
    line = file.readline().decode().strip()
    if not line:
        return None
    headers = {}
    while header := file.readline().decode().strip():
        name, _, value = header.partition(": ")
        headers[name.lower()] = value
    return Asked(line=line, headers=headers, body=file.read(int(headers["content-length"])))
