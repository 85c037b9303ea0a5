"""What the redirect's own client must do on any DynamoDB, Amazon's own emulator among them; boto3
is the witness."""

from typing import Any

import boto3
import pytest

from sharetrail.aws.fast import client
from sharetrail.aws.items import decode

NEW = "attribute_not_exists(pk)"


def key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "s"}}


def what_is_put_is_got_and_boto3_sees_the_same(table: str) -> None:
    item = {
        **key("every kind"),
        "text": {"S": 'ä ☃ \U0001f600 "quoted" \\ \n\t\0'},
        "long": {"S": "é" * 150_000},
        "empty": {"S": ""},
        "whole": {"N": "-12345678901234567890"},
        "part": {"N": "1.5"},
        "bytes": {"B": bytes(range(256))},
        "flag": {"BOOL": False},
        "nothing": {"NULL": True},
        "set": {"SS": ["a", "ö"]},
        "list": {"L": [{"S": "a"}, {"B": b"\0"}, {"L": []}]},
        "map": {"M": {"B": {"S": "named B"}, "é": {"M": {}}}},
    }
    client.put_item(table, item, NEW)
    theirs = boto3.client("dynamodb").get_item(TableName=table, Key=key("every kind"))["Item"]
    assert got(table, "every kind") == decode(theirs) == decode(item)


def got(table: str, pk: str) -> Any:
    """As the product reads it."""
    return decode(client.get_item(table, key(pk)) or {})


def what_boto3_puts_is_got(table: str) -> None:
    item = {**key("theirs"), "bytes": {"B": b"\xff\0"}, "text": {"S": "ä"}}
    boto3.client("dynamodb").put_item(TableName=table, Item=item)
    assert got(table, "theirs") == decode(item)


def what_is_missing_is_none(table: str) -> None:
    assert client.get_item(table, key("missing")) is None


def what_stands_is_not_put_again(table: str) -> None:
    client.put_item(table, {**key("once"), "n": {"N": "1"}}, NEW)
    with pytest.raises(client.ConditionFailed):
        client.put_item(table, {**key("once"), "n": {"N": "2"}}, NEW)
    found = client.get_item(table, key("once"))
    assert found is not None
    assert found["n"] == {"N": "1"}


def what_is_refused_says_why(table: str) -> None:
    with pytest.raises(client.Failed) as failed:
        client.get_item(f"{table}-gone", key("any"))
    assert (failed.value.code, failed.value.status) == ("ResourceNotFoundException", 400)
    with pytest.raises(client.Failed) as failed:
        client.get_item(table, {"pk": {"S": "half a key"}})
    assert (failed.value.code, failed.value.status) == ("ValidationException", 400)


BEHAVIOURS = [
    what_is_put_is_got_and_boto3_sees_the_same,
    what_boto3_puts_is_got,
    what_is_missing_is_none,
    what_stands_is_not_put_again,
    what_is_refused_says_why,
]
