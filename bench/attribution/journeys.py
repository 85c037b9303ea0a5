"""Journeys as rows: from a CSV, from those that the package mta brings, or made at random."""

import csv
import gzip
import math
import pickle
from collections import defaultdict
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path
from random import Random
from typing import TextIO

from sharetrail.analysis.markov.markov import Journeys, Outcome

SEPARATOR = " > "
COLUMNS = ("path", "conversions", "value", "nulls")
_MTA = ("path", "total_conversions", "total_conversion_value", "total_null")
"""The same, as mta calls them."""
Row = tuple[str, float, float, float]
"""Touches joined by SEPARATOR; journeys that converted; the value of them all; and that did not."""


class Malformed(ValueError):
    """What is wrong with a CSV of journeys, and where."""


def read(file: Path) -> list[Row]:
    """A CSV's rows; of other columns nothing is said. Malformed, or OSError."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return _rows(opened, COLUMNS)


def reference() -> list[Row]:
    """10,000 rows of twelve channels, which other programs have been run on as well."""
    packed = distribution("mta").locate_file("mta/data/data.csv.gz")
    with gzip.open(str(packed), "rt", encoding="utf-8", newline="") as opened:
        return _rows(opened, _MTA)


def by_path(rows: Iterable[Row]) -> Journeys:
    """Rows of the same path are added up."""
    journeys: dict[tuple[str, ...], Outcome] = defaultdict(Outcome)
    for path, conversions, value, nulls in rows:
        outcome = Outcome(conversions=conversions, value=value, nulls=nulls)
        journeys[tuple(path.split(SEPARATOR))] += outcome
    return journeys


# ── reading ──────────────────────────────────────────────────────────────────────────────────────
def _rows(opened: TextIO, columns: tuple[str, ...]) -> list[Row]:
    reader = csv.DictReader(opened, strict=True)
    try:
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        if missing := [name for name in columns if name not in reader.fieldnames]:
            raise ValueError(f"no column {', '.join(missing)}")
        return [_row([(name, cells[name] or "") for name in columns]) for cells in reader]
    except (csv.Error, ValueError) as error:
        raise Malformed(f"line {reader.line_num}: {error}") from error


def _row(cells: list[tuple[str, str]]) -> Row:
    (_, path), *counts = cells
    touches = [touch.strip() for touch in path.split(">")]
    if not all(touches):
        raise ValueError(f"a touch without a name in {path!r}")
    conversions, value, nulls = (_number(*cell) for cell in counts)
    return SEPARATOR.join(touches), conversions, value, nulls


def _number(column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError(f"{column}: {text!r} is no number from 0 on")
    return number


# ── for speed: one row a journey ─────────────────────────────────────────────────────────────────
def single_rows(rows: Iterable[Row], least: int) -> list[Row]:
    """A row a journey, shuffled, all of them as often as it takes for `least` rows.

    Of counts that are not whole the nearest. A path's value is spread evenly over its conversions.
    """
    single: list[Row] = []
    for path, conversions, value, nulls in rows:
        if number := round(conversions):
            single += [(path, 1, value / number, 0)] * number
        single += [(path, 0, 0.0, 1)] * round(nulls)
    single *= math.ceil(least / len(single)) if single else 0
    Random(len(single)).shuffle(single)
    return single


def random_rows(number: int) -> list[Row]:
    """Random journeys whose paths hardly repeat: 30 channels, some six times as busy as others, and
    three touches or more, eight on average; 22 of 100 convert, as in the reference.
    """
    dice = Random(number)
    names = [f"channel {letter}" for letter in "abcdefghijklmnopqrstuvwxyzäöüß"]
    busy = [6 ** (-place / len(names)) for place in range(len(names))]
    rows: list[Row] = []
    for _ in range(number):
        path = SEPARATOR.join(dice.choices(names, busy, k=3 + int(dice.expovariate(1 / 5.5))))
        converts = dice.random() < 0.22
        rows.append((path, 1, dice.uniform(1, 100), 0) if converts else (path, 0, 0.0, 1))
    return rows


def dump(rows: list[Row], file: Path) -> None:
    """For another process: every path a text of its own, as if each had come by itself."""
    paths, *counts = zip(*rows, strict=True)
    file.write_bytes(pickle.dumps(("\n".join(paths), *map(list, counts)), protocol=4))


def load(file: Path) -> list[Row]:
    paths, *counts = pickle.loads(file.read_bytes())
    return list(zip(paths.split("\n"), *counts, strict=True))
