"""Times as text, and local days and weeks of a merchant's zone: always computed in UTC, since a day
may have 23 hours. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo  # whose reading the redirect need not wait for

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
REPORT_HOUR = time(8)


def iso(at: datetime) -> str:
    """`2026-11-23T13:00:00.250Z`: always UTC, always milliseconds, so text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """An aware time from ISO-8601. ValueError where it is none, or has no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {text}")
    return at.astimezone(UTC)


def hour_of(at: datetime) -> datetime:
    """The start of its UTC hour. Some zones' days begin within one."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def ends_of_hour(at: datetime) -> tuple[datetime, datetime]:
    """The first and the last instant of its UTC hour: of every day that the hour is of."""
    hour = hour_of(at)
    return hour, hour + HOUR - timedelta(milliseconds=1)


# ── days and weeks ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Week:
    """Seven local days from a Monday."""

    first: date

    @property
    def last(self) -> date:
        return self.first + WEEK - DAY

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + n * DAY for n in range(7))

    def before(self, weeks: int = 1) -> "Week":
        return Week(self.first - weeks * WEEK)


def start_of(day: date, zone: "ZoneInfo") -> datetime:
    """The first instant of a local day, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def bounds(day: date, zone: "ZoneInfo") -> tuple[datetime, datetime]:
    """A local day as [start, end) in UTC."""
    return start_of(day, zone), start_of(day + DAY, zone)


def local_day(at: datetime, zone: "ZoneInfo") -> date:
    return at.astimezone(zone).date()


def week_of(day: date) -> Week:
    return Week(day - timedelta(days=day.weekday()))


def last_report(now: datetime, zone: "ZoneInfo") -> tuple[datetime, Week]:
    """The newest Monday 08:00 of the zone that is not in the future (in UTC), and the week that
    ended with the Sunday before it. Where 08:00 does not exist, the instant it would be.
    """
    monday = week_of(local_day(now, zone)).first
    due = datetime.combine(monday, REPORT_HOUR, zone).astimezone(UTC)
    if due > now:
        monday -= WEEK
        due = datetime.combine(monday, REPORT_HOUR, zone).astimezone(UTC)
    return due, Week(monday - WEEK)


@cache
def zone_names() -> frozenset[str]:
    """IANA's zones, as the package tzdata lists them: the same wherever this runs."""
    from importlib.resources import files  # which the redirect need not wait for

    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def last_full_week(now: datetime, zone: "ZoneInfo") -> Week:
    """The newest week that has ended."""
    return week_of(local_day(now, zone)).before()
