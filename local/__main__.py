"""`python -m local`: the whole system and a demo shop on this machine, until interrupted."""

import argparse
import signal
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from local.emulator.ministack import Emulator
from local.runtime import output
from local.web.server import UnavailableError

_LONG = 3600.0  # seconds; a wait without an end cannot be interrupted everywhere


def main() -> int:
    arguments = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    try:
        with tempfile.TemporaryDirectory(prefix="sharetrail-") as folder:
            _serve(arguments.host, arguments.port, Path(folder) / "functions.log")
    except UnavailableError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    return parser


def _leave(*_: Any) -> None:
    """Unwinds from wherever the main thread is, so that everything started is stopped."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _serve(host: str, port: int, log: Path) -> None:
    began = time.monotonic()
    with output.function_log(log), Emulator() as emulator:
        # It starts while these are imported.
        from local.cloud import Cloud
        from local.demo import opening

        start = opening.start(datetime.now(UTC))
        with Cloud(host=host, port=port, start=start, emulator=emulator) as cloud:
            print(f"not emulated: {', '.join(cloud.template.not_emulated)}")
            print(f"what the functions log: {log}")
            cloud.runtime.load_all()
            print("opening the demo shop")
            cloud.facts.update(opening.open(cloud))
            cloud.poll()
            _check(cloud.url)
            print(f"started in {time.monotonic() - began:.1f} s")
            print(f"Sharetrail is ready at {cloud.url}", flush=True)
            while not Event().wait(_LONG):
                pass


def _check(url: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{url}/", timeout=10) as answer:
        assert answer.status == 200


if __name__ == "__main__":
    sys.exit(main())
