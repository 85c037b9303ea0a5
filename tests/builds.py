"""What `make build` makes, once a run, by whichever of its processes asks first."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from local.artifacts.bytecode import BUILD
from local.deployment.stack import ROOT

_CACHE = ROOT / ".cache"


def built() -> None:
    """BUILD is of today's sources; skips where the tools for it cannot be had."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    with_sam()
    with _alone("built") as last:
        if last.read() != run:
            shutil.rmtree(BUILD, ignore_errors=True)
            making = subprocess.run(["make", "build"], cwd=ROOT, capture_output=True, text=True)
            assert making.returncode == 0, (making.stdout + making.stderr)[-3000:]
            last.truncate(0)
            last.write(run)


def with_sam() -> None:
    """This and the next skip where it cannot be had."""
    _make("sam", "the SAM CLI cannot be installed")


def with_checkov() -> None:
    _make("checkov-cli", "checkov cannot be installed")


def _make(tool: str, lacking: str) -> None:
    with _alone("tools"):
        making = subprocess.run(["make", tool], cwd=ROOT, capture_output=True, text=True)
    if making.returncode:
        pytest.skip(f"{lacking}: {making.stderr.strip()[-300:]}")


@contextmanager
def _alone(name: str) -> Iterator[IO[str]]:
    """A file that one process has at a time, at its beginning."""
    _CACHE.mkdir(exist_ok=True)
    with (_CACHE / name).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file
