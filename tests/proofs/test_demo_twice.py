"""The demo shop has the same past whenever it is started in a week."""

import hashlib
import json
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from sharetrail import calendars
from tests.demos import Demo, started
from tests.ports import free_port

ZONE = ZoneInfo("America/New_York")


AFTER_MAIL = timedelta(hours=8)
"""When a day begins here: on Mondays that of the next mail."""
_LINKS = re.compile(r"/(?:unsubscribe|reports)/\w+")


@pytest.mark.slow
def test_two_starts_tell_the_same_to_the_byte() -> None:
    port = free_port()  # the shop's host names the merchant
    told: list[dict[str, str]] = []
    days: list[date] = []
    while len(told) < 2:
        with started(port) as demo:
            days.append(calendars.local_day(demo.now() - AFTER_MAIL, ZONE))
            told.append(digests(demo, days[-1] - calendars.DAY))
        if days[0] != days[-1]:  # it turned between the two
            del told[0], days[0]
    assert told[0] == told[1]


def digests(demo: Demo, yesterday: date) -> dict[str, str]:
    """SHA-256 of last Monday's mail and of the figures of all whole days. Links go by a random
    key, and figures say when they were asked for."""
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
