"""What is counted exactly: a click's cost, a delivery's; and that the counting can be trusted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bench import clicks as following
from bench.clicks import KINDS, Cost, Link
from bench.deliveries import PROVIDERS, Till
from bench.metered import Meter, metered_cloud
from bench.model import PARAMETERS, Model, holds
from bench.traffic import MERCHANT, Crowd, Record, Rules, Stream
from local.emulator.ministack import Emulator
from local.runtime.memories import forget_facts
from local.template import reader
from sharetrail.aws.tables import EVENTS, TOTALS
from sharetrail.clicks.click import click_item
from sharetrail.totals import chunks, count_facts, slots
from tests.dynamodb_local import DynamoDBLocal, Lacking
from tests.shops import Shop

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WIDE = "largest beyond ASCII"
ONE = {Cost(requests=1, units=1)}


@pytest.fixture(scope="module")
def metered(emulator: Emulator) -> Iterator[tuple[Shop, Meter]]:
    with metered_cloud(emulator) as (cloud, meter):
        yield Shop.onboard(cloud), meter


@pytest.fixture
def link(metered: tuple[Shop, Meter]) -> Link:
    return Link(*metered)


# ── G7, G8 ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != WIDE])
def test_a_click_on_a_known_link_is_one_request_and_one_write_unit(link: Link, kind: str) -> None:
    assert set(link.costs(KINDS[kind], clicks=2)) == ONE


def test_so_is_one_whose_letters_have_four_bytes(link: Link) -> None:
    assert set(link.costs(KINDS[WIDE], clicks=2)) == ONE


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_delivery_is_one_write_new_or_repeated(
    metered: tuple[Shop, Meter], provider: str
) -> None:
    writes = {
        what: sum(each.writes for each in asked)
        for what, asked in Till(*metered).deliveries(provider)
    }
    assert set(writes.values()) == {1}, writes


# ── The meter can fail ───────────────────────────────────────────────────────────────────────────
def test_the_meter_sees_the_reads_of_a_link_that_is_not_known_yet(link: Link) -> None:
    forget_facts()
    assert link.follow({}).requests > 1


def test_the_meter_charges_what_the_emulator_does(metered: tuple[Shop, Meter]) -> None:
    meter = metered[1]
    for letters in (1, 900, 1_024, 5_000, 900):
        meter.take()
        item = {**KEY, "text": {"S": "é" * letters}, "n": {"M": {"a": {"N": "-12.5"}}}}
        answer = boto3.client("dynamodb").put_item(
            TableName=EVENTS.name, Item=item, ReturnConsumedCapacity="TOTAL"
        )
        (asked,) = meter.take()
        assert asked.units == answer["ConsumedCapacity"]["CapacityUnits"]


def test_the_meter_charges_a_refused_condition_with_what_stands(
    metered: tuple[Shop, Meter],
) -> None:
    meter = metered[1]
    EVENTS.put({"pk": "a", "sk": "large", "text": "x" * 3_000})
    meter.take()
    assert not EVENTS.put_once({"pk": "a", "sk": "large"})
    (asked,) = meter.take()
    assert (asked.refused, asked.units) == (True, 3)


def test_a_figure_tells_the_count_that_is_farthest_from_one() -> None:
    assert following.figure("requests", {"some": [1, 1], "others": [1, 2]}).verdict == "missed"
    assert following.figure("requests", {"some": [1, 0]}).verdict == "missed"
    assert following.figure("requests", {"some": [1, 1]}).verdict == "met"


KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}


# ── The model ────────────────────────────────────────────────────────────────────────────────────
def test_the_model_knows_no_condition_that_it_cannot_judge() -> None:
    with pytest.raises((NotImplementedError, KeyError)):
        holds("begins_with(pk, :start)", KEY, {":start": {"S": "a"}})
    with pytest.raises(NotImplementedError):
        Model().query(
            "t", "pk = :pk AND sk > :low", {":pk": {"S": "a"}, ":low": {"S": "b"}}, True, True
        )


def test_a_stream_hands_over_full_batches_and_windows_that_ended() -> None:
    batches: list[list[Record]] = []
    stream = Stream(Rules(batch=3, window=timedelta(seconds=300), lanes=1), batches.append)
    for second in (0, 1, 2, 3, 302, 304):
        stream.wait(NOON + timedelta(seconds=second))
        stream.ring({"pk": "a", "sk": str(second)}, NOON + timedelta(seconds=second))
    stream.end()
    told = [[each["dynamodb"]["Keys"]["sk"]["S"] for each in batch] for batch in batches]
    assert told == [["0", "1", "2"], ["3", "302"], ["304"]]


@pytest.mark.slow
def test_the_model_answers_and_charges_as_dynamodb_local_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    try:
        local = DynamoDBLocal()
    except Lacking as lacking:
        pytest.skip(str(lacking))
    declared = reader.load(parameters=PARAMETERS)
    for name, value in {**declared.environment, **CREDENTIALS}.items():
        monkeypatch.setenv(name, value)
    dynamodb = boto3.client("dynamodb", endpoint_url=local.endpoint)
    try:
        for table in (EVENTS, TOTALS):
            dynamodb.create_table(**declared.tables[table.name].definition)
        both = Both(dynamodb)
        monkeypatch.setattr("sharetrail.aws.clients.dynamodb", lambda: both)
        write_and_project_an_hour()
    finally:
        local.stop()
    assert both.charged > 1_000


CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class Both:
    """Asks DynamoDB Local and the model the same, and fails where they differ."""

    def __init__(self, dynamodb: Any) -> None:
        self.charged = 0
        self._dynamodb, self._model = dynamodb, Model()

    def put_item(self, **asked: Any) -> Any:
        return self._asked("put_item", asked)

    def get_item(self, **asked: Any) -> Any:
        return self._asked("get_item", asked)

    def query(self, **asked: Any) -> Any:
        return self._asked("query", asked)

    def _asked(self, operation: str, asked: dict[str, Any]) -> Any:
        theirs = _answer(self._dynamodb, operation, {**asked, "ReturnConsumedCapacity": "TOTAL"})
        ours = _answer(self._model, operation, asked)
        charged = self._model.take()
        if isinstance(ours, ClientError):
            assert ours.response["Error"]["Code"] == theirs.response["Error"]["Code"]
            raise ours
        for name in ("Item", "Items", "LastEvaluatedKey"):
            assert ours.get(name) == theirs.get(name)
        units = charged.read.total() + charged.written.total()
        # It asks nothing for a query that finds nothing, where we charge a unit.
        assert units == (theirs["ConsumedCapacity"]["CapacityUnits"] or 1)
        self.charged += units
        return ours


def _answer(client: Any, operation: str, asked: dict[str, Any]) -> Any:
    try:
        return getattr(client, operation)(**asked)
    except ClientError as error:
        return error


def write_and_project_an_hour() -> None:
    """Clicks of more than a page, each slot's total, twice, and what the conditions refuse."""
    crowd = Crowd(30, shards=(0,))
    times = crowd.moments(NOON, timedelta(hours=1), 400)
    made = [replace(each, agent=each.agent.ljust(3_000, "x")) for each in map(crowd.click, times)]
    for click in made:
        assert EVENTS.put_once(click_item(click))
    assert not EVENTS.put_once(click_item(made[0]))
    for _ in range(2):
        for number in range(12):
            slots.project(MERCHANT.id, "0", NOON + number * slots.SLOT)
    slots.project(MERCHANT.id, "1", NOON)
    assert count_facts.of_shard(MERCHANT.id, "0", NOON, NOON + timedelta(hours=1)).facts == len(
        made
    )
    key = {"pk": f"{MERCHANT.id}#20261121", "sk": "1200#0#0"}
    assert not TOTALS.put_if({**key, "facts": 1}, chunks._NOT_OLDER, facts=1, judged=99)
    assert TOTALS.get(key["pk"], key["sk"])
    assert TOTALS.get(key["pk"], "another") is None
