"""What is removed by the many: rows by their keys, objects by what their keys begin with; and rows
that are found by no key, since a code stands in it, in a table that is looked through as a whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sharetrail.aws import clients
from sharetrail.aws.items import Item, decode, encode
from sharetrail.aws.tables import Table

_ROWS_AT_ONCE = 25
_OBJECTS_AT_ONCE = 1_000


def partition(table: Table, pk: str, *, but: Iterable[str] = ()) -> int:
    """All rows of a partition, but those of these sort keys; how many those were."""
    return rows(table, keys_of(table, pk, but=but))


def keys_of(table: Table, pk: str, *, but: Iterable[str] = ()) -> Iterator[Item]:
    """Of the rows of a partition, but those of these sort keys."""
    kept = {*but}
    return (row for row in table.query(pk, only=["pk", "sk"]) if row["sk"] not in kept)


def rows(table: Table, keys: Iterable[Mapping[str, str]]) -> int:
    """The rows of these keys, be there any or not; how many keys those were."""
    waiting, number = iter(keys), 0
    while batch := list(islice(waiting, _ROWS_AT_ONCE)):
        number += len(batch)
        undone: Any = {
            table.name: [{"DeleteRequest": {"Key": encode(dict(each))}} for each in batch]
        }
        while undone:
            undone = (
                clients.dynamodb().batch_write_item(RequestItems=undone).get("UnprocessedItems")
            )
    return number


def belonging(table: Table, merchant_id: str) -> Iterator[Item]:
    """A merchant's rows among those that have codes for keys, and say whose they are in `merchant`.
    All of the table is read for it, so it is for erasures alone."""
    pages = clients.dynamodb().get_paginator("scan")
    for page in pages.paginate(
        TableName=table.name,
        FilterExpression="merchant = :merchant",
        ExpressionAttributeValues=encode({":merchant": merchant_id}),
        ProjectionExpression="pk, sk, recipient",
    ):
        yield from map(decode, page["Items"])


def objects(bucket: str, prefix: str) -> int:
    """The objects whose keys begin so; how many those were."""
    return _delete(bucket, listed(bucket, prefix))


def named(bucket: str, keys: Iterable[str]) -> int:
    """Those of these keys, be there any or not."""
    return _delete(bucket, iter(keys))


def listed(bucket: str, prefix: str) -> Iterator[str]:
    pages = clients.s3().get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=bucket, Prefix=prefix):
        for each in page.get("Contents", []):
            yield each["Key"]


def _delete(bucket: str, keys: Iterator[str]) -> int:
    number = 0
    while batch := list(islice(keys, _OBJECTS_AT_ONCE)):
        told: Any = {"Objects": [{"Key": each} for each in batch], "Quiet": True}
        answer = clients.s3().delete_objects(Bucket=bucket, Delete=told)
        if refused := answer.get("Errors"):
            raise NotRemoved(f"{len(refused)} objects, the first for {refused[0].get('Code')}")
        number += len(batch)
    return number


class NotRemoved(Exception):
    """S3 refused some of them."""
