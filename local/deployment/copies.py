"""What stands in one stack's tables and buckets, put into another's."""

from typing import Any

from local.deployment.stack import Stack
from local.emulator.clients import client
from local.template import names

Row = dict[str, Any]
_AT_ONCE = 25
"""Rows that DynamoDB takes in a batch."""


def copy(source: Stack, target: Stack) -> int:
    """How many rows and objects it were."""
    copied = 0
    for logical in source.of_type(names.TABLE):
        found = rows(source.named(logical))
        _put(target.named(logical), found)
        copied += len(found)
    for logical in source.of_type(names.BUCKET):
        copied += _copy_objects(source.named(logical), target.named(logical))
    return copied


def rows(table: str) -> list[Row]:
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [row for page in pages for row in page["Items"]]


def keyed(table: str) -> dict[str, Row]:
    """Rows by their keys."""
    return {f"{row['pk']['S']} {row.get('sk', {}).get('S', '')}": row for row in rows(table)}


def _put(table: str, found: list[Row]) -> None:
    for first in range(0, len(found), _AT_ONCE):
        puts: list[Any] = [{"PutRequest": {"Item": row}} for row in found[first : first + _AT_ONCE]]
        client("dynamodb").batch_write_item(RequestItems={table: puts})


def _copy_objects(source: str, target: str) -> int:
    s3 = client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=source).get("Contents", [])]
    for key in keys:
        s3.copy_object(Bucket=target, Key=key, CopySource={"Bucket": source, "Key": key})
    return len(keys)
