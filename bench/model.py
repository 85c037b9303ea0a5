"""A DynamoDB in memory that answers as DynamoDB and counts what it would charge.

It takes the place of boto3's client, with the product's own code on top, where millions of clicks
would take an emulator hours. It knows the calls that projecting, sweeping and closing make, and
fails on any other. tests/bench holds its answers and its units against DynamoDB Local's.
"""

import marshal
import os
import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Self
from unittest import mock

from botocore.exceptions import ClientError

from bench.metered import PAGE, Attributes, read_units, size_of, write_units
from local.runtime.memories import forget_facts
from local.template import reader
from sharetrail.aws import clients

PARAMETERS = {"PublicBaseUrl": "https://go.shop.example", "MailFrom": "reports@shop.example"}
_TOKEN = re.compile(r"\(|\)|:?\w+|<=|>=|<>|<|>|=|,")


@dataclass
class Units:
    """What was charged, by table."""

    read: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    """Requests that wrote, or would have."""

    def __iadd__(self, other: "Units") -> Self:
        self.read += other.read
        self.written += other.written
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
        self.units = Units()
        self._tables: dict[str, dict[str, _Partition]] = defaultdict(dict)
        self._lock = Lock()

    def take(self) -> Units:
        """What was charged since the last take."""
        with self._lock:
            taken, self.units = self.units, Units()
        return taken

    def stored(self, table: str, pk: str) -> int:
        """The bytes of a partition's items."""
        return sum(size for size, _ in self._partition(table, pk).items.values())

    # ── what the product asks ────────────────────────────────────────────────────────────────────
    def get_item(self, TableName: str, Key: Attributes, ConsistentRead: bool) -> Any:  # noqa: N803
        assert ConsistentRead
        pk, sk = _key(Key)
        with self._lock:
            size, packed = self._partition(TableName, pk).items.get(sk, (0, b""))
            self.units.read[TableName] += read_units(size)
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
            self.units.writes[TableName] += 1
            if not holds(ConditionExpression, stands, ExpressionAttributeValues or {}):
                self.units.written[TableName] += write_units(old)
                raise _refused()
            self.units.written[TableName] += write_units(old, new)
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
            self.units.read[TableName] += read_units(size)
        items = [marshal.loads(packed) for packed in page]
        last = {"LastEvaluatedKey": {n: items[-1][n] for n in ("pk", "sk")}} if more else {}
        return {"Items": items, **last}

    def _partition(self, table: str, pk: str) -> _Partition:
        return self._tables[table].setdefault(pk, _Partition())


def _key(item: Attributes) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"] if "sk" in item else ""


def _range(condition: str, values: Mapping[str, str], keys: list[str]) -> tuple[int, int]:
    """Which of the sort keys a key condition of tables.py names: [first, end)."""
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
    told = {"Error": {"Code": "ConditionalCheckFailedException", "Message": "it does not hold"}}
    return ClientError(told, "PutItem")


# ── conditions ───────────────────────────────────────────────────────────────────────────────────
def holds(condition: str, item: Attributes, values: Attributes) -> bool:
    """Whether a condition of attribute_not_exists, comparisons, AND, OR and brackets holds."""
    if not condition:
        return True
    tokens = _TOKEN.findall(condition)
    truth = _either(tokens, item, values)
    if tokens:
        raise NotImplementedError(condition)
    return truth


def _either(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    truth = _both(tokens, item, values)
    while tokens[:1] == ["OR"]:
        tokens.pop(0)
        truth = _both(tokens, item, values) or truth
    return truth


def _both(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    truth = _one(tokens, item, values)
    while tokens[:1] == ["AND"]:
        tokens.pop(0)
        truth = _one(tokens, item, values) and truth
    return truth


def _one(tokens: list[str], item: Attributes, values: Attributes) -> bool:
    first = tokens.pop(0)
    if first == "(":
        truth = _either(tokens, item, values)
        tokens.pop(0)
        return truth
    if first == "attribute_not_exists":
        _, name, _ = tokens.pop(0), tokens.pop(0), tokens.pop(0)
        return name not in item
    sign, value = tokens.pop(0), tokens.pop(0)
    if first not in item:
        return False
    left, right = _comparable(item[first]), _comparable(values[value])
    return {"<": left < right, "<=": left <= right, "=": left == right}[sign]


def _comparable(attribute: Attributes) -> Any:
    ((kind, value),) = attribute.items()
    return {"N": float, "S": str}[kind](value)


# ── in the product's place ───────────────────────────────────────────────────────────────────────
@contextmanager
def installed() -> Iterator[Model]:
    """A model that the product takes for DynamoDB while it lasts."""
    model = Model()

    def client() -> Model:
        return model

    declared = reader.load(parameters=PARAMETERS).environment
    with (
        mock.patch.dict(os.environ, {**declared, "FAST_PATH": "no"}),
        mock.patch.object(clients, "dynamodb", client),
    ):
        forget_facts()
        yield model
        forget_facts()
