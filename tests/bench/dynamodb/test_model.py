"""The DynamoDB in memory can be trusted: it answers and charges as DynamoDB Local does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bench.dynamodb.model import Model
from bench.shop import MERCHANT, stack
from bench.traffic.crowd import Crowd
from sharetrail.aws.tables import EVENTS, TOTALS
from sharetrail.clicks.click import click_item
from sharetrail.totals import count_facts, five_minute_slots, total_chunks
from tests.dynamodb_local import DynamoDBLocal

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ITEM = {"pk": {"S": "a"}, "sk": {"S": "b"}}


def test_the_model_knows_no_condition_that_it_cannot_judge() -> None:
    with pytest.raises(NotImplementedError):
        Model().put_item(TableName="t", Item=ITEM, ConditionExpression="begins_with(pk, :start)")
    with pytest.raises(NotImplementedError):
        Model().query(
            TableName="t",
            KeyConditionExpression="pk = :pk AND sk > :low",
            ExpressionAttributeValues={":pk": {"S": "a"}, ":low": {"S": "b"}},
            ConsistentRead=True,
            ScanIndexForward=True,
        )


@pytest.mark.slow
def test_the_model_answers_and_charges_as_dynamodb_local_does(
    dynamodb_local: DynamoDBLocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**stack().environment, **CREDENTIALS, "FAST_PATH": "no"}.items():
        monkeypatch.setenv(name, value)
    dynamodb = boto3.client("dynamodb", endpoint_url=dynamodb_local.endpoint)
    for table in (EVENTS, TOTALS):
        dynamodb.create_table(**stack().tables[table.name].definition)
    both = Both(dynamodb)
    monkeypatch.setattr("sharetrail.aws.clients.dynamodb", lambda: both)
    write_and_project_an_hour()
    assert both.units > 1_000


CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "eu-west-1",  # where nobody else has tables of these names
}


class Both:
    """Asks DynamoDB Local and the model the same, and fails where they differ."""

    def __init__(self, dynamodb: Any) -> None:
        self.units = 0
        self._dynamodb, self._model = dynamodb, Model()

    def put_item(self, **arguments: Any) -> Any:
        return self._both("put_item", arguments)

    def get_item(self, **arguments: Any) -> Any:
        return self._both("get_item", arguments)

    def query(self, **arguments: Any) -> Any:
        return self._both("query", arguments)

    def _both(self, operation: str, arguments: dict[str, Any]) -> Any:
        theirs = _answer(
            self._dynamodb, operation, {**arguments, "ReturnConsumedCapacity": "TOTAL"}
        )
        ours = _answer(self._model, operation, arguments)
        charge = self._model.take()
        if isinstance(ours, ClientError):
            assert ours.response["Error"]["Code"] == theirs.response["Error"]["Code"]
            raise ours
        for name in ("Item", "Items", "LastEvaluatedKey"):
            assert ours.get(name) == theirs.get(name)
        units = charge.read_units.total() + charge.write_units.total()
        # It asks nothing for a query that finds nothing, where we charge a unit.
        assert units == (theirs["ConsumedCapacity"]["CapacityUnits"] or 1)
        self.units += units
        return ours


def _answer(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
    try:
        return getattr(client, operation)(**arguments)
    except ClientError as error:
        return error


def write_and_project_an_hour() -> None:
    """Clicks of more than a page, each slot's total, twice, and what the conditions refuse."""
    crowd = Crowd(30, shards=(0,))
    times = crowd.moments(NOON, timedelta(hours=1), 400)
    drawn = map(crowd.click, times)
    wide = [replace(click, agent=click.agent.ljust(3_000, "x")) for click in drawn]
    for click in wide:
        assert EVENTS.put_once(click_item(click))
    assert not EVENTS.put_once(click_item(wide[0]))
    for _ in range(2):
        for number in range(12):
            five_minute_slots.project(
                MERCHANT.id, "0", NOON + number * five_minute_slots.SLOT, NOON
            )
    five_minute_slots.project(MERCHANT.id, "1", NOON, NOON)
    assert count_facts.of_shard(
        MERCHANT.id, "0", NOON, NOON + timedelta(hours=1), NOON
    ).fact_count == len(wide)
    key = {"pk": f"{MERCHANT.id}#20261121", "sk": "1200#0#0"}
    assert not TOTALS.put_if({**key, "facts": 1}, total_chunks._NOT_OLDER, facts=1, judged=99)
    assert TOTALS.get(key["pk"], key["sk"])
    assert TOTALS.get(key["pk"], "another") is None
