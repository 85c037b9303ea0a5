"""G3: instructions of one PutItem, our client's over boto3's, as valgrind counts them.

Counted twice, with few requests and with many: the difference is the requests' own, without start
and first connection. Counts of instructions repeat to a thousandth, so this goal is a gate.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Thread
from zlib import crc32

from bench import goals
from bench.goals import Figure

LIMIT = 0.06
_WHAT = "instructions of a PutItem ÷ boto3.client's"
_FEW, _MANY = 20, 120
_BODY = b"{}"
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nServer: Server\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\n"
    b"Content-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\nConnection: keep-alive\r\n"
    b"x-amzn-RequestId: 52A47440D5734C9ABCAF851B1C32A72B52A47440D5734C9ABCAF\r\n"
    b"x-amz-crc32: %d\r\n\r\n%b" % (crc32(_BODY), _BODY)
)
"""As DynamoDB answers a put."""


def measure() -> list[Figure]:
    if not shutil.which("valgrind"):
        note = "valgrind is not installed (Debian: apt install valgrind)"
        return [Figure(goal="G3", what=_WHAT, value=None, limit=LIMIT, note=note)]
    with _dynamodb() as endpoint, ThreadPoolExecutor(2) as both:
        ours, theirs = both.map(lambda client: _each(client, endpoint), ("wire", "boto3"))
    details = {"ours": f"{ours:,.0f} instructions", "theirs": f"{theirs:,.0f}"}
    return [Figure(goal="G3", what=_WHAT, value=ours / theirs, limit=LIMIT, details=details)]


def _each(client: str, endpoint: str) -> float:
    """Instructions of one put."""
    few, many = (_counted(client, n, endpoint) for n in (_FEW, _MANY))
    return (many - few) / (_MANY - _FEW)


def _counted(client: str, puts: int, endpoint: str) -> int:
    counting = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    program = [sys.executable, "-m", "bench.putting", client, str(puts)]
    run = subprocess.run(
        [*counting, *program], env=_environment(endpoint), capture_output=True, text=True
    )
    found = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode or not found:
        raise RuntimeError(run.stderr[-2_000:])
    return int(found[1])


def _environment(endpoint: str) -> dict[str, str]:
    """Lambda's: keys with a session token in the environment, and no files of a person's."""
    return {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "t" * 700,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "PYTHONHASHSEED": "0",
    }


# ── a DynamoDB that takes everything ─────────────────────────────────────────────────────────────
@contextmanager
def _dynamodb() -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    Thread(target=_accept, args=(listener,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket) -> None:
    with suppress(OSError):
        while True:
            link, _ = listener.accept()
            Thread(target=_serve, args=(link,), daemon=True).start()


def _serve(link: socket.socket) -> None:
    with suppress(OSError), link, link.makefile("rb") as file:
        while file.readline():
            length = 0
            while line := file.readline().strip().lower():
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            file.read(length)
            link.sendall(_ANSWER)


if __name__ == "__main__":
    goals.main(measure)
