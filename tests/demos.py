"""`python -m local` in a process of its own, and what one asks it."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@dataclass
class Demo:
    url: str
    facts: dict[str, Any]

    @property
    def shop(self) -> str:
        return f"{self.facts['shop_origin']}/shop/"

    def ask(self, path: str, method: str = "GET", body: Any = None, key: bool = False) -> Any:
        """JSON from the local cloud; with `key`, under the demo merchant's secret key."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        headers |= {"authorization": f"Bearer {self.facts['secret_key']}"} if key else {}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def now(self) -> datetime:
        return datetime.fromisoformat(self.ask("/_local/?format=json")["now"])

    def outbox(self) -> list[dict[str, Any]]:
        return self.ask("/_local/outbox?format=json")

    def drain(self) -> None:
        assert self.ask("/_local/drain", "POST")["failed"] == []


@contextmanager
def started(port: int) -> Iterator[Demo]:
    process = subprocess.Popen(
        [sys.executable, "-m", "local", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Sharetrail is ready at "):
                break
        else:
            pytest.fail("".join(said))
        url = line.split()[-1]
        with urllib.request.urlopen(f"{url}/_local/?format=json") as answer:
            yield Demo(url, json.load(answer))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert process.returncode == 0
