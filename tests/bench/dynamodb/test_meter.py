"""The meter can be trusted: it charges as DynamoDB does."""

import boto3

from bench.dynamodb.meter import Meter
from sharetrail.aws.tables import EVENTS
from tests.shops import Shop

KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}


def test_the_meter_charges_what_the_emulator_does(metered: tuple[Shop, Meter]) -> None:
    meter = metered[1]
    for letters in (1, 900, 1_024, 5_000, 900):
        meter.take()
        item = {**KEY, "text": {"S": "é" * letters}, "n": {"M": {"a": {"N": "-12.5"}}}}
        answer = boto3.client("dynamodb").put_item(
            TableName=EVENTS.name, Item=item, ReturnConsumedCapacity="TOTAL"
        )
        (request,) = meter.take()
        assert request.units == answer["ConsumedCapacity"]["CapacityUnits"]


def test_the_meter_charges_a_refused_condition_with_what_stands(
    metered: tuple[Shop, Meter],
) -> None:
    meter = metered[1]
    EVENTS.put({"pk": "a", "sk": "large", "text": "x" * 3_000})
    meter.take()
    assert not EVENTS.put_once({"pk": "a", "sk": "large"})
    (request,) = meter.take()
    assert (request.refused, request.units) == (True, 3)
