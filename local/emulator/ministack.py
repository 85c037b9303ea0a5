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
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from local.template.names import REGION

_COMMAND = [sys.executable, "-m", "local.emulator.server"]
_ROOT = Path(__file__).parents[2]
_START_LIMIT = 30.0  # seconds
_STOP_LIMIT = 3.0
_PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Emulator:
    """An emulator at `endpoint`; `folder` is a temporary one, gone after stop().

    Its socket listens from the first: whoever asks while it starts, which takes a second, waits.
    Make it in a thread that stays: on Linux it dies with the thread that started it.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sharetrail-"))
        self.log = self.folder / "emulator.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._stack = ExitStack()
        atexit.register(self.stop)
        try:
            self.endpoint = self._start()
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

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

    def wait(self) -> None:
        """Until it answers. RuntimeError, with what it said, if it does not start."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(f"{self.endpoint}/health", timeout=_START_LIMIT).close()
        except OSError as error:
            said = self.log.read_text()[-2000:]
            self.stop()
            raise RuntimeError(f"the emulator did not start: {said}") from error

    def stop(self) -> None:
        """Ends the emulator's whole process group and removes its folder; harmless twice."""
        atexit.unregister(self.stop)
        self._stack.close()
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
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            port: int = listening.getsockname()[1]
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [*_COMMAND, str(listening.fileno())],
                    cwd=_ROOT,
                    env=self._child_environment(port),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=[listening.fileno()],
                    start_new_session=True,
                    preexec_fn=_die_with_parent,
                )
        endpoint = f"http://127.0.0.1:{port}"
        # Imports boto3, while the child imports MiniStack.
        from local.emulator import wire

        wire.open_to(endpoint)
        self._stack.callback(wire.close_to, endpoint)
        return endpoint

    def _child_environment(self, port: int) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            "GATEWAY_PORT": str(port),
            "TMPDIR": str(self.folder),
            "LOG_LEVEL": "WARNING",
            "PERSIST_STATE": "0",
        }


def _die_with_parent() -> None:
    """Linux: the kernel kills the child when its parent is gone, however it went."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
