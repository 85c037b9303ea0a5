"""What stands in tables, buckets and queues, attribute by attribute, beside what rooms declare."""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from local.artifacts import privacy
from sharetrail import packing
from sharetrail.aws import items
from sharetrail.personal import Kept

_PLAIN = Path(__file__).parent / "chain/plain_attributes.txt"
_GAP = re.compile(r"\{[\w |]+(?:\.\.\.)?\}")
Place = tuple[str, str]
"""A table and the pattern of a row of it, as Kept has them."""


@dataclass(frozen=True)
class Row:
    """A row, an object or a message, as it was written or stands."""

    table: str
    key: str
    """Partition and sort key parted by ` / `; an object's name; `message`."""
    values: dict[str, Any]
    at: datetime
    """When it was written, or seen."""

    @property
    def leaves(self) -> Iterator[tuple[str, str]]:
        """Attributes, those inside others by their way (`sale.email`), and their text."""
        for name, value in self.values.items():
            yield from _leaves(name, value)


def _leaves(way: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{way}.{name}", inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value or ("",):
            yield from _leaves(way, inner)
    else:
        yield way, text_of(value)


def text_of(value: Any) -> str:
    """What is written there, also where it is squeezed."""
    if not isinstance(value, bytes):
        return str(value)
    for read in (packing.unpack, _unlabelled, json.loads):
        try:
            return json.dumps(read(value), ensure_ascii=False)
        except Exception:  # not written so
            continue
    return value.decode(errors="replace")


def _unlabelled(stored: bytes) -> Any:
    label, body = packing.unlabelled(stored)
    try:
        return [label, gzip.decompress(body).decode()]
    except OSError:
        return [label, body.decode(errors="replace")]


# ── what is declared ─────────────────────────────────────────────────────────────────────────────
@cache
def declared() -> dict[Place, dict[str, Kept]]:
    """Of each kind of row its attributes that are personal."""
    found: dict[Place, dict[str, Kept]] = defaultdict(dict)
    for each in privacy.kept():
        found[each.table, each.row] |= dict.fromkeys(each.attributes, each)
    return found


@cache
def plain() -> dict[Place, set[str]]:
    """The attributes of which somebody decided that they say nothing of a person."""
    found: dict[Place, set[str]] = defaultdict(set)
    for line in _PLAIN.read_text().splitlines():
        if line and not line.startswith("#"):
            table, row, attributes = (cell.strip() for cell in line.split(" | "))
            found[table, row] |= set(attributes.split())
    return found


def kind_of(row: Row) -> Place | None:
    """Which kind of row it is: of several patterns that fit the one that says most."""
    places = {*declared(), *plain()}
    fitting = [p for p in places if p[0] == row.table and _pattern(p).fullmatch(row.key)]
    return max(fitting, key=lambda place: len(_GAP.sub("", place[1])), default=None)


@cache
def _pattern(place: Place) -> re.Pattern[str]:
    table, row = place
    within = "[^/]+" if table.endswith("bucket") else "[^#]+"
    parts, gaps = _GAP.split(row), _GAP.findall(row)
    found = [re.escape(parts[0])]
    for gap, part in zip(gaps, parts[1:], strict=True):
        found += [_filled(gap[1:-1], within), re.escape(part)]
    return re.compile("".join(found), re.DOTALL)


def _filled(gap: str, within: str) -> str:
    if "|" in gap:
        return f"(?:{gap})"
    return ".+" if gap.endswith("...") else within


def is_told(way: str, attributes: Any) -> bool:
    """Whether the attribute is among these, or is inside one of them."""
    steps = way.split(".")
    return any(".".join(steps[: n + 1]) in attributes for n in range(len(steps)))


# ── what was written ─────────────────────────────────────────────────────────────────────────────
def of_item(table: str, item: dict[str, Any], at: datetime) -> Row:
    """An item as DynamoDB has it."""
    values = items.decode(item)
    return Row(
        table, " / ".join(values[name] for name in ("pk", "sk") if name in values), values, at
    )


def of_object(bucket: str, key: str, body: bytes, at: datetime) -> Row:
    values = json.loads(body) if key.endswith(".json") else {"body": body}
    return Row(bucket, key, {"key": key, **values}, at)


def of_message(queue: str, body: str, at: datetime) -> Row:
    return Row(queue, "message", json.loads(body), at)
