"""What a merchant asks of AWS in a month by what runs by the clock, and what that costs by list.

The clicks themselves, storing and projecting them are docs/speed.md's G10. Nothing free is taken
off. What schedules ask whether or not anything is due is all merchants' together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from bench.costs import prices
from bench.wave.diary import HOUR
from bench.wave.forecast import MAIL
from bench.wave.measured import APART, REPORT, Cost, Measured
from bench.wave.shops import RECIPIENTS

_HOURS = prices.MONTH / HOUR
_DAYS = _HOURS / 24
_WEEKS = _DAYS / 7
_MEMORY = 1_769 / 1_024
"""Gigabytes of the workers, which is a whole core."""
_SQS_REQUESTS = 2.1
"""Of a message: a tenth of one that sends it, one that takes it, one that deletes it."""


@dataclass(frozen=True, kw_only=True)
class Month:
    requests: float
    dollars: float

    def __str__(self) -> str:
        return f"{self.requests:,.0f} requests, ${self.dollars:.4f}"


def of_merchant(costs: Measured, clicks_an_hour: float) -> Month:
    """By so many clicks an hour, at random."""
    ago = 0 if clicks_an_hour else None
    parts = [
        _times(costs.cost(kind, size, ago if kind == REPORT else None), number)
        for kind, (number, size) in _jobs(clicks_an_hour).items()
        if costs.knows(kind) and number
    ]
    messages = sum(number for number, _ in _jobs(clicks_an_hour).values())
    return _month(_sum(parts), messages)


def of_schedules(costs: Measured, minutes: Mapping[str, Sequence[int]]) -> Month:
    """However many merchants there are."""
    parts = [
        _times(costs.firings[schedule], _HOURS * len(own))
        for schedule, own in minutes.items()
        if schedule in costs.firings
    ]
    return _month(_sum(parts), 0)


def _jobs(clicks: float) -> dict[str, tuple[float, float]]:
    """Kind → how many a month, and of how many clicks each."""
    active, awake, busy = (1 - exp(-clicks * hours) for hours in (1, 24, 24 * 7))
    return {
        "heal": (_HOURS * active, clicks / active if active else 0),
        "close": (_DAYS * awake, clicks * 24 / awake if awake else 0),
        "score": (_WEEKS * busy, clicks * 24 * 7),
        "report": (_WEEKS, clicks * 24 * 7),
        MAIL: (_WEEKS * RECIPIENTS, 1),
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
        + seconds * _MEMORY * prices.GIGABYTE_SECOND * 1e6
        + messages * (prices.INVOCATIONS + _SQS_REQUESTS * prices.QUEUE_REQUESTS)
        + sum(prices.OTHERS.get(name, 0) * number for name, number in own.items())
    ) / 1e6
    return Month(requests=requests, dollars=dollars)
