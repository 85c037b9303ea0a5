"""Simulated visitors, and their clicks as the product makes them.

Visitors' hashes are random, as an HMAC's are. Who comes when, with what, to which link is drawn
from a seed, so that every run counts the same.
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from bench.shop import MERCHANT
from local.demo import agents
from sharetrail import base32
from sharetrail.clicks.click import CLICK_SHARDS, Click
from sharetrail.clicks.visitor import Visitor, new_click

_PREVIEWS, _BOTS = 0.06, 0.06
_BACK, _MEMORY = 0.15, 5_000
"""How many clicks are an earlier visitor's, and among how many of the latest those are."""
_REFERRAL_SHARE = 0.6
_REFERRERS = ("l.instagram.com", *agents.REFERRERS.values())
_COUNTRIES = ("US", "US", "US", "US", "CA", "GB", "DE", "AU", "FR", "MX")


class Crowd:
    """Draws clicks on `links` links; the n-th is followed 1/n as often, or all alike if `even`."""

    def __init__(
        self, links: int, *, even: bool = False, shards: Iterable[int] = range(CLICK_SHARDS)
    ) -> None:
        """None come but visitors whose clicks go to these shards."""
        self.chance = Random(links)
        self.shards = tuple(shards)
        self._codes = [base32.encode(self.chance.getrandbits(50), 10) for _ in range(links)]
        self._weights = list(accumulate(1 if even else 1 / n for n in range(1, links + 1)))
        self._latest: list[Visitor] = []

    def click(self, at: datetime) -> Click:
        place = bisect(self._weights, self.chance.random() * self._weights[-1])
        return new_click(MERCHANT.id, self._codes[place], self._visitor(), at)

    def _visitor(self) -> Visitor:
        if self._latest and self.chance.random() < _BACK:
            return self.chance.choice(self._latest)
        visitor = self._new()
        if len(self._latest) < _MEMORY:
            self._latest.append(visitor)
        else:
            self._latest[self.chance.randrange(_MEMORY)] = visitor
        return visitor

    def _new(self) -> Visitor:
        draw = self.chance.random()
        kind = agents.PEOPLE
        if draw < _PREVIEWS + _BOTS:
            kind = tuple(agents.PREVIEWS.values()) if draw < _PREVIEWS else agents.BOTS
        referred = kind is agents.PEOPLE and self.chance.random() < _REFERRAL_SHARE
        return Visitor(
            hash=(name := self._hash()),
            address=name,
            agent=self.chance.choice(kind),
            referrer=self.chance.choice(_REFERRERS) if referred else "",
            country=self.chance.choice(_COUNTRIES),
        )

    def _hash(self) -> str:
        """A hash is of the shard that it leaves over."""
        shard = self.chance.choice(self.shards)
        return f"{self.chance.getrandbits(61) * CLICK_SHARDS + shard:016x}"

    def moments(
        self, start: datetime, length: timedelta, number: int, busy: Sequence[float] = (1,)
    ) -> list[datetime]:
        """When `number` clicks come, in order; `busy` weighs equal parts of the time."""
        part = length / len(busy)
        parts = self.chance.choices(range(len(busy)), busy, k=number)
        return sorted(start + (n + self.chance.random()) * part for n in parts)
