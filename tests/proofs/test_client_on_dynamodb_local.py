"""The fast path on DynamoDB Local: what it sends, Amazon's own code takes and understands."""

from collections.abc import Callable, Iterator

import boto3
import pytest

from local.emulator.environment import environment
from tests.client_behaviours import BEHAVIOURS
from tests.dynamodb_local import DynamoDBLocal, Lacking

pytestmark = pytest.mark.slow
TABLE = "wired"


@pytest.fixture(scope="module")
def table() -> Iterator[str]:
    try:
        running = DynamoDBLocal()
    except Lacking as lacking:
        pytest.skip(str(lacking))
    own = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    regions = dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1")
    try:
        with environment(running.environment | own | regions):
            boto3.client("dynamodb").create_table(
                TableName=TABLE,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
            )
            yield TABLE
    finally:
        running.stop()


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_on_dynamodb_local(table: str, behaviour: Callable[[str], None]) -> None:
    behaviour(table)
