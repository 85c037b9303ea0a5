"""The runner retries, answers partial batches and gives up as Lambda would."""

import json
import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from local.schedules import UnscheduledError


# ── Streams ──────────────────────────────────────────────────────────────────────────────────────
def test_a_fact_rings_each_function_of_its_stream_once(small, handlers):
    write(small, "fact#1", "other", "fact#2")
    answer = small.drain()
    assert batches(handlers, "project") == [["fact#1", "fact#2"]]
    assert answer == {"failed": [], "invocations": {"project": 1, "split": 1}}
    assert small.drain() == {"failed": [], "invocations": {}}


def test_changes_and_deletions_pass_the_filter_by(small, handlers):
    write(small, "fact#1")
    small.drain()
    key = {"pk": {"S": "shop"}, "sk": {"S": "fact#1"}}
    boto3.client("dynamodb").put_item(TableName=facts(small), Item={**key, "new": {"S": "x"}})
    boto3.client("dynamodb").delete_item(TableName=facts(small), Key=key)
    small.drain()
    assert batches(handlers, "project") == [["fact#1"]]


def test_a_stream_record_has_the_shape_that_lambda_gives(small, handlers):
    small.clock.set_forward(datetime(2027, 3, 1, tzinfo=UTC))
    write(small, "fact#1")
    small.clock.set_forward(datetime(2027, 5, 1, tzinfo=UTC))
    small.drain()
    (record,) = handlers.seen["project"][0]["Records"]
    assert set(record) == {
        "eventID",
        "eventName",
        "eventVersion",
        "eventSource",
        "awsRegion",
        "dynamodb",
        "eventSourceARN",
    }
    assert record["eventSourceARN"].startswith("arn:aws:dynamodb:us-east-1:")
    assert f":table/{facts(small)}/stream/" in record["eventSourceARN"]
    change = record["dynamodb"]
    created = datetime.fromtimestamp(change.pop("ApproximateCreationDateTime"), UTC)
    assert timedelta(0) <= created - datetime(2027, 3, 1, tzinfo=UTC) < timedelta(seconds=60)
    assert change.pop("SequenceNumber").isdecimal()
    assert change.pop("SizeBytes") > 0
    assert change == {
        "Keys": {"pk": {"S": "shop"}, "sk": {"S": "fact#1"}},
        "StreamViewType": "KEYS_ONLY",
    }


def test_a_stream_batch_whose_function_fails_once_is_retried(small, handlers):
    handlers["project"] = failing(times=1)
    write(small, "fact#1", "fact#2")
    assert small.drain()["failed"] == []
    assert batches(handlers, "project") == [["fact#1", "fact#2"]] * 2


def test_a_stream_batch_is_delivered_again_from_the_first_failed_record(small, handlers):
    handlers["project"] = reporting("fact#2", "fact#3", times=1)
    write(small, "fact#1", "fact#2", "fact#3", "fact#4")
    assert small.drain()["failed"] == []
    assert batches(handlers, "project") == [
        ["fact#1", "fact#2", "fact#3", "fact#4"],
        ["fact#2", "fact#3", "fact#4"],
    ]


def test_exhausted_stream_records_end_in_the_bucket_with_their_payload(small, handlers):
    handlers["project"] = failing(times=99)
    write(small, "fact#1", "fact#2")
    answer = small.drain()
    assert len(batches(handlers, "project")) == 3  # once, and two retries
    assert [failure["item"]["sk"]["S"] for failure in answer["failed"]] == ["fact#1", "fact#2"]
    assert answer["failed"][0]["error"] == "RuntimeError: not today"
    record = only_object(small)
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["DDBStreamBatchInfo"]["batchSize"] == 2
    assert json.loads(record["payload"]) == handlers.seen["project"][-1]
    # What comes later is not held up.
    handlers["project"] = failing(times=0)
    write(small, "fact#3")
    assert small.drain()["failed"] == []
    assert batches(handlers, "project")[-1] == ["fact#3"]


def test_bisecting_gives_up_the_poisoned_record_alone(small, handlers):
    def split(event, _):
        if "fact#3" in sort_keys(event):
            raise RuntimeError("poison")

    handlers["split"] = split
    write(small, *(f"fact#{number}" for number in range(1, 7)))
    answer = small.drain()
    assert [failure["item"]["sk"]["S"] for failure in answer["failed"]] == ["fact#3"]
    done = [keys for keys in batches(handlers, "split") if "fact#3" not in keys]
    passed = sorted(key for keys in done for key in keys)
    assert passed == ["fact#1", "fact#2", "fact#4", "fact#5", "fact#6"]


def test_bisecting_isolates_a_record_that_is_reported_too(small, handlers):
    handlers["split"] = reporting("fact#2", times=99)
    write(small, "fact#1", "fact#2", "fact#3")
    answer = small.drain()
    assert [failure["item"]["sk"]["S"] for failure in answer["failed"]] == ["fact#2"]
    assert batches(handlers, "split")[-1] == ["fact#3"]


def test_an_answer_that_names_no_record_of_the_batch_fails_all_of_it(small, handlers):
    handlers["project"] = lambda *_: {"batchItemFailures": [{"itemIdentifier": "unknown"}]}
    write(small, "fact#1", "fact#2")
    assert len(small.drain()["failed"]) == 2


def test_batches_are_no_larger_than_declared(small, handlers):
    write(small, *(f"fact#{number:02}" for number in range(25)))
    small.drain()
    assert [len(keys) for keys in batches(handlers, "project")] == [10, 10, 5]


def test_history_can_be_skipped(small, handlers):
    write(small, "fact#1")
    small.skip_stream("project")
    write(small, "fact#2")
    small.drain()
    assert batches(handlers, "project") == [["fact#2"]]


# ── Queues ───────────────────────────────────────────────────────────────────────────────────────
def test_a_message_has_the_shape_that_lambda_gives(small, handlers):
    small.clock.set_forward(datetime(2027, 3, 1, tzinfo=UTC))
    send(small, "one")
    small.clock.set_forward(datetime(2027, 5, 1, tzinfo=UTC))
    small.drain()
    (record,) = handlers.seen["work"][0]["Records"]
    sent = datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
    assert timedelta(0) <= sent - datetime(2027, 3, 1, tzinfo=UTC) < timedelta(seconds=60)
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["body"] == "one"
    assert record["eventSource"] == "aws:sqs"
    assert record["messageAttributes"] == {}
    assert record["eventSourceARN"].endswith("-work")


def test_a_queue_batch_whose_function_fails_once_is_retried(small, handlers):
    handlers["work"] = failing(times=1)
    send(small, "one", "two")
    assert small.drain()["failed"] == []
    assert bodies(handlers) == [["one", "two"]] * 2


def test_only_the_failed_message_is_delivered_again(small, handlers):
    handlers["work"] = reporting("two", times=1)
    send(small, "one", "two", "three")
    assert small.drain()["failed"] == []
    assert bodies(handlers) == [["one", "three", "two"], ["two"]]


def test_a_message_that_failed_before_is_tried_again_by_drain(small, handlers):
    handlers["work"] = failing(times=1)
    send(small, "one")
    (queue,) = small.triggers.queues
    assert queue.step()
    assert not queue.step()  # invisible, for the queue's ninety seconds
    small.drain()
    assert bodies(handlers) == [["one"]] * 2


def test_an_exhausted_message_ends_among_the_dead_letters(small, handlers):
    handlers["work"] = failing(times=99)
    send(small, "one")
    answer = small.drain()
    assert len(bodies(handlers)) == 3  # maxReceiveCount
    assert [failure["item"] for failure in answer["failed"]] == ["one"]
    assert [message["Body"] for message in messages(small, "failed-work")] == ["one"]
    assert messages(small, "work") == []


# ── Schedules ────────────────────────────────────────────────────────────────────────────────────
def test_a_schedule_runs_with_the_time_of_the_clock(small, handlers):
    handlers["tick"] = lambda event, _: {"ticked": event["time"]}
    small.clock.set_forward(datetime(2027, 3, 1, 8, tzinfo=UTC))
    fired = small.schedule("tick")
    assert fired.time == "2027-03-01T08:00:00Z"
    assert fired.result == {"ticked": "2027-03-01T08:00:00Z"}
    (event,) = handlers.seen["tick"]
    assert event.pop("id")
    assert event.pop("resources")[0].startswith("arn:aws:events:us-east-1:000000000000:rule/")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2027-03-01T08:00:00Z",
        "region": "us-east-1",
        "detail": {},
    }


def test_a_schedule_that_fails_once_is_retried_with_the_same_event(small, handlers):
    handlers["tick"] = failing(times=1)
    assert small.schedule("tick").error is None
    first, second = handlers.seen["tick"]
    assert first == second


def test_an_exhausted_schedule_ends_in_its_queue_with_its_payload(small, handlers):
    handlers["tick"] = failing(times=99)
    assert small.schedule("tick").error == "RuntimeError: not today"
    assert len(handlers.seen["tick"]) == 3
    (message,) = messages(small, "failed-ticks")
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["requestPayload"] == handlers.seen["tick"][0]
    assert record["responsePayload"]["errorMessage"] == "not today"
    assert small.drain()["failed"][0]["trigger"] == "schedule"


@pytest.mark.parametrize("folder", ["project", "nobody"])
def test_only_scheduled_functions_have_a_schedule(small, folder):
    with pytest.raises(UnscheduledError):
        small.schedule(folder)


# ── What runs by itself ──────────────────────────────────────────────────────────────────────────
def test_polling_runs_streams_and_queues_without_being_asked(small, handlers):
    small.poll()
    write(small, "fact#1")
    send(small, "one")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not {"project", "split", "work"} <= set(handlers.seen):
        time.sleep(0.05)
    assert batches(handlers, "project") == [["fact#1"]]
    assert bodies(handlers) == [["one"]]
    assert small.drain() == {"failed": [], "invocations": {}}


# ── Builders ─────────────────────────────────────────────────────────────────────────────────────
def facts(cloud):
    (name,) = cloud.template.tables
    return name


def write(cloud, *sort_keys):
    for each in sort_keys:
        item = {"pk": {"S": "shop"}, "sk": {"S": each}}
        boto3.client("dynamodb").put_item(TableName=facts(cloud), Item=item)


def url(cloud, name):
    (found,) = (each.url for each in cloud.template.queues.values() if f"-{name}" == _tail(each))
    return found


def _tail(queue):
    return "-" + queue.name.split("-", 2)[2]


def send(cloud, *texts):
    for text in texts:
        boto3.client("sqs").send_message(QueueUrl=url(cloud, "work"), MessageBody=text)


def messages(cloud, name):
    answer = boto3.client("sqs").receive_message(QueueUrl=url(cloud, name), MaxNumberOfMessages=10)
    return answer.get("Messages", [])


def only_object(cloud):
    s3 = boto3.client("s3")
    (bucket,) = cloud.template.buckets
    (entry,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    return json.loads(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())


def sort_keys(event):
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in event["Records"]]


def batches(handlers, folder):
    return [sort_keys(event) for event in handlers.seen.get(folder, [])]


def bodies(handlers):
    events = handlers.seen.get("work", [])
    return [sorted(record["body"] for record in event["Records"]) for event in events]


def failing(times):
    left = [times]

    def handler(event, context):
        left[0] -= 1
        if left[0] >= 0:
            raise RuntimeError("not today")

    return handler


def reporting(*names, times):
    """A function that reports the items of these names (sort keys, bodies) as failed."""
    left = [times]

    def handler(event, context):
        left[0] -= 1
        failed = [each for each in event["Records"] if left[0] >= 0 and _name(each) in names]
        return {"batchItemFailures": [{"itemIdentifier": _identifier(each)} for each in failed]}

    return handler


def _name(record):
    return record["body"] if "body" in record else record["dynamodb"]["Keys"]["sk"]["S"]


def _identifier(record):
    return record["messageId"] if "body" in record else record["dynamodb"]["SequenceNumber"]
