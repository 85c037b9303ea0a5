"""A DynamoDB in memory that answers as DynamoDB and counts what it would charge.

It takes the place of boto3's client, with the product's own code on top, where millions of clicks
would take an emulator hours. It knows the calls that projecting, sweeping and closing make, and
fails on any other. tests/bench/dynamodb holds its answers and its units against DynamoDB Local's.
"""

import os
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from unittest import mock

from botocore.exceptions import ClientError

from bench.dynamodb.units import PAGE, read_units, write_units
from bench.shop import stack
from local.runtime.memories import forget_facts
from sharetrail.aws import clients
from sharetrail.aws.item_size import Attributes, size_of


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
    """Sort keys, in order."""
    items: dict[str, Attributes] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=Counter)
    """Sort key → bytes; of what is not there none."""


class Model:
    """boto3's client, as far as the product uses it here."""

    def __init__(self) -> None:
        self._charge = Charge()
        self._partitions: dict[tuple[str, str], _Partition] = defaultdict(_Partition)

    def take(self) -> Charge:
        """What was charged since the last take."""
        charge, self._charge = self._charge, Charge()
        return charge

    def bytes_of(self, table: str, pk: str) -> int:
        """The bytes of a partition's items."""
        return sum(self._partitions[table, pk].sizes.values())

    # ── what the product asks, in DynamoDB's own words ───────────────────────────────────────────
    def get_item(self, **request: Any) -> Any:
        assert request["ConsistentRead"]
        partition, sk = self._at(request, request["Key"])
        self._charge.read_units[request["TableName"]] += read_units(partition.sizes[sk])
        return {"Item": partition.items[sk]} if sk in partition.items else {}

    def put_item(self, **request: Any) -> Any:
        return self._write(request, request["Item"], request["Item"])

    def update_item(self, **request: Any) -> Any:
        """As the agenda takes a job off its index."""
        if request["UpdateExpression"] != "REMOVE due, #at":
            raise NotImplementedError(request["UpdateExpression"])
        partition, sk = self._at(request, request["Key"])
        item = {
            n: each for n, each in partition.items.get(sk, {}).items() if n not in ("due", "at")
        }
        return self._write(request, request["Key"], item)

    def _write(self, request: Mapping[str, Any], key: Attributes, item: Attributes) -> Any:
        table = request["TableName"]
        partition, sk = self._at(request, key)
        old, new = partition.sizes[sk], size_of(item)
        self._charge.writes[table] += 1
        if not _holds(request, partition.items.get(sk)):
            self._charge.write_units[table] += write_units(old)
            error = {"Code": "ConditionalCheckFailedException", "Message": "it does not hold"}
            raise ClientError({"Error": error}, "PutItem")
        self._charge.write_units[table] += write_units(old, new)
        if sk not in partition.items:
            insort(partition.keys, sk)
        partition.items[sk], partition.sizes[sk] = item, new
        return {}

    def query(self, **request: Any) -> Any:
        assert request["ConsistentRead"]
        assert request["ScanIndexForward"]
        values = request["ExpressionAttributeValues"]
        partition = self._partitions[request["TableName"], values[":pk"]["S"]]
        keys = _range(request["KeyConditionExpression"], values, partition.keys)
        if start := request.get("ExclusiveStartKey"):
            keys = keys[bisect_right(keys, start["sk"]["S"]) :]
        number, size = _page(partition, keys)
        self._charge.read_units[request["TableName"]] += read_units(size)
        items = [partition.items[sk] for sk in keys[:number]]
        last = {"LastEvaluatedKey": {n: items[-1][n] for n in ("pk", "sk")}} if size >= PAGE else {}
        return {"Items": items, **last}

    def _at(self, request: Mapping[str, Any], key: Attributes) -> tuple[_Partition, str]:
        """The partition of a key, and its place there."""
        sk = key["sk"]["S"] if "sk" in key else ""
        return self._partitions[request["TableName"], key["pk"]["S"]], sk


def _holds(request: Mapping[str, Any], item: Attributes | None) -> bool:
    """Whether a write's condition holds of what stands: one of those that the product writes."""
    match request.get("ConditionExpression"):
        case None:
            return True
        case "attribute_not_exists(pk)":
            return item is None
        case "attribute_not_exists(due)":
            return item is None or "due" not in item
        case "attribute_exists(due)":
            return item is not None and "due" in item
        case "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND judged <= :judged)":
            new = request["ExpressionAttributeValues"]
            return item is None or _numbers(item, "") <= _numbers(new, ":")
    raise NotImplementedError(request["ConditionExpression"])


def _numbers(attributes: Attributes, mark: str) -> list[int]:
    return [int(attributes[f"{mark}{name}"]["N"]) for name in ("facts", "judged")]


def _range(condition: str, values: Attributes, keys: list[str]) -> list[str]:
    """Those of the sort keys that a key condition of aws/tables.py names."""
    match condition.removeprefix("pk = :pk"):
        case "":
            return keys
        case " AND sk BETWEEN :low AND :high":
            low, high = values[":low"]["S"], values[":high"]["S"]
            return keys[bisect_left(keys, low) : bisect_right(keys, high)]
        case " AND begins_with(sk, :prefix)":
            prefix = values[":prefix"]["S"]
            return keys[bisect_left(keys, prefix) : bisect_left(keys, f"{prefix}\U0010ffff")]
    raise NotImplementedError(condition)


def _page(partition: _Partition, keys: list[str]) -> tuple[int, int]:
    """How many items of these keys one answer has, and their bytes: at least a page's of them
    where there is more.
    """
    size = 0
    for number, sk in enumerate(keys, 1):
        size += partition.sizes[sk]
        if size >= PAGE:
            return number, size
    return len(keys), size


# ── in the product's place ───────────────────────────────────────────────────────────────────────
@contextmanager
def replacement() -> Iterator[Model]:
    """A model that the product takes for DynamoDB while it lasts."""
    model = Model()
    with (
        mock.patch.dict(os.environ, {**stack().environment, "FAST_PATH": "no"}),
        mock.patch.object(clients, "dynamodb", return_value=model),
        mock.patch.object(clients, "brisk_dynamodb", return_value=model),
    ):
        forget_facts()
        yield model
        forget_facts()
