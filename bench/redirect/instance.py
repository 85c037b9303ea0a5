"""Lambda's own loop around a handler, in a process that does the handler's work and nothing else.

It asks a Runtime API in this process for its events. Linux alone: another process's CPU and memory
are read in Linux's ways.
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from bench.redirect import link, runtime
from bench.traffic.recordings import Event

Answer = dict[str, Any]
"""A handler's."""
_PATIENCE = 30  # seconds, for whatever a handler does
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:redirect"


class Broken(Exception):
    """The handler failed; the message is the runtime's own report of it."""


@contextmanager
def start(module: str, folder: Path, variables: Mapping[str, str]) -> Iterator["Instance"]:
    """A handler's process behind its own Runtime API, ready for its first event."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as connections:
        listener.settimeout(_PATIENCE)
        api = f"127.0.0.1:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [runtime.python(), "-m", "awslambdaric", f"{module}.handler"],
            cwd=folder,
            env={**variables, "AWS_LAMBDA_RUNTIME_API": api},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        try:
            connection = connections.enter_context(listener.accept()[0])
            requests = connections.enter_context(connection.makefile("rb"))
            yield Instance(process.pid, connection, requests)
        finally:
            process.kill()
            process.wait()


class Instance:
    def __init__(self, pid: int, connection: socket.socket, requests: BinaryIO) -> None:
        connection.settimeout(_PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._pid, self._connection, self._requests = pid, connection, requests
        self._clicks = 0
        self._body_of("/next")

    def click(self) -> Answer:
        """One warm invocation: when it ends, the handler waits for the next."""
        answer = self.answer()
        self._respond(202, {})
        self._body_of("/next")
        return answer

    def ask(self, event: Event) -> Answer:
        """One warm invocation with any event. Broken where the handler raised; the next works."""
        self._hand_over(event)
        try:
            return self._answer()
        finally:
            self._respond(202, {})
            self._body_of("/next")

    def answer(self) -> Answer:
        """What the handler answers to the next click; nothing is done after the answer."""
        self._hand_over(link.click(self._clicks + 1))
        answer = self._answer()
        if answer.get("statusCode") != 302:
            raise Broken(json.dumps(answer))
        return answer

    def _answer(self) -> Answer:
        answer: Answer = json.loads(self._body_of("/response"))
        return answer

    def _hand_over(self, event: Event) -> None:
        self._clicks += 1
        root = f"1-6920569c-{self._clicks:024x}"
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-4000-8000-{self._clicks:012x}",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 15_000),
            "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            # X-Ray takes one request a second, and a twentieth of the others.
            "Lambda-Runtime-Trace-Id": f"Root={root};Parent=53995c3f42cd8ad8;Sampled=0",
        }
        self._respond(200, headers, json.dumps(event).encode())

    def _body_of(self, path: str) -> bytes:
        """The body of the runtime's next request, which is to `path`."""
        line = self._requests.readline().decode()
        if not line:
            raise Broken("the process ended")
        length = 0
        while header := self._requests.readline().decode().strip():
            name, _, value = header.partition(":")
            length = int(value) if name.lower() == "content-length" else length
        body = self._requests.read(length)
        if not line.split()[1].endswith(path):
            raise Broken(body.decode())
        return body

    def _respond(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        whole = {**headers, "Content-Length": str(len(body))}
        lines = [f"HTTP/1.1 {status} OK", *[f"{name}: {value}" for name, value in whole.items()]]
        self._connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    @property
    def cpu(self) -> float:
        """Seconds of all its threads since it started: clock_getcpuclockid(3), spelt out."""
        return time.clock_gettime((~self._pid << 3) | 2)

    @property
    def peak(self) -> int:
        """Bytes of memory at most. ru_maxrss would tell of whoever started it as well."""
        lines = Path(f"/proc/{self._pid}/status").read_text().splitlines()
        (line,) = (line for line in lines if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
