"""The demo shop has the same past whenever it is started in a week."""

import hashlib
import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sharetrail import calendars
from tests.demos import Demo, free_port, started

ZONE = ZoneInfo("America/New_York")


_LINKS = re.compile(r"/(?:unsubscribe|reports)/\w+")


@pytest.mark.slow
def test_two_starts_tell_the_same_to_the_byte() -> None:
    port = free_port()  # the shop's host names the merchant
    told = []
    for _ in range(2):
        with started(port) as demo:
            told.append(digests(demo))
    assert told[0] == told[1]


def digests(demo: Demo) -> dict[str, str]:
    """SHA-256 of last Monday's mail and of the figures of all whole days. Links go by a random
    key, and figures say when they were asked for."""
    yesterday = calendars.local_day(demo.now(), ZONE) - timedelta(days=1)
    since = yesterday - timedelta(days=45)
    mail = demo.outbox()[-1]
    figures = demo.ask(f"/v1/stats?from={since}&to={yesterday}&by=influencer", key=True)
    assert figures["totals"]["clicks"] > 5_000
    assert figures.pop("basis")
    parts = {
        "html": _LINKS.sub("", mail["html"]),
        "text": _LINKS.sub("", mail["text"]),
        "stats": json.dumps(figures),
    }
    return {name: hashlib.sha256(part.encode()).hexdigest() for name, part in parts.items()}
