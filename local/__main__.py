"""`python -m local`: the whole system and a demo shop on this machine, until interrupted."""

import argparse
import re
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
from local.web.starting import Starting

_HTTP = 80  # which browsers leave out of an origin, whose host on this machine has a port
_TURN = 0.0005  # seconds
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
    parser.add_argument("--port", type=_port, default=8080)
    return parser


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) >= 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is none: 0 to 65535, and 0 takes a free one")
    if int(text) == _HTTP:
        raise argparse.ArgumentTypeError("80 will not do: browsers leave it out of an origin")
    return int(text)


def _leave(*_: Any) -> None:
    """Unwinds from wherever the main thread is, so that everything started is stopped."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _serve(host: str, port: int, log: Path) -> None:
    # A stream's folding computes; a redirect waits for its turn some ten times, a turn each.
    sys.setswitchinterval(_TURN)
    began, starting = time.monotonic(), Starting()
    # What functions print is kept apart before the steps are told.
    with starting.follow(), output.function_log(log), Emulator() as emulator:
        # It starts while these are imported.
        from local.cloud import Cloud
        from local.demo import opening

        start = opening.start(datetime.now(UTC))
        cloud = Cloud(host=host, port=port, start=start, emulator=emulator, starting=starting)
        with cloud:
            print("loading the functions")
            cloud.runtime.load_all()
            print("opening the demo shop")
            cloud.facts.update(opening.open(cloud))
            cloud.poll()
            cloud.open()
            _check(cloud.url)
            print(f"not emulated: {', '.join(cloud.template.not_emulated)}")
            print(f"what the functions log: {log}")
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
