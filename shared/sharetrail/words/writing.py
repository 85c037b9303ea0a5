"""How amounts, numbers and times are written, by a merchant's language, currency and zone. Pure.

What is put into sentences is isolated where it is written from right to left.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, Self

from sharetrail.money import Amount
from sharetrail.words import formats, shares
from sharetrail.words.speech import say

_OF_ONE = 1_000_000
"""In whole parts of which shares of one are told."""


class Written(Protocol):
    """A merchant, or a report as it was built: a merchant may have other settings by now."""

    @property
    def language(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Writing:
    language: str
    currency: str
    zone: str

    @classmethod
    def of(cls, it: Written) -> Self:
        return cls(language=it.language, currency=it.currency, zone=it.zone)

    def money(self, minor: int, currency: str = "") -> str:
        """Minor units of the report's currency, or of another."""
        return self._isolated(
            formats.money(Amount(minor, currency or self.currency), self.language)
        )

    def signed(self, minor: int) -> str:
        """A change, with its sign: `+$48.00`, `−$48.00`."""
        sign = "−" if minor < 0 else "+"
        return self._isolated(
            sign + formats.money(Amount(abs(minor), self.currency), self.language)
        )

    def estimate(self, minor: int) -> str:
        return self._isolated(formats.estimate(Amount(minor, self.currency), self.language))

    def number(self, value: int) -> str:
        return formats.number(value, self.language)

    def ratio(self, part: int, whole: int) -> str:
        return formats.ratio(part, whole, self.language)

    def percent(self, part: int, whole: int) -> str:
        return shares.percent(part, whole, self.language)

    def share(self, percent: int, part: int, whole: int) -> str:
        return shares.share(percent, part, whole, self.language)

    def part(self, share: float) -> str:
        """A share of one, in percent."""
        return shares.percent(round(share * _OF_ONE), _OF_ONE, self.language)

    def day(self, at: date) -> str:
        return self._isolated(formats.day(at, self.language))

    def short_day(self, at: date) -> str:
        """Without its year."""
        return self._isolated(formats.short_day(at, self.language))

    def days(self, first: date, last: date) -> str:
        """`November 16 – 22, 2026`; of one day that day."""
        if first == last:
            return self.day(first)
        return self._isolated(formats.days(first, last, self.language))

    def instant(self, at: datetime) -> str:
        return self._isolated(formats.instant(at, self.zone, self.language))

    def clock(self) -> str:
        """`New York time`: by which days begin and end; `UTC`."""
        city = formats.city(self.zone, self.language)
        # For translators: whose clock it is, such as "New York time".
        return city if city in ("UTC", "GMT") else say("{city} time", city=city)

    def words(self) -> dict[str, Any]:
        """By the names that templates know them by."""
        names = (
            "money",
            "signed",
            "estimate",
            "number",
            "ratio",
            "percent",
            "day",
            "days",
            "instant",
        )
        return {name: getattr(self, name) for name in names}

    def _isolated(self, text: str) -> str:
        return formats.isolated(text, self.language)
