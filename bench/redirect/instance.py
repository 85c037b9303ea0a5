"""Lambda's own loop around a handler, in a process that does the handler's work and nothing else.

It asks a Runtime API in this process for its events. Linux alone: another process's CPU and memory
are read in Linux's ways.
"""

import json
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from bench import http
from bench.redirect import link, runtime

Answer = dict[str, Any]
"""A handler's."""
_PATIENCE = 30  # seconds, for whatever a handler does
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:redirect"


class Broken(Exception):
    """The handler failed; the message is the runtime's own report of it."""


class Instance:
    """A handler's process behind its own Runtime API. Entered, it is ready for its first event."""

    def __init__(self, module: str, folder: Path, variables: Mapping[str, str]) -> None:
        python, handler = runtime.python(), f"{module}.handler"
        self._command: list[str | Path] = [python, "-m", "awslambdaric", handler]
        self._folder, self._variables = folder, variables
        self._clicks = 0

    def __enter__(self) -> "Instance":
        with ExitStack() as resources:
            listener = resources.enter_context(socket.create_server(("127.0.0.1", 0)))
            listener.settimeout(_PATIENCE)
            self._process = self._start(f"127.0.0.1:{listener.getsockname()[1]}")
            resources.callback(self._end)
            self._link, _ = listener.accept()
            resources.enter_context(self._link)
            self._link.settimeout(_PATIENCE)
            self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._file = resources.enter_context(self._link.makefile("rb"))
            self._body_of("/next")
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._end()
        self._resources.close()

    def _start(self, api: str) -> subprocess.Popen[bytes]:
        variables = {**self._variables, "AWS_LAMBDA_RUNTIME_API": api}
        none = subprocess.DEVNULL
        return subprocess.Popen(
            self._command, cwd=self._folder, env=variables, stdin=none, stdout=none
        )

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()

    def click(self) -> Answer:
        """One warm invocation: when it ends, the handler waits for the next."""
        answer = self.answer()
        self._link.sendall(http.response(202, {"Content-Length": "0"}, b""))
        self._body_of("/next")
        return answer

    def answer(self) -> Answer:
        """What the handler answers to the next click; nothing is done after the answer."""
        body = json.dumps(link.click(self._clicks)).encode()
        self._clicks += 1
        root = f"1-6920569c-{self._clicks:024x}"
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-4000-8000-{self._clicks:012x}",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 15_000),
            "Lambda-Runtime-Invoked-Function-Arn": _ARN,
            # X-Ray takes one request a second, and a twentieth of the others.
            "Lambda-Runtime-Trace-Id": f"Root={root};Parent=53995c3f42cd8ad8;Sampled=0",
        }
        self._link.sendall(http.response(200, headers, body))
        answer: Answer = json.loads(self._body_of("/response"))
        if answer.get("statusCode") != 302:
            raise Broken(json.dumps(answer))
        return answer

    def _body_of(self, path: str) -> bytes:
        """The body of the runtime's next request, which is to `path`."""
        request = http.request(self._file)
        if request is None:
            raise Broken("the process ended")
        headers, body = request
        if not headers[":line"].split()[1].endswith(path):
            raise Broken(body.decode())
        return body

    @property
    def cpu(self) -> float:
        """Seconds of all its threads since it started: clock_getcpuclockid(3), spelt out."""
        return time.clock_gettime((~self._process.pid << 3) | 2)

    @property
    def peak(self) -> int:
        """Bytes of memory at most. ru_maxrss would tell of whoever started it as well."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        (line,) = (line for line in lines if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
