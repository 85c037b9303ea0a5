"""A schedule's function runs when somebody asks, and is retried as an asynchronous one."""

import json
from datetime import UTC, datetime

import pytest

from local.triggers.schedules import UnscheduledError
from tests.local.triggers.deliveries import failing, messages


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
