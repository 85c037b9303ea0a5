"""All benchmarks, each in a process of its own, as one table: `make bench`.

`--json` prints what was measured for machines; names choose some: `python -m bench costs.clicks
costs.price`. Ends with 1 where a goal is missed.
"""

import argparse
import subprocess
import sys

from bench import goals
from bench.goals import Figure

BENCHMARKS = (
    "redirect.warm_click",
    "redirect.put_item",
    "redirect.cold_start",
    "redirect.memory",
    "projection.batch",
    "costs.clicks",
    "costs.deliveries",
    "costs.overhead",
    "costs.price",
    "projection.viral",
    "weekly",
    "attribution",
    "scoring",
    "standing",
    "wave",
)


def figures_of(name: str) -> list[Figure]:
    """A benchmark's figures; SystemExit with its own words where it broke."""
    command = [sys.executable, "-m", f"bench.{name}", "--json"]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1) or not run.stdout.rstrip().endswith("}"):
        sys.exit(f"bench.{name} broke:\n{run.stderr}")
    return goals.loads(run.stdout)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench")
    arguments.add_argument("--json", action="store_true", help="one JSON object, for machines")
    arguments.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="all by default")
    choice = arguments.parse_args()
    figures = []
    for name in choice.names or BENCHMARKS:
        print(f"bench.{name} …", file=sys.stderr)
        figures += figures_of(name)
    goals.tell(figures, choice.json)


if __name__ == "__main__":
    main()
