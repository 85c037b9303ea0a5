"""What an order says of its buyer, and how far another order of theirs may believe it. Pure.

Who can cause this? Whoever places an order: under any e-mail address, to any delivery address, with
any clicks of their own. What would they gain? All that the person of that address buys later. So
an order testifies from when it was paid for and as long as it stands, and its word on a click is

- *sure* where a login proves that both orders are one account's;
- *corroborated* where both went to the same delivery address, and to no other: whoever forges that
  pays for goods that another gets (fraud_rules.py withholds what it brings where that would pay);
- *bare* otherwise: the name alone is the same, and anybody can type one. Shown, of no weight.

What an order tells later (another e-mail address, a click) it says from then on, never backwards.
An e-mail address and an account of one order are one person. A household is who shares a name or a
delivery address. The first paid order keeps a click; once another household's says that it carries
the click too, it is evidence about neither, from then on: *disputed*.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sharetrail.attribution.touch import Strength, trail_of_order
from sharetrail.calendars import iso, moment
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef

_SOON = timedelta(days=1)
_KEY = 16
"""Hexadecimal digits: of a million names two are alike in one of forty million shops."""


@dataclass(frozen=True, kw_only=True)
class Testimony:
    placed: datetime
    persons: tuple[str, ...] = ()
    """The buyer's names, as HMACs: e-mail addresses and accounts."""
    account: str | None = None
    """The one of them that a login proves."""
    addresses: tuple[str, ...] = ()
    """Where it was to be delivered to, as HMACs: more than one where that was changed."""
    since: datetime | None = None
    """Since when its word counts: it was paid for, and has told it. None unless it stands."""
    door_since: datetime | None = None
    """Since when it tells its door."""
    told: dict[str, datetime] = field(default_factory=dict)
    """Name or click → when it was first told: an order may be given another buyer's name once it is
    seen what that buyer buys."""
    net: int = 0
    """What it comes to, in minor units: the merchant's, where a rate is known."""
    currency: str = ""
    ids: tuple[str, ...] = ()
    """The clicks that it carries."""

    @property
    def door(self) -> str | None:
        """Where it went. Whoever had an address changed may have the goods as well."""
        return self.addresses[0] if len(self.addresses) == 1 else None

    @property
    def household(self) -> frozenset[str]:
        return frozenset((*self.persons, *self.addresses))

    @property
    def digest(self) -> str:
        words = [*self.persons, *self.ids, self.account, *self.addresses]
        times = [self.placed, self.since, self.door_since, *self.told.values()]
        said = [*words, *(at and iso(at) for at in times), str(self.net), self.currency]
        return digest([word or "" for word in said])

    @property
    def last_told(self) -> datetime:
        return max([self.placed, *filter(None, [self.since, self.door_since]), *self.told.values()])

    def about(self, *words: str) -> "Testimony":
        """What it says of these alone, from when it had told them."""
        times = [self.told[word] for word in words if word in self.told]
        since = self.since and max(self.since, *times) if times else self.since
        return replace(self, ids=(), told={}, since=since)

    def counts_at(self, at: datetime) -> bool:
        """Whether it is evidence for an order placed then."""
        return self.since is not None and self.since <= at

    def is_others(self, than: "Testimony") -> bool:
        """Whether another household bought: nothing that both tell is the same. Of an order that
        tells nothing of its buyer nobody can say."""
        ours, theirs = self.household, than.household
        return bool(ours and theirs) and ours.isdisjoint(theirs)

    def strength_of(self, told: "Testimony") -> Strength:
        """How far this order may believe another, under a name that both have."""
        if self.account and self.account == told.account:
            return "sure"
        is_known = told.door_since is None or told.door_since <= self.placed
        if self.door and self.door == told.door and is_known:
            return "corroborated"
        return "bare"


class Claim(NamedTuple):
    """An order that carries a click."""

    order: OrderRef
    said: Testimony


def testimony_of(order: Order, *, proves_login: bool) -> Testimony:
    """What the order says today. One whose shopper forbade to be remembered, and a test, say
    nothing; `proves_login` is whether the platform's customer was logged in."""
    placed = _whole(order.placed_at)
    if is_nobodys(order):
        return Testimony(placed=placed)
    trail, _ = trail_of_order(order)
    stands = order.cancelled_at is None and order.net > 0
    since = max(placed, order.paid_at) if order.paid_at else None
    # By the names that were told last: a checkout that fails may be tried under one address after
    # another, and what one payment says it says of one buyer.
    persons = tuple(sorted({*order.sale.names}))
    door_times = [order.told.get(each) for each in order.addresses]
    return Testimony(
        placed=placed,
        persons=persons,
        account=order.account if proves_login else None,
        addresses=order.addresses,
        since=_whole(since) if since and stands else None,
        door_since=max(map(_whole, filter(None, door_times)), default=None),
        told={
            word: _whole(at) for word, at in order.told.items() if word in {*persons, *trail.ids}
        },
        net=order.net,
        currency=order.currency,
        ids=trail.ids,
    )


def _whole(at: datetime) -> datetime:
    """As it is read back."""
    return moment(iso(at))


def is_nobodys(order: Order) -> bool:
    """Whether the order is joined with nothing."""
    trail, _ = trail_of_order(order)
    return trail.state == "denied" or order.sale.test


def buyer_keys(said: Testimony) -> tuple[str, ...]:
    """By which an order's buyer is known among other orders: `a…` of the account whose login is
    proved and `d…` of a name and a door together prove that two orders are one buyer's (see
    strength_of); `n…` of a name alone proves nothing. A door that was told more than a day behind
    the order is none: whoever has it changed may have seen to whom it should lead."""
    is_late = said.door_since is not None and said.door_since - said.placed > _SOON
    door = None if is_late else said.door
    return (
        *([f"a{_short(said.account)}"] if said.account else []),
        *(f"d{_short(f'{name}@{door}')}" for name in said.persons if door),
        *(f"n{_short(name)}" for name in said.persons),
    )


def keys_of_name(name: str) -> tuple[str, str]:
    """Of those, the ones that a name alone may be: an account's, and a name's."""
    return f"a{_short(name)}", f"n{_short(name)}"


def _short(text: str) -> str:
    """Of keyed hashes, so nobody can try names on it."""
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY]


def first_of(claims: Iterable[Claim]) -> Claim | None:
    """The order that keeps the click: the first that was paid for, carrying it, and stands."""
    paid = [(claim.said.since, claim.order.pk, claim) for claim in claims if claim.said.since]
    return min(paid)[-1] if paid else None


def disputed_since(claims: Iterable[Claim]) -> datetime | None:
    """Since when two households say that a click is theirs; None where they do not."""
    known = list(claims)
    first = first_of(known)
    if first is None:
        return None
    others = (each.said.since for each in known if each.said.is_others(first.said))
    return min(filter(None, others), default=None)


def digest(words: Iterable[str]) -> str:
    return hashlib.sha256(",".join(words).encode()).hexdigest()[:12]
