"""Where MiniStack and DynamoDB Local differ, as far as we know: docs/emulators.md says each line,
and what DynamoDB does. What is the same on both, test_tables.py holds.

A new version of either that mends a line fails here, and the line goes.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.template.declarations import Template
from sharetrail.aws.tables import ORDERS
from tests.stores import DYNAMODB_LOCAL, MINISTACK, on_both

DOC = (Path(__file__).parents[3] / "docs/emulators.md").read_text()
Ask = Callable[[Any, str], Any]
REFUSED = "ValidationException"
LONG = "x" * 300_000


@dataclass(frozen=True)
class Difference:
    says: str
    """Its line in the doc."""
    ask: Ask
    ministack: Any
    dynamodb_local: Any


def key(sk: str = "s", pk: str = "p", **more: str) -> dict[str, Any]:
    return {name: {"S": value} for name, value in {"pk": pk, "sk": sk, **more}.items()}


def a_heavy_batch(dynamodb: Any, table: str) -> int:
    for n in range(60):
        dynamodb.put_item(TableName=table, Item=key(f"{n}", weight=LONG))
    asked: Any = {table: {"Keys": [key(f"{n}") for n in range(60)]}}
    return len(dynamodb.batch_get_item(RequestItems=asked)["Responses"][table])


def the_first_page(dynamodb: Any, table: str, **more: Any) -> int:
    for n in range(9):
        dynamodb.put_item(TableName=table, Item=key(f"{n}", weight=LONG))
    return int(_query(dynamodb, table, "pk = :pk", **more)["ScannedCount"])


def a_page_of_which_nothing_is_sent(dynamodb: Any, table: str) -> int:
    return the_first_page(dynamodb, table, FilterExpression="attribute_exists(nothing)")


def a_long_index_key(dynamodb: Any, table: str) -> None:
    item = key(owner="x" * 2_049, day="2026-12-01")
    dynamodb.put_item(TableName=table, Item=item)


def a_long_range(dynamodb: Any, table: str) -> int:
    long = {":sk": {"S": "x" * 1_025}}
    return int(_query(dynamodb, table, "pk = :pk AND begins_with(sk, :sk)", long)["Count"])


def a_reserved_word_in_a_key_condition(dynamodb: Any, table: str) -> int:
    day = {":day": {"S": "2026"}}
    condition = "owner = :pk AND day = :day"
    return int(_query(dynamodb, table, condition, day, IndexName="credits")["Count"])


def a_filter_of_a_key(dynamodb: Any, table: str) -> int:
    asked = {"FilterExpression": "attribute_exists(sk)"}
    return int(_query(dynamodb, table, "pk = :pk", **asked)["Count"])


def one_attribute_set_twice(dynamodb: Any, table: str) -> None:
    dynamodb.update_item(
        TableName=table,
        Key=key(),
        UpdateExpression="SET a = :a, a = :a",
        ExpressionAttributeValues={":a": {"S": "a"}},
    )


def half_a_letter(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=key(text="\ud800"))


def rows_of_one_range(dynamodb: Any, table: str) -> bool:
    for n in range(9):
        dynamodb.put_item(TableName=table, Item=key(pk=f"{n}", owner="p", day="2026"))
    names = {"#owner": "owner"}
    asked = {"IndexName": "credits", "ExpressionAttributeNames": names}
    found = _query(dynamodb, table, "#owner = :pk", **asked)["Items"]
    return [item["pk"]["S"] for item in found] == [f"{n}" for n in range(9)]


def an_expiry_told_twice(dynamodb: Any, table: str) -> None:
    ending = {"AttributeName": "expires", "Enabled": True}
    made = {"TableName": f"{table}-twice", "BillingMode": "PAY_PER_REQUEST"}
    attribute = {"AttributeName": "pk"}
    with suppress(dynamodb.exceptions.ResourceInUseException):
        dynamodb.create_table(
            **made,
            AttributeDefinitions=[{**attribute, "AttributeType": "S"}],
            KeySchema=[{**attribute, "KeyType": "HASH"}],
        )
    for _ in range(2):
        dynamodb.update_time_to_live(TableName=made["TableName"], TimeToLiveSpecification=ending)


def _query(
    dynamodb: Any, table: str, condition: str, values: dict[str, Any] | None = None, **more: Any
) -> Any:
    return dynamodb.query(
        TableName=table,
        KeyConditionExpression=condition,
        ExpressionAttributeValues={":pk": {"S": "p"}, **(values or {})},
        **more,
    )


DIFFERENCES = [
    Difference("60 items of 300 KB, asked for in one batch", a_heavy_batch, 60, 55),
    Difference("items of 300 KB in a query's first page", the_first_page, 3, 4),
    Difference(
        "items of 300 KB read for a page, none of which is sent",
        a_page_of_which_nothing_is_sent,
        3,
        9,
    ),
    Difference("an index's key of 2,049 bytes", a_long_index_key, None, REFUSED),
    Difference("a query for a range of 1,025 bytes", a_long_range, 0, REFUSED),
    Difference(
        "a reserved word in a key condition, where nothing is found",
        a_reserved_word_in_a_key_condition,
        0,
        REFUSED,
    ),
    Difference("a filter by a key's attribute", a_filter_of_a_key, 0, REFUSED),
    Difference("one attribute set twice by one update", one_attribute_set_twice, None, REFUSED),
    Difference("half a letter (`\\ud800`)", half_a_letter, "InternalError", None),
    Difference("rows of an index that share a range, by their key", rows_of_one_range, True, False),
    Difference("an expiry that is told twice", an_expiry_told_twice, None, REFUSED),
]


@on_both
@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: each.ask.__name__)
def test_they_differ_as_the_doc_says(
    tables: Template, dynamodb: str, difference: Difference
) -> None:
    expected = {MINISTACK: difference.ministack, DYNAMODB_LOCAL: difference.dynamodb_local}
    assert answer(difference.ask) == expected[dynamodb]


def answer(ask: Ask) -> Any:
    """What it says, or the code of what it refuses with."""
    once = Config(retries={"total_max_attempts": 1})
    try:
        return ask(boto3.client("dynamodb", config=once), ORDERS.name)
    except ClientError as error:
        return error.response["Error"]["Code"]


def test_the_doc_has_a_line_for_each() -> None:
    lines = re.findall(r"^\| ([^|]+?) \| [^|]+ \| [^|]+ \| [^|]+ \|$", DOC, re.MULTILINE)
    head, *told = lines
    assert head == "what is asked"
    assert told == [each.says for each in DIFFERENCES]
