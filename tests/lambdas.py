"""Built functions under AWS's own runtime interface emulator, which comes in the SAM CLI's wheel.

The Python is this machine's, and has what Lambda's brings and no other package: a function finds
its own code, its own layers and boto3.
"""

import json
import os
import platform
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from local.deployment import runnable
from local.deployment.stack import ROOT
from tests.ports import free_port

CLIENT = Path(__file__).with_name("runtime_client.py")
_OF_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "urllib3", "dateutil", "six", "jmespath")
_PATIENCE = 30.0  # seconds
_INVOKED = "/2015-03-31/functions/function/invocations"


class Silent(Exception):
    """The function did not start; the message is what was said instead."""


def emulator() -> Path:
    kind = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    (found,) = ROOT.glob(f".cache/sam/lib/python*/site-packages/samcli/local/rapid/*-rie-{kind}")
    return found


def runtime(folder: Path) -> Path:
    """What Lambda's Python brings."""
    folder.mkdir()
    for name in _OF_THE_RUNTIME:
        module = runnable.installed(name)
        place = module / "six.py" if name == "six" else module
        (folder / place.name).symlink_to(place)
    return folder


def answer(task: Path, packages: list[Path], variables: Mapping[str, str], event: Any) -> Any:
    """What a function answers to its first event. Silent where it never does."""
    invoked, api = free_port(), free_port()
    kept = {"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    process = subprocess.Popen(
        [
            *(emulator(), "--runtime-interface-emulator-address", f"127.0.0.1:{invoked}"),
            *("--runtime-api-address", f"127.0.0.1:{api}", "--log-level", "error"),
            *(sys.executable, "-I", "-S", CLIENT, task, *packages),
        ],
        cwd=task,
        env={**kept, **variables, "AWS_LAMBDA_FUNCTION_TIMEOUT": f"{_PATIENCE:.0f}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return _asked(f"http://127.0.0.1:{invoked}{_INVOKED}", event)
    except OSError as error:
        process.kill()
        said, _ = process.communicate()
        raise Silent(f"{error}: {said.decode()[-2000:]}") from error
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


def _asked(url: str, event: Any) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            with opener.open(url, json.dumps(event).encode(), _PATIENCE) as told:
                return json.load(told)
        except urllib.error.URLError as error:
            # The emulator takes a moment to listen.
            if not isinstance(error.reason, ConnectionRefusedError) or time.monotonic() > end:
                raise
            time.sleep(0.02)
