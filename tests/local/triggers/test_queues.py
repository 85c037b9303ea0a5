"""A queue's function is retried, answers partial batches and is given up on as in Lambda."""

from datetime import UTC, datetime, timedelta

from tests.local.triggers.deliveries import bodies, failing, messages, reporting, send


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
    (queue,) = small.event_sources.queues
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
