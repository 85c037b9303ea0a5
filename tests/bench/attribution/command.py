"""`python -m bench.attribution`, run, and what it reads and prints."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bench import environments
from bench.attribution import journeys
from bench.attribution.journeys import Row

Columns = dict[str, dict[str, float]]
"""Column → channel → figure."""
REMOVALS = ["removal_1", "removal_2", "removal_3"]
SMALL: list[Row] = [
    ("a > b > a > c", 2, 30.5, 1),
    ("b", 1, 4, 7),
    ("a > b > a > c", 1, 10, 0),
    ("c > c", 0, 0, 3),
    ("d > a", 1.5, 2, 0),
    ("b > a > d > e > b", 4, 8, 2),
]


def csv_file(rows: Iterable[Iterable[object]], file: Path) -> Path:
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([journeys.COLUMNS, *rows])
    return file


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.attribution", *arguments]
    return subprocess.run(command, cwd=environments.ROOT, capture_output=True, text=True)


def printed(text: str) -> Columns:
    rows = list(csv.DictReader(io.StringIO(text)))
    columns = [name for name in rows[0] if name != "channel"]
    return {name: {row["channel"]: float(row[name]) for row in rows} for name in columns}
