"""MiniStack, the embedded cloud, as a child process that never outlives this one."""

import atexit
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from local.template.names import REGION

_COMMAND = [sys.executable, "-m", "ministack"]
_START_LIMIT = 30.0  # seconds; it takes one
_STOP_LIMIT = 3.0
_PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Emulator:
    """A running emulator at `endpoint`; `folder` is a temporary one, gone after stop().

    Make it in a thread that stays: on Linux it dies with the thread that started it.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sharetrail-"))
        self.log = self.folder / "emulator.log"
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)
        try:
            self.endpoint = self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def environment(self) -> dict[str, str]:
        """What makes boto3 speak to the emulator, and to nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            # Streams calls would go to account-based hosts, which no emulator has.
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def stop(self) -> None:
        """Ends the emulator's whole process group and removes its folder; harmless twice."""
        atexit.unregister(self.stop)
        process, self._process = self._process, None
        if process:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_LIMIT)
                    break
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> str:
        port = _free_port()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                _COMMAND,
                env=self._child_environment(port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        endpoint = f"http://127.0.0.1:{port}"
        self._wait(endpoint)
        return endpoint

    def _child_environment(self, port: int) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "TMPDIR": str(self.folder),
            "LOG_LEVEL": "WARNING",
            "PERSIST_STATE": "0",
            # Left on, it listens on every interface of the machine.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait(self, endpoint: str) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + _START_LIMIT
        while time.monotonic() < deadline:
            if self._process and self._process.poll() is not None:
                break
            try:
                with opener.open(f"{endpoint}/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"the emulator did not start: {self.log.read_text()[-2000:]}")


def _die_with_parent() -> None:
    """Linux: the kernel kills the child when its parent is gone, however it went."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
