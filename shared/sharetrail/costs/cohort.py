"""Buyers, and what they were worth since their first orders: whom sharing or somebody brought, and
who came otherwise. Pure; amounts are minor units of the merchant's currency.

Two orders are one buyer's where a login proves it, or where both have a name and a delivery
address in common (attribution/testimony.py). An order that has no more than the name in common
with an earlier one is told apart: nobody knows whether the buyer is new.

Who can cause it, and what would they gain? Whoever pays for an order under somebody's name, sent to
that somebody's door, before that somebody's own first, is shown to have brought them. It is shown,
and moves no money: no credit, score or reward reads it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from sharetrail.attribution.buyer_history import CROWD
from sharetrail.attribution.credit import BuyerOrder, is_paid
from sharetrail.costs import few

STEPS = (0, 30, 60, 90, 180, 360)
"""Days since a buyer's first order, at whose end it is looked what they had bought by then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bought:
    """An order as a purchase of its buyer's."""

    at: datetime
    ref: str
    net: int
    keys: tuple[str, ...]
    """See buyer_keys of testimony.py."""
    brought_by: frozenset[str] = frozenset()
    """Whom the linear model credits; none of an order that nobody shared for."""
    is_return: bool | None = False
    """Whether an order of the buyer's before it is known, be it read or not; None where nobody can
    tell: by no more than the name, the shop has known them for long."""

    @classmethod
    def of(cls, order: BuyerOrder) -> Self:
        lines = order.details.lines("linear") if order.influence != "none" else ()
        return cls(
            at=order.placed_at,
            ref=f"{order.platform}#{order.order}",
            net=order.net,
            keys=order.buyer,
            brought_by=frozenset(line.touch.influencer for line in lines),
            is_return=None if order.earlier_orders is None else order.earlier_orders > 0,
        )


def is_purchase(order: BuyerOrder, currency: str) -> bool:
    """Paid for, and not gone: what nobody paid for makes nobody a buyer."""
    is_real = order.counts and not order.cancelled and order.currency == currency
    return is_real and is_paid(order)


@dataclass(kw_only=True)
class Buyer:
    orders: list[Bought] = field(default_factory=list)
    """Oldest first."""
    namesakes: list[Bought] = field(default_factory=list)
    """Orders that have but a name in common: theirs, or another's."""

    @property
    def first(self) -> Bought:
        return self.orders[0]

    def within(self, days: int) -> list[int]:
        """What each of their orders of so many days came to, the first among them."""
        return self._nets(self.orders, days)

    def namesakes_within(self, days: int) -> list[int]:
        return self._nets(self.namesakes, days)

    def _nets(self, orders: Iterable[Bought], days: int) -> list[int]:
        until = self.first.at + timedelta(days=days)
        return [each.net for each in orders if each.at <= until]


@dataclass(frozen=True, kw_only=True)
class Buyers:
    new: tuple[Buyer, ...]
    """By their first order, oldest first: as far as is known, for orders of before the shop told us
    of any are not."""
    unknown: tuple[Bought, ...] = ()
    """Orders of buyers who cannot be known again: without a name, or who forbade it; and first ones
    of whom nobody can tell whether they are new."""


def buyers_of(bought: Iterable[Bought]) -> Buyers:
    """The same in whatever order they are told. A name with more than CROWD orders is a counter's
    or a placeholder, and no buyer."""
    told = sorted(bought, key=lambda each: (each.at, each.ref))
    persons = [each for each in _persons(told) if not _is_crowd(each)]
    firsts = [each.first for each in persons if each.first.is_return is None]
    return Buyers(
        new=tuple(each for each in persons if each.first.is_return is False),
        unknown=(*(each for each in told if not each.keys), *firsts),
    )


def _persons(told: Sequence[Bought]) -> list[Buyer]:
    """Of orders by time; who has but a name in common with somebody earlier is a namesake."""
    found: list[Buyer] = []
    namesakes: list[tuple[Buyer, Buyer]] = []
    proved: dict[str, Buyer] = {}
    named: dict[str, Buyer] = {}
    person_of = _persons_by_proof(told)
    for order in (each for each in told if each.keys):
        names = [key for key in order.keys if _is_name(key)]
        person = next((person_of[key] for key in order.keys if key in person_of), order.ref)
        buyer = proved.get(person)
        if buyer is None:
            buyer = proved[person] = Buyer()
            if maybe := _earliest(named, names):
                namesakes.append((buyer, maybe))
            else:
                found.append(buyer)
        buyer.orders.append(order)
        for key in names:
            named.setdefault(key, buyer)
    for buyer, maybe in reversed(namesakes):
        maybe.namesakes += [*buyer.orders, *buyer.namesakes]
    return found


def _persons_by_proof(told: Iterable[Bought]) -> dict[str, str]:
    """Each proof, and one of those of the same person: an order that has two of them, however late
    it comes, proves that both were one person's from the first."""
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while (higher := above.setdefault(key, key)) != key:
            above[key] = above[higher]
            key = higher
        return key

    for order in told:
        proofs = [key for key in order.keys if not _is_name(key)]
        for one, other in pairwise(proofs):
            above[top(other)] = top(one)
        if len(proofs) == 1:
            top(proofs[0])
    return {key: top(key) for key in above}


def _is_name(key: str) -> bool:
    """Whether it is no proof: anybody can type one."""
    return key.startswith("n")


def _earliest(known: Mapping[str, Buyer], keys: Iterable[str]) -> Buyer | None:
    buyers = [known[key] for key in keys if key in known]
    return min(buyers, key=lambda each: (each.first.at, each.first.ref), default=None)


def _is_crowd(buyer: Buyer) -> bool:
    return len(buyer.orders) + len(buyer.namesakes) > CROWD


# ── what they were worth ─────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class Step:
    """So many days after their first orders: of those whose first was so many days ago."""

    days: int
    buyers: int
    returned: int = 0
    """Who had ordered again by then."""
    total: int = 0
    """What they had bought by then."""
    worth: float | None = None
    """Of one buyer, on average, first order and all. None as long as nobody is known so long."""
    low: float | None = None
    high: float | None = None
    """Its 80 % interval."""
    with_namesakes: float | None = None
    """The same, were all the orders theirs that have but a name in common."""

    @property
    def returned_range(self) -> tuple[float, float] | None:
        """80 %, of the part that had ordered again."""
        return few.part_of(self.returned, self.buyers) if self.buyers else None


def steps_of(buyers: Iterable[Buyer], now: datetime) -> tuple[Step, ...]:
    known = list(buyers)
    return tuple(_step(known, days, now) for days in STEPS)


def _step(known: Sequence[Buyer], days: int, now: datetime) -> Step:
    came_until = now - timedelta(days=days)
    buyers = [each for each in known if each.first.at <= came_until]
    if not buyers:
        return Step(days=days, buyers=0)
    nets = [each.within(days) for each in buyers]
    mean, low, high = few.mean_value([sum(each) for each in nets])
    namesakes = sum(sum(each.namesakes_within(days)) for each in buyers if each.namesakes)
    return Step(
        days=days,
        buyers=len(buyers),
        returned=sum(len(each) > 1 for each in nets),
        total=sum(map(sum, nets)),
        worth=mean,
        low=low,
        high=high,
        with_namesakes=mean + namesakes / len(buyers),
    )
