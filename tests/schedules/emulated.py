"""The emulator's DynamoDB in the place of the one in memory: the same lives, on tables proper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from local.clock import Clock
from local.emulator.clients import client
from local.template.declarations import Template
from local.triggers.shards import StreamedTable
from tests.schedules.dynamodb import Change
from tests.schedules.expressions import Attributes


@dataclass
class _Table:
    name: str
    streams: bool
    _shards: Any = None
    _changes: list[Change] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """What its stream told until now."""
        if not self.streams:
            return []
        if self._shards is None:
            self._shards = StreamedTable(self.name, Clock()).open_shards(latest=False)
        for shard in self._shards:
            for record in shard.read(())[1]:
                keys = record["dynamodb"]["Keys"]
                change = Change(record["eventName"], keys["pk"]["S"], keys["sk"]["S"])
                self._changes.append(change)
        return self._changes

    def put(self, item: Attributes) -> None:
        client("dynamodb").put_item(TableName=self.name, Item=item)

    def all(self) -> Iterator[Attributes]:
        pages = client("dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=self.name, ConsistentRead=True):
            yield from page["Items"]


class Emulated:
    """Its tables are empty."""

    def __init__(self, template: Template) -> None:
        self.tables = {
            name: _Table(name, "StreamSpecification" in each.definition)
            for name, each in template.tables.items()
        }

    def fill(self, table: str, items: Iterable[Attributes]) -> None:
        for item in items:
            self.tables[table].put(item)
        self.tables[table].changes.clear()

    def __getattr__(self, operation: str) -> Any:
        return getattr(client("dynamodb"), operation)
