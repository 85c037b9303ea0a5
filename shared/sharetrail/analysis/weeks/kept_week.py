"""What a kept week was made of, and whether it still is what it was made of. Pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date

from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant

SUMS_VERSION = "sums-1"
Closed = Mapping[date, tuple[int, int]]
"""Day → how many facts it was closed with, and by which version of the rules."""


@dataclass(frozen=True, kw_only=True)
class KeptWeek:
    days: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Its closed days, as Closed has them."""
    sums: str | None
    """The hash that names the object; None where nothing was heard of the week."""
    journeys: str | None
    basis: str
    """Beside days and orders: see basis_of."""
    rule: str = SUMS_VERSION
    revision: int


def basis_of(merchant: Merchant) -> str:
    """What the sums of any week depend on: whose days they are, and which orders count."""
    return f"{merchant.zone} {merchant.currency}"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of a merchant's weeks: a day, or an order, that has changed since."""

    basis: str
    closed: Closed
    noted: Set[date]
    """Days that have facts, closed or not, as far back as that is known."""
    rung: Set[date]
    """The Mondays of weeks of which an order rang."""

    def days_of(self, week: Week) -> dict[str, tuple[int, ...]]:
        return {f"{day}": self.closed[day] for day in week.days if day in self.closed}

    def has_days(self, week: Week) -> bool:
        return not {*self.closed, *self.noted}.isdisjoint(week.days)

    def is_kept(self, week: Week, kept: KeptWeek | None) -> bool:
        """Whether all that it was made of is as it was."""
        is_open = any(day in self.noted and day not in self.closed for day in week.days)
        if kept is None or is_open or week.first in self.rung:
            return False
        is_alike = (kept.rule, kept.basis) == (SUMS_VERSION, self.basis)
        return is_alike and kept.days == self.days_of(week)
