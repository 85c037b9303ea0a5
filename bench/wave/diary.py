"""Thirty hours of shops, from Sunday noon to Monday evening of UTC: when their links are followed,
and what is bought. Pure and seeded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from random import Random

from bench.wave.shops import Shop

START = datetime(2028, 12, 31, 12, tzinfo=UTC)
HOURS = 30
SUNDAY, MONDAY = date(2028, 12, 31), date(2029, 1, 1)
"""A Monday with which a month and a quarter begin as well: no other has more reports."""
EIGHT = timedelta(hours=8)
HOUR = timedelta(hours=1)
END = START + HOURS * HOUR
"""Everywhere it is past Monday 08:00 by then."""
ORDERS = 0.05
"""Of a click, as of G12's merchant."""
_CLICKS_A_LINK = 4
_DAY = 24  # hours


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A link of a shop is followed, and maybe something bought."""

    at: datetime
    shop: Shop
    link: int
    buys: bool


@dataclass(frozen=True)
class Diary:
    visits: tuple[Visit, ...]
    """In time order."""

    @cached_property
    def by_hour(self) -> Counter[tuple[str, str]]:
        """Shop and hour of UTC (`2026-11-29T13`) → clicks."""
        return Counter((each.shop.id, f"{each.at:%Y-%m-%dT%H}") for each in self.visits)

    @cached_property
    def by_day(self) -> Counter[tuple[str, str]]:
        """Shop and local day (`2026-11-29`) → clicks."""
        return Counter((v.shop.id, v.shop.day(v.at).isoformat()) for v in self.visits)

    @cached_property
    def by_week(self) -> Counter[str]:
        """Shop → clicks of the week that ends with that Sunday."""
        return Counter(v.shop.id for v in self.visits if v.shop.day(v.at) <= SUNDAY)

    def last_click(self, shop: Shop, day: date) -> int | None:
        """How many days of UTC before the reports of this day's morning; None without one."""
        due = shop.at(day, EIGHT)
        newest = max((at for at in self._times[shop.id] if at < due), default=None)
        return (due.date() - newest.date()).days if newest else None

    @cached_property
    def _times(self) -> dict[str, list[datetime]]:
        times: dict[str, list[datetime]] = defaultdict(list)
        for visit in self.visits:
            times[visit.shop.id].append(visit.at.astimezone(UTC))
        return times


def at_random(shops: Iterable[Shop], seed: int = 1) -> Diary:
    """As often as each is followed, at any time of the day."""
    chance = Random(seed)
    return _diary(
        _visit(shop, START + (hour + chance.random()) * HOUR, chance)
        for shop in shops
        for hour in range(HOURS)
        for _ in range(poisson(chance, shop.rate))
    )


def spread(clicks: Mapping[Shop, int], seed: int = 1) -> Diary:
    """So many clicks of each shop, at any time of the thirty hours."""
    chance = Random(seed)
    return _diary(
        _visit(shop, START + chance.random() * HOURS * HOUR, chance)
        for shop, number in clicks.items()
        for _ in range(number)
    )


def poisson(chance: Random, mean: float) -> int:
    """How many of a process fall into one unit of time."""
    number, at = 0, chance.expovariate(mean)
    while at < 1:
        number += 1
        at += chance.expovariate(mean)
    return number


def links_of(shop: Shop) -> int:
    """How many the shop has: one for a few clicks a day."""
    return max(1, round(shop.rate * _DAY / _CLICKS_A_LINK))


def _diary(visits: Iterable[Visit]) -> Diary:
    return Diary(tuple(sorted(visits, key=lambda each: (each.at, each.shop.id))))


def _visit(shop: Shop, at: datetime, chance: Random) -> Visit:
    link = min(int(chance.paretovariate(1)) - 1, links_of(shop) - 1)
    return Visit(at=at, shop=shop, link=link, buys=chance.random() < ORDERS)
