"""The client that botocore makes, and how items come out of its answers."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.template.declarations import Template
from sharetrail.aws import clients
from sharetrail.aws.items import decode
from sharetrail.aws.tables import EVENTS

KEY = {"pk": {"S": "every kind"}, "sk": {"S": "s"}}
ITEM = {
    **KEY,
    "text": {"S": 'ä ☃ \U0001f600 "quoted" \\ \n\t\0'},
    "whole": {"N": "-12345678901234567890"},
    "part": {"N": "1.5"},
    "bytes": {"B": bytes(range(256))},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "set": {"SS": ["a", "ö"]},
    "list": {"L": [{"S": "a"}, {"B": b"\0"}, {"L": []}]},
    "map": {"M": {"B": {"S": "named B"}, "é": {"M": {"deep": {"B": b"\xff"}}}}},
}


def asked(client: Any) -> list[Any]:
    """The item by every way that answers have items."""
    named = {"TableName": EVENTS.name}
    by_key = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": KEY["pk"]}}
    batch = client.batch_get_item(RequestItems={EVENTS.name: {"Keys": [KEY]}})
    return [
        client.get_item(**named, Key=KEY)["Item"],
        *client.query(**named, **by_key)["Items"],
        *client.scan(**named)["Items"],
        *batch["Responses"][EVENTS.name],
    ]


def test_items_are_read_as_botocore_reads_them(tables: Template) -> None:
    plain = boto3.client("dynamodb")
    plain.put_item(TableName=EVENTS.name, Item=ITEM)
    ours, theirs = asked(clients.dynamodb()), asked(plain)
    assert isinstance(ours[0]["bytes"]["B"], str), "botocore did not walk it"
    assert [decode(each) for each in ours] == [decode(each) for each in theirs]
    assert decode(ours[0]) == decode(ITEM)


def test_what_is_no_item_comes_as_botocore_has_it(tables: Template) -> None:
    client = clients.dynamodb()
    for number in range(3):
        client.put_item(TableName=EVENTS.name, Item={**KEY, "sk": {"S": f"{number}"}})
    page = client.query(
        TableName=EVENTS.name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": KEY["pk"]},
        Limit=2,
    )
    assert (page["Count"], page["LastEvaluatedKey"]["sk"]) == (2, {"S": "1"})
    assert "Item" not in client.get_item(TableName=EVENTS.name, Key={**KEY, "sk": {"S": "none"}})
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.get_item(TableName="none", Key=KEY)


def test_for_whoever_waits_a_client_gives_up_in_time_and_is_patient_again_afterwards(
    tables: Template,
) -> None:
    for make in (clients.dynamodb, clients.sqs, clients.s3):
        patient = make()
        with clients.prompt():
            prompt = make()
            with clients.prompt():
                assert make() is prompt
            assert make() is prompt
        assert make() is patient
        config = prompt.meta.config
        longest = config.connect_timeout + config.read_timeout
        assert config.retries["total_max_attempts"] * longest <= 6
        assert patient.meta.config.read_timeout >= 60
