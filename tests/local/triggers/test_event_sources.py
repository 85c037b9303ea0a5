"""Streams and queues that run by themselves."""

import time

from tests.local.triggers.deliveries import batches, bodies, send, write


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
