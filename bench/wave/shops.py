"""Shops as the model draws them: how large, and where. Pure and seeded.

Clicks an hour are Pareto's with Axtell's exponent of firms' sizes (Science 293, 2001), scaled so
that in any hour one shop of twenty has a click. And whatever is drawn, one of a thousand has as
many as the merchant of docs/speed.md's G12, and one of ten thousand ten times that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from bench.wave import zones
from sharetrail import calendars
from sharetrail.merchants.profile import merchant_id_of
from sharetrail.report.span import Rhythm

ACTIVE = 0.05
"""The part of all shops that have a click in an hour."""
_EXPONENT = 1.06
BIG = 1_000_000 / (26 * 7 * 24)
"""Clicks an hour of G12's merchant."""
_ONE_IN = 1_000
RECIPIENTS = 2
BESIDE: Mapping[Rhythm, float] = {"daily": 0.1, "monthly": 0.1, "quarterly": 0.05}
"""The part of all shops where one of the recipients chose these reports as well: assumed, since
nobody knows it yet."""


@dataclass(frozen=True, kw_only=True)
class Shop:
    number: int
    zone: str
    rate: float
    """Clicks an hour, on average."""
    recipients: int = RECIPIENTS
    beside: Rhythm | None = None
    """What one of them gets beside the week's."""

    @property
    def host(self) -> str:
        return f"shop-{self.number:05}.example"

    @cached_property
    def id(self) -> str:
        """The merchant's."""
        return merchant_id_of(self.host)

    def at(self, day: date, hour: timedelta = timedelta()) -> datetime:
        """That hour of its own day."""
        return calendars.start_of(day, ZoneInfo(self.zone)) + hour

    def day(self, at: datetime) -> date:
        """Its own, at that time."""
        return calendars.local_day(at, ZoneInfo(self.zone))


def draw(number: int, *, zone: str = "", seed: int = 1) -> list[Shop]:
    """So many, all of one zone where one is named."""
    chance = Random(seed)
    share = zones.shares()
    places = [zone] * number if zone else chance.choices([*share], [*share.values()], k=number)
    rates = [*_rates(number, chance)]
    return [
        Shop(number=n, zone=place, rate=rate, beside=beside)
        for n, (place, rate, beside) in enumerate(
            zip(places, rates, _beside(number, chance), strict=True)
        )
    ]


def _beside(number: int, chance: Random) -> list[Rhythm | None]:
    rest = 1 - sum(BESIDE.values())
    return chance.choices([*BESIDE, None], [*BESIDE.values(), rest], k=number)


def _rates(number: int, chance: Random) -> Iterator[float]:
    for n in range(number):
        if n % (_ONE_IN * 10) == _ONE_IN // 2 and number >= _ONE_IN * 10:
            yield BIG * 10
        elif n % _ONE_IN == _ONE_IN - 1:
            yield BIG
        else:
            yield min(BIG, _least() * chance.paretovariate(_EXPONENT))


@cache
def _least() -> float:
    """The rate of the smallest, by halving: the more, the more are active."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if _active(middle) > ACTIVE else (middle, high)
    return low


def _active(least: float) -> float:
    """The part with a click in an hour, where that is the smallest's rate: over quantiles."""
    steps = 10_000
    quantiles = ((step + 0.5) / steps for step in range(steps))
    rates = (min(BIG, least * (1 - part) ** (-1 / _EXPONENT)) for part in quantiles)
    return sum(1 - exp(-rate) for rate in rates) / steps
