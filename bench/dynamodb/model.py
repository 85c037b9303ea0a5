"""A DynamoDB in memory that answers as DynamoDB and counts what it would charge.

It takes the place of boto3's client, with the product's own code on top, where millions of clicks
would take an emulator hours. It knows the calls that projecting, sweeping and closing make, and
fails on any other. tests/bench/dynamodb holds its answers and its units against DynamoDB Local's.
"""

import marshal
import os
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Self
from unittest import mock

from botocore.exceptions import ClientError

from bench.dynamodb.conditions import holds
from bench.dynamodb.units import PAGE, Attributes, read_units, size_of, write_units
from bench.shop import PARAMETERS
from local.runtime.memories import forget_facts
from local.template import reader
from sharetrail.aws import clients


@dataclass
class Charge:
    """What was charged, by table."""

    read_units: Counter[str] = field(default_factory=Counter)
    write_units: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    """Requests that wrote, or would have."""

    def __iadd__(self, other: "Charge") -> Self:
        self.read_units += other.read_units
        self.write_units += other.write_units
        self.writes += other.writes
        return self


@dataclass
class _Partition:
    keys: list[str] = field(default_factory=list)
    items: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Sort key → size, and the item packed: five times smaller than its dictionaries."""


class Model:
    """boto3's client, as far as the product uses it here."""

    def __init__(self) -> None:
        self._charge = Charge()
        self._tables: dict[str, dict[str, _Partition]] = defaultdict(dict)
        self._lock = Lock()

    def take(self) -> Charge:
        """What was charged since the last take."""
        with self._lock:
            charge, self._charge = self._charge, Charge()
        return charge

    def bytes_of(self, table: str, pk: str) -> int:
        """The bytes of a partition's items."""
        return sum(size for size, _ in self._partition(table, pk).items.values())

    # ── what the product asks ────────────────────────────────────────────────────────────────────
    def get_item(self, TableName: str, Key: Attributes, ConsistentRead: bool) -> Any:  # noqa: N803
        assert ConsistentRead
        pk, sk = _key(Key)
        with self._lock:
            size, packed = self._partition(TableName, pk).items.get(sk, (0, b""))
            self._charge.read_units[TableName] += read_units(size)
        return {"Item": marshal.loads(packed)} if packed else {}

    def put_item(
        self,
        TableName: str,  # noqa: N803
        Item: Attributes,  # noqa: N803
        ConditionExpression: str = "",  # noqa: N803
        ExpressionAttributeValues: Attributes | None = None,  # noqa: N803
    ) -> Any:
        pk, sk = _key(Item)
        new = size_of(Item)
        with self._lock:
            partition = self._partition(TableName, pk)
            old, packed = partition.items.get(sk, (0, b""))
            stands = marshal.loads(packed) if packed else {}
            self._charge.writes[TableName] += 1
            if not holds(ConditionExpression, stands, ExpressionAttributeValues or {}):
                self._charge.write_units[TableName] += write_units(old)
                raise _refused()
            self._charge.write_units[TableName] += write_units(old, new)
            if not packed:
                insort(partition.keys, sk)
            partition.items[sk] = new, marshal.dumps(Item)
        return {}

    def query(
        self,
        TableName: str,  # noqa: N803
        KeyConditionExpression: str,  # noqa: N803
        ExpressionAttributeValues: Attributes,  # noqa: N803
        ConsistentRead: bool,  # noqa: N803
        ScanIndexForward: bool,  # noqa: N803
        ExclusiveStartKey: Attributes | None = None,  # noqa: N803
    ) -> Any:
        assert ConsistentRead
        assert ScanIndexForward
        values = {name: value["S"] for name, value in ExpressionAttributeValues.items()}
        with self._lock:
            partition = self._partition(TableName, values[":pk"])
            first, end = _range(KeyConditionExpression, values, partition.keys)
            if ExclusiveStartKey:
                first = bisect_right(partition.keys, _key(ExclusiveStartKey)[1])
            page, size, more = _page(partition, first, end)
            self._charge.read_units[TableName] += read_units(size)
        items = [marshal.loads(packed) for packed in page]
        last = {"LastEvaluatedKey": {n: items[-1][n] for n in ("pk", "sk")}} if more else {}
        return {"Items": items, **last}

    def _partition(self, table: str, pk: str) -> _Partition:
        return self._tables[table].setdefault(pk, _Partition())


def _key(item: Attributes) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"] if "sk" in item else ""


def _range(condition: str, values: Mapping[str, str], keys: list[str]) -> tuple[int, int]:
    """Which of the sort keys a key condition of aws/tables.py names: [first, end)."""
    match condition.removeprefix("pk = :pk"):
        case "":
            return 0, len(keys)
        case " AND sk BETWEEN :low AND :high":
            return bisect_left(keys, values[":low"]), bisect_right(keys, values[":high"])
        case " AND begins_with(sk, :prefix)":
            first = bisect_left(keys, values[":prefix"])
            return first, bisect_left(keys, f"{values[':prefix']}\U0010ffff", first)
    raise NotImplementedError(condition)


def _page(partition: _Partition, first: int, end: int) -> tuple[list[bytes], int, bool]:
    """The items of one answer, their size together, and whether more are left."""
    page: list[bytes] = []
    total = 0
    for key in partition.keys[first:end]:
        size, packed = partition.items[key]
        total += size
        page.append(packed)
        if total >= PAGE:
            return page, total, True
    return page, total, False


def _refused() -> ClientError:
    error = {"Code": "ConditionalCheckFailedException", "Message": "it does not hold"}
    return ClientError({"Error": error}, "PutItem")


# ── in the product's place ───────────────────────────────────────────────────────────────────────
@contextmanager
def replacement() -> Iterator[Model]:
    """A model that the product takes for DynamoDB while it lasts."""
    model = Model()

    def client() -> Model:
        return model

    variables = reader.load(parameters=PARAMETERS).environment
    with (
        mock.patch.dict(os.environ, {**variables, "FAST_PATH": "no"}),
        mock.patch.object(clients, "dynamodb", client),
    ):
        forget_facts()
        yield model
        forget_facts()
