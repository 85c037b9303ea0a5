"""Which page events an instance keeps where many come, and for how many each then counts.

Whoever sends many is sampled first, by their own minute, and what that leaves by the merchant's. To
that minute an address adds only what comes before its own sampling: one machine's flood thins out
nobody else's events. Who asks not to be tracked cannot be told from others who do, and shares a
minute with them. Shares and leads are rare, and have minutes of their own, which views never fill.
"""

import hmac
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from sharetrail.clicks import daily_salts
from sharetrail.clicks.page_event import PageEvent, PageEventType

_MINUTE = timedelta(minutes=1)
# Seen in a minute → one in how many is kept.
_OF_AN_ADDRESS = ((600, 100), (60, 10), (0, 1))
_OF_A_MERCHANT = ((2_000, 100), (200, 10), (0, 1))
_RARE: tuple[PageEventType, ...] = ("share", "lead", "check", "checkout")
_BEYOND, _BEYOND_RARE = 100, 10
"""Once a day is used up. A share that stands for ten is still below what an address is believed, so
that shares, too, come out right on average."""


@dataclass(frozen=True, kw_only=True)
class Lot:
    """An event, and whether it is drawn."""

    event: PageEvent
    number: int
    rate: int = 1
    """One in so many is drawn."""

    @property
    def is_drawn(self) -> bool:
        """What is drawn at a rate is drawn at each that divides it."""
        return self.number % self.rate == 0

    @property
    def fact(self) -> PageEvent:
        return replace(self.event, n=self.event.n * self.rate)

    def one_in(self, rate: int) -> Self:
        return replace(self, rate=self.rate * rate)


class Spans:
    """How many came of each key in a span of its own, which its first begins; of at most `size`
    keys, and the one that began first is forgotten."""

    def __init__(self, span: timedelta, size: int = 10_000) -> None:
        self._span, self._size = span, size
        self._counts: dict[Hashable, tuple[datetime, int]] = {}

    def add(self, key: Hashable, n: int, now: datetime) -> int:
        """Counts n more; how many there were before."""
        begun, count = self._counts.get(key, (now, 0))
        if abs(now - begun) >= self._span:
            begun, count = now, 0
        if count == 0:
            self._counts.pop(key, None)
        self._counts[key] = begun, count + n
        if len(self._counts) > self._size:
            del self._counts[next(iter(self._counts))]
        return count

    def clear(self) -> None:
        self._counts.clear()


minutes = Spans(_MINUTE)
_NO_SALT = b"of a day that has none"


def draw(events: Iterable[PageEvent], now: datetime) -> list[Lot]:
    """Those that are kept of one sender's, as far as an instance's minute is concerned."""
    salt = daily_salts.of_day(now) or _NO_SALT
    own = [_by_address(Lot(event=each, number=_number(salt, each.id)), now) for each in events]
    left = [_by_merchant(lot, now) for lot in own if lot.is_drawn]
    return [lot for lot in left if lot.is_drawn]


def draw_beyond(lots: Iterable[Lot]) -> list[Lot]:
    """Those that are kept of them where the day is used up."""
    left = [lot.one_in(_BEYOND_RARE if lot.event.type in _RARE else _BEYOND) for lot in lots]
    return [lot for lot in left if lot.is_drawn]


def _number(salt: bytes, event_id: str) -> int:
    """The same for the same id, so that a resend is drawn again; under a key, so that nobody can
    make ids that are always drawn."""
    return int.from_bytes(hmac.digest(salt, event_id.encode(), "sha256")[:8], "big")


def _by_address(lot: Lot, now: datetime) -> Lot:
    seen = minutes.add((*_kind(lot), lot.event.address), 1, now)
    return lot.one_in(_rate(_OF_AN_ADDRESS, seen))


def _by_merchant(lot: Lot, now: datetime) -> Lot:
    seen = minutes.add(_kind(lot), int(lot.rate == 1), now)
    return lot.one_in(_rate(_OF_A_MERCHANT, seen))


def _kind(lot: Lot) -> tuple[Hashable, ...]:
    return lot.event.merchant, lot.event.type in _RARE


def _rate(rates: tuple[tuple[int, int], ...], count: int) -> int:
    return next(rate for above, rate in rates if count >= above)
