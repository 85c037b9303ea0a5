"""DynamoDB in memory, for lives that are lived ten thousand times: it takes the place of boto3's
client, with all of the product's own code on top. tests/sharetrail/aws/test_tables.py holds it to
the emulator and to DynamoDB Local.
"""

import operator
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from local.template.declarations import Table as Declared
from sharetrail.aws.item_size import size_of
from tests.schedules import expressions
from tests.schedules.expressions import Attributes

PAGE = 1_048_576
"""Bytes of items after which a Query or Scan ends its page."""
MOST = 409_600
_BYTES_OF_A_LETTER = 4
Request = Mapping[str, Any]


class Change(NamedTuple):
    """What a stream tells of a write."""

    kind: str
    pk: str
    sk: str


class _Keys(NamedTuple):
    hash: str
    range: str | None

    def has(self, item: Attributes) -> bool:
        return self.hash in item and (self.range is None or self.range in item)

    def of(self, item: Attributes) -> tuple[str, str]:
        return item[self.hash]["S"], item[self.range]["S"] if self.range else ""


@dataclass
class _Partition:
    keys: list[str] = field(default_factory=list)
    """Sort keys, in order."""
    items: dict[str, Attributes] = field(default_factory=dict)


@dataclass
class _Table:
    keys: _Keys
    indexes: dict[str, _Keys]
    bare: set[str]
    """Indexes that have keys alone."""
    streams: bool
    partitions: dict[str, _Partition] = field(default_factory=lambda: defaultdict(_Partition))
    changes: list[Change] = field(default_factory=list)

    @classmethod
    def of(cls, declared: Declared) -> "_Table":
        definition = declared.definition
        indexes = definition.get("GlobalSecondaryIndexes", ())
        return cls(
            keys=_keys(definition["KeySchema"]),
            indexes={each["IndexName"]: _keys(each["KeySchema"]) for each in indexes},
            bare={
                each["IndexName"]
                for each in indexes
                if each["Projection"]["ProjectionType"] == "KEYS_ONLY"
            },
            streams="StreamSpecification" in definition,
        )

    def get(self, key: Attributes) -> Attributes | None:
        pk, sk = self.keys.of(key)
        partition = self.partitions.get(pk)
        return partition.items.get(sk) if partition else None

    def put(self, item: Attributes) -> None:
        if _is_larger([item], MOST):
            raise error("ValidationException", "PutItem", "Item size has exceeded the maximum")
        pk, sk = self.keys.of(item)
        partition = self.partitions[pk]
        before = partition.items.get(sk)
        if before == item:
            return  # a stream tells of what changes
        if before is None:
            insort(partition.keys, sk)
        partition.items[sk] = item
        self._tell("INSERT" if before is None else "MODIFY", pk, sk)

    def delete(self, key: Attributes) -> None:
        pk, sk = self.keys.of(key)
        partition = self.partitions[pk]
        if partition.items.pop(sk, None) is not None:
            partition.keys.remove(sk)
            self._tell("REMOVE", pk, sk)

    def _tell(self, kind: str, pk: str, sk: str) -> None:
        if self.streams:
            self.changes.append(Change(kind, pk, sk))

    def sorted(self) -> Iterator[Attributes]:
        """In the order of their keys, in which no Scan has them: so one goes on where it ended."""
        return iter(sorted(self.all(), key=self.keys.of))

    def all(self) -> Iterator[Attributes]:
        for partition in self.partitions.values():
            for sk in partition.keys:
                yield partition.items[sk]


def _keys(schema: Iterable[Mapping[str, str]]) -> _Keys:
    named = {each["KeyType"]: each["AttributeName"] for each in schema}
    return _Keys(named["HASH"], named.get("RANGE"))


class DynamoDB:
    def __init__(self, tables: Mapping[str, Declared]) -> None:
        self.tables = {name: _Table.of(each) for name, each in tables.items()}

    def rows(self, table: str) -> dict[tuple[str, str], Attributes]:
        found = self.tables[table]
        return {found.keys.of(item): item for item in found.all()}

    def fill(self, table: str, items: Iterable[Attributes]) -> None:
        """With what was there before: no stream tells of it."""
        for item in items:
            self.tables[table].put(item)
        self.tables[table].changes.clear()

    # ── one item ─────────────────────────────────────────────────────────────────────────────────
    def get_item(self, **request: Any) -> Any:
        assert request["ConsistentRead"]
        item = self.tables[request["TableName"]].get(request["Key"])
        return {} if item is None else {"Item": _projected(item, request)}

    def put_item(self, **request: Any) -> Any:
        table = self.tables[request["TableName"]]
        _check(request, table.get(request["Item"]), "PutItem")
        table.put(request["Item"])
        return {}

    def update_item(self, **request: Any) -> Any:
        table = self.tables[request["TableName"]]
        before = table.get(request["Key"])
        _check(request, before, "UpdateItem")
        change = expressions.update(request["UpdateExpression"])
        about = request.get("ExpressionAttributeNames", {}), _values(request)
        table.put(change(before or request["Key"], *about))
        return {}

    def delete_item(self, **request: Any) -> Any:
        table = self.tables[request["TableName"]]
        _check(request, table.get(request["Key"]), "DeleteItem")
        table.delete(request["Key"])
        return {}

    # ── several ──────────────────────────────────────────────────────────────────────────────────
    def batch_get_item(self, **request: Any) -> Any:
        answers = {}
        for name, asked in request["RequestItems"].items():
            found = (self.tables[name].get(key) for key in asked["Keys"])
            answers[name] = [_projected(item, asked) for item in found if item is not None]
        return {"Responses": answers}

    def batch_write_item(self, **request: Any) -> Any:
        for name, asked in request["RequestItems"].items():
            for each in asked:
                self.tables[name].put(each["PutRequest"]["Item"])
        return {}

    def transact_write_items(self, **request: Any) -> Any:
        asked = [(kind, what) for each in request["TransactItems"] for kind, what in each.items()]
        unmet = [not _holds(what, self._standing(kind, what)) for kind, what in asked]
        if any(unmet):
            codes = [{"Code": "ConditionalCheckFailed" if no else "None"} for no in unmet]
            raise error("TransactionCanceledException", "TransactWriteItems", reasons=codes)
        for kind, what in asked:
            table = self.tables[what["TableName"]]
            _WRITES[kind](table, what)
        return {}

    def _standing(self, kind: str, what: Request) -> Attributes | None:
        return self.tables[what["TableName"]].get(what["Item" if kind == "Put" else "Key"])

    # ── many ─────────────────────────────────────────────────────────────────────────────────────
    def query(self, **request: Any) -> Any:
        table = self.tables[request["TableName"]]
        name = request.get("IndexName")
        assert request.get("ConsistentRead", False) is (name is None) or name
        items = self._of_index(table, request) if name else self._of_partition(table, request)
        if not request.get("ScanIndexForward", True):
            items.reverse()
        return _page(items, request, table, name)

    def scan(self, **request: Any) -> Any:
        table = self.tables[request["TableName"]]
        name = request.get("IndexName")
        items = [each for each in table.sorted() if not name or table.indexes[name].has(each)]
        return _page(items, request, table, name)

    def _of_partition(self, table: _Table, request: Request) -> list[Attributes]:
        values = _values(request)
        partition = table.partitions.get(values[":pk"]["S"])
        if partition is None:
            return []
        keys = partition.keys
        low, high = _bounds(values)
        begin = bisect_left(keys, low)
        if " > :low" in request["KeyConditionExpression"]:
            begin = bisect_right(keys, low)
        return [partition.items[sk] for sk in keys[begin : bisect_right(keys, high)]]

    def _of_index(self, table: _Table, request: Request) -> list[Attributes]:
        keys = table.indexes[request["IndexName"]]
        holds = expressions.condition(request["KeyConditionExpression"])
        about = request.get("ExpressionAttributeNames", {}), _values(request)
        found = [item for item in table.all() if keys.has(item) and holds(item, *about)]
        return sorted(found, key=lambda item: (keys.of(item)[1], table.keys.of(item)))


def _bounds(values: Request) -> tuple[str, str]:
    if ":prefix" in values:
        prefix = values[":prefix"]["S"]
        return prefix, f"{prefix}\U0010ffff"
    high = values[":high"]["S"] if ":high" in values else "\U0010ffff"
    return values.get(":low", {"S": ""})["S"], high


def _put(table: _Table, what: Request) -> None:
    table.put(what["Item"])


def _delete(table: _Table, what: Request) -> None:
    table.delete(what["Key"])


_WRITES = {"Put": _put, "Delete": _delete}


def _values(request: Request) -> Attributes:
    values: Attributes = request.get("ExpressionAttributeValues", {})
    return values


def _holds(request: Request, item: Attributes | None) -> bool:
    text = request.get("ConditionExpression")
    if not text:
        return True
    about = request.get("ExpressionAttributeNames", {}), _values(request)
    return bool(expressions.condition(text)(item or {}, *about))


def _check(request: Request, item: Attributes | None, operation: str) -> None:
    if not _holds(request, item):
        raise error("ConditionalCheckFailedException", operation)


def _page(items: list[Attributes], request: Request, table: _Table, index: str | None) -> Any:
    """From behind where the last one ended: at least a page's of them where there is more."""
    if start := request.get("ExclusiveStartKey"):
        keys = (table.indexes[index], table.keys) if index else (table.keys,)
        is_backward = not request.get("ScanIndexForward", True)
        items = items[_place_behind(items, start, keys, is_backward) :]
    text, about = request.get("FilterExpression"), request.get("ExpressionAttributeNames", {})
    last = {}
    if _is_larger(items, PAGE):
        number = _number_of_a_page(items)
        if number < len(items):
            items = items[:number]
            last = {"LastEvaluatedKey": _position(items[-1], table, index)}
    if text:
        holds = expressions.condition(text)
        items = [each for each in items if holds(each, about, _values(request))]
    if index in table.bare:
        items = [_position(each, table, index) for each in items]
    return {"Items": [_projected(each, request) for each in items], **last}


def _is_larger(items: list[Attributes], most: int) -> bool:
    """Whether they are more bytes than that: first by a guess that is never too small."""
    return _BYTES_OF_A_LETTER * len(repr(items)) > most and sum(map(size_of, items)) >= most


def _number_of_a_page(items: list[Attributes]) -> int:
    sizes = accumulate(map(size_of, items))
    return next(number for number, size in enumerate(sizes, 1) if size >= PAGE)


def _place_behind(
    items: list[Attributes], start: Attributes, keys: Sequence[_Keys], is_backward: bool
) -> int:
    """Of the first item behind it, be it there itself or not."""
    here = [each.of(start) for each in keys]
    behind = operator.lt if is_backward else operator.gt
    places = (n for n, item in enumerate(items) if behind([k.of(item) for k in keys], here))
    return next(places, len(items))


def _position(item: Attributes, table: _Table, index: str | None) -> Attributes:
    names = {*table.keys, *(table.indexes[index] if index else ())}
    return {name: item[name] for name in names if name in item}


def _projected(item: Attributes, request: Request) -> Attributes:
    text = request.get("ProjectionExpression")
    if not text:
        return item
    names, found = request.get("ExpressionAttributeNames", {}), Attributes()
    for each in text.split(", "):
        way = expressions.path(each, names)
        _copy(item, found, way)
    return found


def _copy(item: Attributes, found: Attributes, way: tuple[str, ...]) -> None:
    name, *rest = way
    if name not in item:
        return
    if not rest:
        found[name] = item[name]
    elif "M" in item[name]:
        inner = found.setdefault(name, {"M": {}})["M"]
        _copy(item[name]["M"], inner, tuple(rest))


def error(
    code: str, operation: str, message: str = "", status: int = 400, reasons: Any = ()
) -> ClientError:
    """As botocore raises what AWS refused."""
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **({"CancellationReasons": reasons} if reasons else {}),
    }
    return ClientError(answer, operation)
