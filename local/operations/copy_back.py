"""Copies the rows of a restored table into the one in use, each where it is missing:
`python -m local.operations.copy_back sharetrail-restored sharetrail-OrdersTable-1A2B3C`.

What stands there stays, so it may be run again, and takes nothing back that was written since.
Facts that it puts ring their streams as new ones do, so what is computed of them comes by itself.
`--over` puts rows in the place of those that stand, where these were damaged.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import boto3

_AT_ONCE = 16
_NEW = {"ConditionExpression": "attribute_not_exists(pk)"}


def copy(source: str, target: str, *, over: bool = False) -> tuple[int, int]:
    """How many rows were put, and how many stood there."""
    client: Any = boto3.client("dynamodb")
    put = partial(_put, client, target, {} if over else _NEW)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        done = [each for page in _pages(client, source) for each in pool.map(put, page)]
    return sum(done), len(done) - sum(done)


def _pages(client: Any, table: str) -> Iterator[list[dict[str, Any]]]:
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return (page["Items"] for page in pages)


def _put(client: Any, table: str, condition: dict[str, str], item: dict[str, Any]) -> bool:
    try:
        client.put_item(TableName=table, Item=item, **condition)
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("source")
    arguments.add_argument("target")
    arguments.add_argument("--over", action="store_true", help="also where a row stands")
    choice = arguments.parse_args()
    copied, stood = copy(choice.source, choice.target, over=choice.over)
    print(f"{copied:,} rows put, {stood:,} stood there")
