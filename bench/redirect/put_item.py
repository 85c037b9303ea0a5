"""G3: instructions of one PutItem, our client's over boto3's, as valgrind counts them.

Counted twice, with few requests and with many: the difference is the requests' own, without start
and first connection. Counts of instructions repeat to a thousandth, so this goal is a gate.
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from bench import goals
from bench.dynamodb import endpoint
from bench.goals import Figure
from bench.redirect.stage import IDENTITY

LIMIT = 0.06
_WHAT = "instructions of a PutItem ÷ boto3.client's"
_FEW, _MANY = 20, 120


def measure() -> list[Figure]:
    if not shutil.which("valgrind"):
        note = "valgrind is not installed (Debian: apt install valgrind)"
        return [goals.unmeasured("G3", _WHAT, LIMIT, note)]
    with endpoint.serving(lambda *_: "{}") as address, ThreadPoolExecutor(2) as both:
        ours, theirs = both.map(lambda client: _of_one_put(client, address), ("wire", "boto3"))
    details = {"ours": f"{ours:,.0f} instructions", "theirs": f"{theirs:,.0f}"}
    return [Figure("G3", _WHAT, ours / theirs, LIMIT, details=details)]


def _of_one_put(client: str, address: str) -> float:
    few, many = (_instructions(client, n, address) for n in (_FEW, _MANY))
    return (many - few) / (_MANY - _FEW)


def _instructions(client: str, puts: int, address: str) -> int:
    counting = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.devnull}"]
    program = [sys.executable, "-m", "bench.redirect.puts", client, str(puts)]
    run = subprocess.run(
        [*counting, *program], env=_environment(address), capture_output=True, text=True
    )
    total = re.search(r"Collected\s*:\s*(\d+)", run.stderr)
    if run.returncode or not total:
        raise RuntimeError(run.stderr[-2_000:])
    return int(total[1])


def _environment(address: str) -> dict[str, str]:
    """Lambda's: keys with a session token in the environment, and no files of a person's."""
    return {
        **os.environ,
        **IDENTITY,
        "AWS_ENDPOINT_URL": address,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
        "PYTHONHASHSEED": "0",
    }


if __name__ == "__main__":
    goals.main(measure)
