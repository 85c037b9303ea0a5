"""What a day's schedules do, hour by hour, and what they queue."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from local.cloud import Cloud
from sharetrail.calendars import HOUR, hour_of


def pass_hours(cloud: Cloud, number: int, without: Iterable[str] = ()) -> list[dict[str, Any]]:
    """So many hours: in each every schedule runs, and then what they queued; what failed."""
    failed: list[dict[str, Any]] = []
    hour = hour_of(cloud.clock.now())
    schedules = [each for each in _schedules(cloud) if each[1] not in without]
    for _ in range(number):
        hour += HOUR
        for minute, folder in schedules:
            cloud.clock.set_forward(hour + timedelta(minutes=minute))
            assert cloud.schedule(folder).error is None
        failed += cloud.drain()["failed"]
    return failed


def _schedules(cloud: Cloud) -> list[tuple[int, str]]:
    """At which minute of every hour each runs, as template.yaml has it; of several the first."""
    scheduled = (
        (schedule.expression.removeprefix("cron(").split(), folder)
        for folder, function in cloud.template.functions.items()
        for schedule in function.schedules
    )
    return sorted(
        (int(minute.partition("/")[0]), folder)
        for (minute, *rest), folder in scheduled
        if rest[0] == "*"
    )
