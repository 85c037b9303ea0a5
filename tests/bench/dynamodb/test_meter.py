"""The meter can be trusted, and so can the rules that the DynamoDB in memory charges by."""

import boto3

from bench.dynamodb.meter import Meter
from bench.dynamodb.units import write_units
from sharetrail.aws.item_size import size_of
from sharetrail.aws.tables import EVENTS
from tests.shops import Shop

KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}


def test_a_put_is_metered_with_the_units_of_both_items(metered: tuple[Shop, Meter]) -> None:
    meter, before = metered[1], 0
    for letters in (1, 900, 1_024, 5_000, 900):
        meter.take()
        item = {**KEY, "text": {"S": "é" * letters}, "n": {"M": {"a": {"N": "-12.5"}}}}
        boto3.client("dynamodb").put_item(TableName=EVENTS.name, Item=item)
        (request,) = meter.take()
        assert request.units == write_units(before, size_of(item))
        before = size_of(item)


def test_a_refused_condition_is_metered_as_a_write(metered: tuple[Shop, Meter]) -> None:
    meter = metered[1]
    assert EVENTS.put_once({"pk": "a", "sk": "twice"})
    assert not EVENTS.put_once({"pk": "a", "sk": "twice"})
    assert [request.writes for request in meter.take()[-2:]] == [True, True]
