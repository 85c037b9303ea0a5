"""What a day's schedules do, hour by hour, and what they queue."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from local.cloud import Cloud
from sharetrail.calendars import HOUR, hour_of

HOURLY = {
    "schedule_reports": 2,
    "close_days": 12,
    "score_influencers": 22,
    "sweep": 32,
    "turn_salts": 52,
}
"""At which minute each runs, as template.yaml has it."""


def pass_hours(cloud: Cloud, number: int, without: Iterable[str] = ()) -> list[dict[str, Any]]:
    """So many hours: in each every schedule runs, and then what they queued; what failed."""
    failed: list[dict[str, Any]] = []
    hour = hour_of(cloud.clock.now())
    for _ in range(number):
        hour += HOUR
        for folder in [each for each in HOURLY if each not in without]:
            cloud.clock.set_forward(hour + timedelta(minutes=HOURLY[folder]))
            assert cloud.schedule(folder).error is None
        failed += cloud.drain()["failed"]
    return failed
