"""Some PutItems by one client: what put_item.py counts the instructions of.

`python -m bench.redirect.puts wire|boto3 HOW_MANY`
"""

import sys

TABLE, CONDITION = "events", "attribute_not_exists(pk)"
ITEM = {
    "pk": {"S": "m_0123456789abcdef#20261121#3"},
    "sk": {"S": "220014123#0123456789abcdef"},
    "c": {"S": "abcdefghij"},
    "v": {"S": "0123456789abcdef"},
    "ua": {"S": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"},
    "r": {"S": "instagram.com"},
    "expires": {"N": "1780000000"},
}
"""A click, as it is stored."""


def by_wire(many: int) -> None:
    from sharetrail.aws.fast import client

    for _ in range(many):
        client.put_item(TABLE, ITEM, CONDITION, within=60)


def by_boto3(many: int) -> None:
    import boto3

    client = boto3.client("dynamodb")
    for _ in range(many):
        client.put_item(TableName=TABLE, Item=ITEM, ConditionExpression=CONDITION)


if __name__ == "__main__":
    {"wire": by_wire, "boto3": by_boto3}[sys.argv[1]](int(sys.argv[2]))
