"""What a merchant asks of AWS in a month by what runs by the clock, and what that costs by list.

The clicks themselves, storing and projecting them are docs/speed.md's G10. Nothing free is taken
off. What schedules ask whether or not anything is due is all merchants' together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp

from bench.costs import prices
from bench.wave import timetable
from bench.wave.diary import HOUR
from bench.wave.forecast import MAIL
from bench.wave.measured import APART, REPORT, Cost, Measured
from bench.wave.shops import RECIPIENTS
from sharetrail.report.span import Rhythm

_HOURS = prices.MONTH / HOUR
_DAYS = _HOURS / 24
_WEEKS = _DAYS / 7
_OTHERS: Mapping[Rhythm, float] = {"daily": _DAYS, "monthly": 1, "quarterly": 1 / 3}
REFUSED, BOUNCE = 0.01, "suppress_recipients"
"""The part of mails of which SES tells that they bounced or were called spam: assumed, as few as an
account may have that goes on mailing. And the kind of what notes one."""
KEPT = timedelta(days=400) / prices.MONTH
"""Months, of what a month puts into S3: mails are, and what of the rest stays for ever is small."""
_SQS_REQUESTS = 2.1
"""Of a message: a tenth of one that sends it, one that takes it, one that deletes it."""


@dataclass(frozen=True, kw_only=True)
class Month:
    requests: float
    dollars: float

    def __str__(self) -> str:
        return f"{self.requests:,.0f} requests, ${self.dollars:.4f}"


def of_merchant(costs: Measured, clicks_an_hour: float, beside: Rhythm | None = None) -> Month:
    """By so many clicks an hour, at random; of whose recipients one gets other reports `beside` the
    week's."""
    ago, jobs = 0 if clicks_an_hour else None, jobs_of(clicks_an_hour, beside)
    parts = [
        _times(costs.cost(kind, size, ago if kind == REPORT else None), number)
        for kind, (number, size) in jobs.items()
        if costs.knows(kind) and number
    ]
    messages = sum(number for number, _ in jobs.values())
    parts.append(_times(costs.firings.get(BOUNCE, {}), refused := jobs[MAIL][0] * REFUSED))
    return _month(_sum(parts), messages + refused)


def of_schedules(costs: Measured, minutes: Mapping[str, Sequence[int]]) -> Month:
    """However many merchants there are."""
    parts = [
        _times(costs.firings[schedule], _HOURS * len(own))
        for schedule, own in minutes.items()
        if schedule in costs.firings
    ]
    return _month(_sum(parts), 0)


def of_account(costs: Measured, minutes: Mapping[str, Sequence[int]]) -> dict[str, float]:
    """What is paid for where there is no merchant at all → dollars. A key costs a dollar more for
    each of its first two rotations, which are a year apart."""
    return {**of_account_alone(), "schedules": of_schedules(costs, minutes).dollars}


def of_account_alone() -> dict[str, float]:
    """The same without what runs by the clock."""
    polls = prices.POLLS * prices.MONTH.total_seconds() * prices.QUEUE_REQUESTS / 1e6
    return {
        "queues asked": timetable.polled_queues() * polls,
        "alarms": timetable.resources("AWS::CloudWatch::Alarm") * prices.ALARM,
        "keys, in the first year": timetable.resources("AWS::KMS::Key") * prices.KEY,
    }


def jobs_of(clicks: float, beside: Rhythm | None) -> dict[str, tuple[float, float]]:
    """Kind → how many a month, and of how many clicks each."""
    active, awake, busy = (1 - exp(-clicks * hours) for hours in (1, 24, 24 * 7))
    others = _OTHERS[beside] if beside else 0
    day_or_week = clicks * 24 * (1 if beside == "daily" else 7)
    return {
        "heal": (_HOURS * active, clicks / active if active else 0),
        "close": (_DAYS * awake, clicks * 24 / awake if awake else 0),
        "score": (_WEEKS * busy, clicks * 24 * 7),
        "report": (_WEEKS, clicks * 24 * 7),
        f"report {beside}": (others, day_or_week),
        MAIL: (_WEEKS * RECIPIENTS + others, 1),
    }


def _times(cost: Cost, number: float) -> Cost:
    return {name: each * number for name, each in cost.items()}


def _sum(costs: Sequence[Cost]) -> Cost:
    total: Counter[str] = Counter()
    for cost in costs:
        total.update(cost)  # type: ignore[arg-type]
    return total


def _month(cost: Cost, messages: float) -> Month:
    own = {name: number for name, number in cost.items() if name not in APART}
    requests = sum(own.values()) + messages * _SQS_REQUESTS
    seconds = sum(own.values()) * prices.ROUND_TRIP + cost.get("cpu", 0)
    dollars = (
        cost.get("written", 0) * prices.WRITE_UNITS
        + cost.get("read", 0) * prices.READ_UNITS
        + seconds * prices.CORE * prices.GIGABYTE_SECOND * 1e6
        + messages * (prices.INVOCATIONS + _SQS_REQUESTS * prices.QUEUE_REQUESTS)
        + sum(prices.OTHERS.get(name, 0) * number for name, number in own.items())
    ) / 1e6
    dollars += cost.get("kept", 0) / 1e9 * prices.OBJECTS * KEPT
    return Month(requests=requests, dollars=dollars)
