"""A stream's function is retried, answers partial batches and is given up on as in Lambda."""

import json
from datetime import UTC, datetime, timedelta

import boto3

from tests.local.triggers.deliveries import (
    batches,
    facts,
    failing,
    only_object,
    reporting,
    sort_keys,
    write,
)


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
