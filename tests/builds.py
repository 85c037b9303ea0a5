"""What `make build` makes, once a run, by whichever of its processes asks first."""

import fcntl
import os
import shutil
import subprocess

import pytest

from local.artifacts.bytecode import BUILD
from local.deployment.stack import ROOT

_DONE = ROOT / ".cache/built"
"""For which run."""


def built() -> None:
    """BUILD is of today's sources; skips where the tools for it cannot be had."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    _DONE.parent.mkdir(exist_ok=True)
    with _DONE.open("a+") as done:
        fcntl.flock(done, fcntl.LOCK_EX)
        done.seek(0)
        if done.read() != run:
            with_sam()
            shutil.rmtree(BUILD, ignore_errors=True)
            making = subprocess.run(["make", "build"], cwd=ROOT, capture_output=True, text=True)
            assert making.returncode == 0, (making.stdout + making.stderr)[-3000:]
            done.truncate(0)
            done.write(run)


def with_sam() -> None:
    """This and the next skip where it cannot be had."""
    _make("sam", "the SAM CLI cannot be installed")


def with_checkov() -> None:
    _make("checkov-cli", "checkov cannot be installed")


def _make(tool: str, lacking: str) -> None:
    making = subprocess.run(["make", tool], cwd=ROOT, capture_output=True, text=True)
    if making.returncode:
        pytest.skip(f"{lacking}: {making.stderr.strip()[-300:]}")
