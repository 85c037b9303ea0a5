"""What sharing cost: a fee, a gift, or whatever else the merchant says. A fact. Pure.

What codes took off orders is read from these and never entered: see spend.py.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from sharetrail.calendars import DAY

CostKind = Literal["fee", "gift", "discount", "other"]
"""A discount only where no code gave it."""
KINDS: tuple[CostKind, ...] = get_args(CostKind)
WHOM = ("influencer", "campaign", "network", "order")
"""What a cost may be for."""
LONGEST = timedelta(days=366)
"""Of the days that one cost is for; so whoever reads a span looks no further back."""
LONGEST_NOTE = 200
_DIGITS = 24


@dataclass(frozen=True, kw_only=True)
class Cost:
    id: str
    """The merchant's own for it, or one derived from what it says."""
    kind: CostKind
    amount: int
    """Minor units of `currency`, more than nothing."""
    currency: str
    first: date
    last: date
    """Local days, both included: a month's fee is spread over the month."""
    influencer: str = ""
    campaign: str = ""
    network: str = ""
    order: str = ""
    """`shopify/1001`. With none of the four it is for the programme as a whole."""
    note: str = ""
    """The merchant's own words."""
    entered_at: datetime
    taken_back_at: datetime | None = None
    """From then on it is no cost, of no day; another fact says so."""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, first: date, last: date) -> int:
        """What of it falls on these days, both included. Each day has the same, and of the cents
        that do not divide the earliest have one more each: so the parts of adjoining spans add up
        to what they have together, to the cent."""
        if self.taken_back_at is not None:
            return 0
        return self._until(last) - self._until(first - DAY)

    def _until(self, day: date) -> int:
        """What falls on its days up to this one."""
        passed = min(max(0, (day - self.first).days + 1), self.days)
        each, over = divmod(self.amount, self.days)
        return each * passed + min(passed, over)

    def says_the_same(self, other: "Cost") -> bool:
        """Whenever either was entered, or taken back."""
        theirs = replace(other, entered_at=self.entered_at, taken_back_at=self.taken_back_at)
        return self == theirs


def derived_id(cost: Cost) -> str:
    """Of what it says: the same entered again is the same cost. Two alike need ids of their own."""
    said = [cost.kind, cost.amount, cost.currency, f"{cost.first}", f"{cost.last}"]
    whom = [cost.influencer, cost.campaign, cost.network, cost.order, cost.note]
    text = json.dumps([*said, *whom], ensure_ascii=False)
    return f"c_{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"
