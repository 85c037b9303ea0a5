"""What was given up, wherever it is kept, goes back whence it came: twice is as good as once."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest

from local.operations import redrive, stack
from local.operations.redrive import Redriven
from local.template import names
from local.template.declarations import Queue, Template
from sharetrail.attribution import attribute_order
from sharetrail.aws import sealed_objects
from sharetrail.totals import five_minute_slots
from tests import faults
from tests.chain.test_faults import failing, raw_clicks
from tests.chain.test_spilled_orders import spilled_objects
from tests.redriving import RESOURCES, redrive_all, stack_of
from tests.shops import Shop, monday

FAILURES = ("deadLetterTargetArn", "DeadLetterConfig", "OnFailure", "NotificationConfiguration")
"""What the template calls the places for what failed, and that of which such a place tells."""


def destinations(declared: Any, is_one: bool = False) -> Iterator[str]:
    """Every resource that any part of the template gives failures to."""
    if isinstance(declared, list):
        for each in declared:
            yield from destinations(each, is_one)
    elif isinstance(declared, dict):
        for name, value in declared.items():
            if is_one and name == "Fn::GetAtt":
                yield value[0]
            yield from destinations(value, is_one or name in FAILURES)


def test_each_destination_of_the_template_is_redriven(tables: Template) -> None:
    found = {*destinations(RESOURCES)}
    queues = {name for name in found if RESOURCES[name]["Type"] == names.QUEUE}
    assert queues == {*redrive.destinations(stack_of(tables))}
    assert found - queues == {"FailuresBucket"}, "of whose objects FailedRecords has notes"
    notified = {*destinations(RESOURCES["FailuresBucket"])}
    assert notified == {"FailedRecords"}


# ── dead letters of queues ───────────────────────────────────────────────────────────────────────
def test_what_a_queue_gave_up_goes_back_to_it_as_it_was_and_once(shop: Shop) -> None:
    sources = [each for each in shop.cloud.template.queues.values() if each.dead_letters]
    assert len(sources) > 8
    for queue in sources:
        give_up(queue)
    gave_back = {name: each.given_back for name, each in redrive_all(shop.cloud).items()}
    letters = Counter(each.dead_letters for each in sources)
    assert sum(gave_back.values()) == len(sources)
    assert sorted(gave_back.values()) == sorted(letters.values())
    assert redrive_all(shop.cloud) == {}
    for queue in sources:
        (message,) = received(queue)
        assert message["Body"] == queue.name
        assert message["Attributes"]["MessageGroupId"] == "whose"
        assert message["MessageAttributes"]["kind"]["StringValue"] == "of a kind"


def give_up(queue: Queue) -> None:
    """A message that is received as often as its queue allows, and once more."""
    sqs = boto3.client("sqs")
    sqs.send_message(
        QueueUrl=queue.url,
        MessageBody=queue.name,
        MessageGroupId="whose",
        MessageAttributes={"kind": {"StringValue": "of a kind", "DataType": "String"}},
    )
    for _ in range((queue.receives or 0) + 1):
        sqs.receive_message(QueueUrl=queue.url, VisibilityTimeout=0)


def received(queue: Queue) -> list[Any]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=queue.url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    found: list[Any] = answer.get("Messages", [])
    return found


def send(shop: Shop, name: str, body: str) -> None:
    url = stack_of(shop.cloud.template).queues[name]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def test_what_the_bus_could_not_deliver_goes_to_the_queue_it_was_meant_for(shop: Shop) -> None:
    send(shop, "FailedBounces", '"what SES said"')
    (told,) = redrive_all(shop.cloud).items()
    assert (told[0], told[1].given_back) == ("FailedBounces", 1)
    (queue,) = (q for q in shop.cloud.template.queues.values() if "bounces-queue" in q.name)
    assert [each["Body"] for each in received(queue)] == ['"what SES said"']


def test_what_does_not_say_whence_it_came_stays_and_keeps_no_other_from_going(shop: Shop) -> None:
    (chores,) = (q for q in shop.cloud.template.queues.values() if "chores-queue" in q.name)
    send(shop, "FailedChores", '"put there by hand"')
    give_up(chores)
    for given_back in (1, 0):
        done = redrive_all(shop.cloud)["FailedChores"]
        assert done.given_back == given_back
        assert done.stayed == ["Stays: it does not say which queue it came from"]


# ── streams ──────────────────────────────────────────────────────────────────────────────────────
def test_batches_that_both_streams_gave_up_are_rung_again_from_the_bucket_and_count_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.buy("1", trail=shop.click(shop.share().json["code"]))
    with monkeypatch.context() as broken:
        broken.setattr(five_minute_slots, "project", failing(1_000, five_minute_slots.project))
        broken.setattr(attribute_order, "refresh", failing(1_000, attribute_order.refresh))
        broken.setenv("DOORBELLS_QUEUE", "http://127.0.0.1:9/gone")
        gave_up = {each["function"] for each in shop.cloud.drain()["failed"]}
        assert gave_up == {"project_events", "attribute_order"}
        stayed = redrive_all(shop.cloud)["FailedRecords"]
        assert (stayed.given_back, len(stayed.stayed)) == (0, 2)
        assert "failed again" in stayed.stayed[0]
    assert counts(shop) == (0, 0)
    notes = [each["Body"] for each in received(failed_records(shop))]
    for given_back in (2, 2):
        assert redrive_all(shop.cloud)["FailedRecords"].given_back == given_back
        assert counts(shop) == (1, 1)
        for note in notes:  # as S3 tells of the same object again
            send(shop, "FailedRecords", note)


def counts(shop: Shop) -> tuple[int, int]:
    return raw_clicks(shop), shop.read("/v1/stats")["totals"]["influenced_orders"]


def failed_records(shop: Shop) -> Queue:
    (found,) = (q for q in shop.cloud.template.queues.values() if "failed-records" in q.name)
    return found


def test_the_note_by_which_s3_tries_the_way_is_done_with(shop: Shop) -> None:
    send(shop, "FailedRecords", json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"}))
    assert redrive_all(shop.cloud)["FailedRecords"].stayed == []
    send(shop, "FailedRecords", json.dumps({"what": "nobody knows"}))
    assert redrive_all(shop.cloud)["FailedRecords"].stayed == ["Stays: nobody knows what it is"]


# ── schedules ────────────────────────────────────────────────────────────────────────────────────
def test_each_schedule_that_failed_three_times_is_run_again_with_its_own_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [each.folder for each in shop.cloud.template.functions.values() if each.schedules]
    with monkeypatch.context() as broken:
        broken.setenv("AGENDA_TABLE", "gone")
        broken.setenv("SALTS_TABLE", "gone")
        assert all(shop.cloud.schedule(folder).error for folder in folders)
        stayed = redrive_all(shop.cloud)["FailedSchedules"]
        assert (stayed.given_back, len(stayed.stayed)) == (0, len(folders))
    shop.cloud.drain()
    before = shop.cloud.runtime.invocations.copy()
    assert redrive_all(shop.cloud)["FailedSchedules"].given_back == len(folders)
    ran = shop.cloud.runtime.invocations - before
    assert {folder: ran[folder] for folder in folders} == dict.fromkeys(folders, 1)
    assert redrive_all(shop.cloud) == {}


def test_a_week_whose_schedule_failed_for_days_is_reported_once_it_is_run_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.click(shop.share().json["code"])
    shop.cloud.drain()
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.run("close_days", "score_influencers") == []
    with monkeypatch.context() as broken:
        broken.setenv("AGENDA_TABLE", "gone")
        assert shop.cloud.schedule("schedule_reports").error
    shop.cloud.drain()
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=4))
    shop.run("schedule_reports")
    assert shop.cloud.outbox.mails == []
    for _ in range(2):
        redrive_all(shop.cloud)
        shop.cloud.drain()
        assert len(shop.cloud.outbox.mails) == 1


# ── what is only in the bucket ───────────────────────────────────────────────────────────────────
def test_orders_that_spilled_into_the_bucket_are_stored_and_once(shop: Shop) -> None:
    with (
        faults.failing("dynamodb", faults.refused("ThrottlingException")),
        faults.failing("sqs", faults.refused("ServiceUnavailable")),
    ):
        assert shop.buy("1001").status == 202
    (spilled,) = spilled_objects()
    for given_back in (1, 0):
        done = redrive_all(shop.cloud).get("Spilled", Redriven())
        assert done.given_back == given_back
        assert shop.cloud.drain()["failed"] == []
        assert shop.read("/v1/stats")["totals"]["orders"] == 1
        assert spilled_objects() == []
    body = json.dumps({"merchant": shop.id, "fact": "poison"}).encode()
    sealed_objects.put(shop.id, spilled, body)
    redrive_all(shop.cloud)
    assert spilled_objects() == [spilled], "what cannot be stored is kept"


# ── the command ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def deployed(tables: Template) -> Iterator[str]:
    """A stack of a failure queue, of what it is for, and of the bucket."""
    dead = {"deadLetterTargetArn": {"Fn::GetAtt": ["FailedClicks", "Arn"]}, "maxReceiveCount": 1}
    resources = {
        "FailedClicks": {"Type": names.QUEUE},
        "ClicksQueue": {"Type": names.QUEUE, "Properties": {"RedrivePolicy": dead}},
        "QuarantineBucket": {"Type": names.BUCKET},
    }
    cloudformation = boto3.client("cloudformation")
    body = json.dumps({"Resources": resources})
    cloudformation.create_stack(StackName="redriven", TemplateBody=body)
    yield "redriven"
    cloudformation.delete_stack(StackName="redriven")


def test_the_command_reads_what_is_deployed_and_says_what_it_gave_back(
    deployed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redrive.Clients.make().wait > 0, "or SQS overlooks some"
    monkeypatch.setattr(redrive, "_WAIT", 0)
    known = stack.read(boto3.client("cloudformation"), deployed)
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=known.queues["FailedClicks"], MessageBody="a click")
    monkeypatch.setattr("sys.argv", ["redrive", "--stack", deployed, "FailedClicks"])
    assert redrive.main() == 0
    assert capsys.readouterr().out == "FailedClicks: 1 given back, 0 stayed\n"
    (back,) = sqs.receive_message(QueueUrl=known.queues["ClicksQueue"])["Messages"]
    assert back["Body"] == "a click"
    monkeypatch.setattr("sys.argv", ["redrive", "--stack", deployed])
    assert redrive.main() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Spilled: 0 given back, 0 stayed"
    monkeypatch.setattr("sys.argv", ["redrive", "--stack", deployed, "ClicksQueue"])
    assert redrive.main() == 2
    assert "ClicksQueue: none of FailedClicks, Spilled" in capsys.readouterr().err
