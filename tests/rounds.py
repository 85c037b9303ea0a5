"""What a day's schedules do, hour by hour, and what they queue."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from local.cloud import Cloud
from sharetrail.calendars import hour_of

HOURLY = {
    "schedule_reports": 2,
    "close_days": 12,
    "score_influencers": 22,
    "sweep": 32,
    "turn_salts": 52,
}
"""At which minute each runs, as template.yaml has it."""


def pass_hours(cloud: Cloud, number: int, without: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The next so many hours in which every schedule runs; what failed."""
    failed: list[dict[str, Any]] = []
    for at, folder in _times(cloud.clock.now(), number):
        cloud.clock.set_forward(at)
        if folder not in without:
            assert cloud.schedule(folder).error is None
            failed += cloud.drain()["failed"]
    return failed


def _times(now: datetime, number: int) -> Iterator[tuple[datetime, str]]:
    hour = hour_of(now) + timedelta(hours=1)
    for n in range(number):
        for folder, minute in HOURLY.items():
            yield hour + timedelta(hours=n, minutes=minute), folder
