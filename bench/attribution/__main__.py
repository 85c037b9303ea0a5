"""Every model over a CSV of journeys: `python -m bench.attribution JOURNEYS.csv`.

The columns read are `path` (touches joined by ` > `), `conversions`, `value` (of them all) and
`nulls`. The columns printed: the value that last, first, linear and position credit; `shapley`,
conversions split equally over a path's distinct channels; `markov_k`, all the value shared out by
the removal effects of order k; and `removal_k`, those effects.

Without a CSV, or with `--speed`, it is compared with ChannelAttribution (speed.py), on the CSV or
on the reference; `--json` prints that for machines.
"""

import argparse
import csv
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import goals
from bench.attribution import heuristics, journeys
from bench.attribution.journeys import Malformed, Row
from bench.attribution.speed import measure
from sharetrail.analysis.markov import markov

_ORDERS = (1, 2, 3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.attribution")
    parser.add_argument("journeys", nargs="?", type=Path, metavar="JOURNEYS.csv")
    parser.add_argument("--speed", action="store_true", help="compare with ChannelAttribution")
    parser.add_argument("--json", action="store_true", help="the comparison as one JSON object")
    choice = parser.parse_args()
    rows = _read(choice.journeys) if choice.journeys else journeys.reference()
    if choice.journeys and not (choice.speed or choice.json):
        _print(rows)
    elif not any(conversions or nulls for _, conversions, _, nulls in rows):
        parser.error("no journeys to measure with")
    else:
        figures = measure(rows, choice.journeys.name if choice.journeys else "reference")
        goals.tell(figures, choice.json)


def _read(file: Path) -> list[Row]:
    try:
        return journeys.read(file)
    except Malformed as malformed:
        wrong = str(malformed)
    except OSError as error:
        wrong = error.strerror or str(error)
    print(f"{file}: {wrong}", file=sys.stderr)
    sys.exit(2)


def _print(rows: Sequence[Row]) -> None:
    columns = table(rows)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["channel", *columns])
    for channel in sorted(columns["removal_1"]):
        credits = (column.get(channel, 0.0) for column in columns.values())
        writer.writerow([channel, *map(repr, credits)])


def table(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """The columns: name → channel → credit or effect. Who earned nothing may lack."""
    merged = journeys.by_path(rows)
    value = math.fsum(outcome.value for outcome in merged.values())
    effects = {order: markov.removal_effects(merged, order) for order in _ORDERS}
    shared = {
        f"markov_{order}": {
            channel: value * share for channel, share in markov.shares(effects[order]).items()
        }
        for order in _ORDERS
    }
    removals = {f"removal_{order}": effects[order] for order in _ORDERS}
    return heuristics.credits(rows) | shared | removals


if __name__ == "__main__":
    main()
