"""Tables and a bucket in memory, for rules that are tried thousands of times.

They take the place of the few ways in which `sharetrail.aws.tables` reads and writes, and hold what
DynamoDB would; the index of credits shows an order only once it was told to.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from sharetrail.analysis.weeks import week_objects
from sharetrail.aws.items import Item, decode, encode
from sharetrail.aws.tables import ORDERS, Index, Table

Key = tuple[str, str]


class Memory:
    def __init__(self) -> None:
        self.rows: dict[str, dict[Key, Item]] = defaultdict(dict)
        """By table."""
        self.shown: dict[tuple[str, str], Item] = {}
        """What the index of credits shows, by key and day: while one moves it may show both."""
        self.objects: dict[tuple[str, ...], bytes] = {}

    def show(self, *pks: str, half: bool = False) -> None:
        """The index catches up on these orders or on all; `half`: stay where they were, too."""
        for (pk, _), row in self.rows[ORDERS.noun].items():
            if not pks or pk in pks:
                if not half:
                    self.shown = {key: each for key, each in self.shown.items() if key[0] != pk}
                self.shown[pk, row["day"]] = row

    @contextmanager
    def standing_in(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            for name in ("get", "get_all", "query", "put", "put_once", "put_if", "delete_if"):
                patched.setattr(Table, name, _method(self, getattr(self, f"_{name}")))
            patched.setattr(week_objects, "put", self._put_object)
            patched.setattr(
                week_objects, "get", lambda *key: self.objects.get(tuple(map(str, key)))
            )
            yield

    def _put_object(self, merchant_id: str, monday: Any, body: bytes) -> str:
        name = f"{len(body)}-{hash(body)}"
        self.objects[merchant_id, str(monday), name] = body
        return name

    # ── the ways of a table ──────────────────────────────────────────────────────────────────────
    def _get(self, table: Table, pk: str, sk: str = "", **_: Any) -> Item | None:
        return self.rows[table.noun].get((pk, sk))

    def _get_all(
        self, table: Table, keys: Iterable[Mapping[str, str]], only: Iterable[str] = ()
    ) -> Iterator[Item]:
        found = (self._get(table, key["pk"], key.get("sk", "")) for key in keys)
        return iter([row for row in found if row])

    def _query(
        self,
        table: Table,
        pk: str,
        *,
        index: Index | None = None,
        between: tuple[str, str] = ("", "~"),
        only: Iterable[str] = (),
    ) -> Iterator[Item]:
        rows = self.shown if index else self.rows[table.noun]
        hash_name, range_name = (index.hash, index.range) if index else ("pk", "sk")
        of_pk = [row for row in rows.values() if row[hash_name] == pk]
        low, high = between
        found = [row for row in of_pk if low <= row[range_name] <= high]
        return iter(sorted(found, key=lambda row: row[range_name]))

    def _put(self, table: Table, item: Item) -> None:
        self.rows[table.noun][item["pk"], item.get("sk", "")] = decode(encode(item))

    def _put_once(self, table: Table, item: Item) -> bool:
        return self._put_if(table, item, "attribute_not_exists(pk)")

    def _put_if(self, table: Table, item: Item, condition: str, **values: Any) -> bool:
        if is_met := _holds(condition, self._get(table, item["pk"], item["sk"]), values):
            self._put(table, item)
        return is_met

    def _delete_if(self, table: Table, pk: str, sk: str, condition: str, **values: Any) -> bool:
        if is_met := _holds(condition, self._get(table, pk, sk), values):
            del self.rows[table.noun][pk, sk]
        return is_met


def _method(memory: Memory, do: Any) -> Any:
    return lambda table, *args, **named: do(table, *args, **named)


def _holds(condition: str, row: Item | None, values: dict[str, Any]) -> bool:
    """A condition as DynamoDB reads it; what compares an attribute that is missing is false."""

    def compared(match: re.Match[str]) -> str:
        name, sign, value = match.groups()
        if row is None or name not in row:
            return "False"
        return f"({row[name]!r} {'==' if sign == '=' else sign} {values[value]!r})"

    text = re.sub(r"(\w+) (<=|<|=) :(\w+)", compared, condition)
    text = re.sub(
        r"attribute_not_exists\((\w+)\)", lambda m: str(row is None or m[1] not in row), text
    )
    return bool(eval(text.replace("AND", "and").replace("OR", "or")))
