"""What other orders tell of an order's buyer, weighed. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from sharetrail.attribution.testimony import Claim, Testimony, disputed_since, first_of
from sharetrail.attribution.touch import STRENGTHS, WEIGHTLESS, Strength
from sharetrail.orders.order_fact import OrderRef
from sharetrail.platforms.earlier_buyer import counts_for

S = TypeVar("S", bound=str)
LOOKS_BACK = timedelta(days=90)
"""How far an order's buyer is looked back at, and how far late evidence reaches."""
CROWD = 50
"""A name with more paid orders than this of one account or door is a counter's or a placeholder:
nothing is joined by them from then on. Orders that have no more than the name in common are not
counted: anybody could make a crowd of anybody."""
MOST_OF_A_BUYER = 100
"""Clicks that are known by the buyer alone: all credits are one item of 400 KB. The newest of those
that have weight come first: whoever orders under somebody's name adds to that somebody's."""


@dataclass(kw_only=True)
class Person:
    """What is known of a name: of an e-mail address, or of an account."""

    clicks: dict[str, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, datetime] = field(default_factory=dict)
    """Click id → since when the shop itself says that it is theirs."""
    orders: dict[OrderRef, Testimony] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    own: dict[str, Testimony | None] = field(default_factory=dict)
    """Sort key → what the asking order says there; None where it was withdrawn."""
    ordered_before: set[datetime] = field(default_factory=set)
    """Before when they had ordered, as the shop's own systems knew when they were connected."""

    def later_than(self, first: datetime, last: datetime) -> dict[OrderRef, Testimony]:
        """The orders that evidence of these times counts for and may have come too late for."""
        until = last + LOOKS_BACK
        return {ref: said for ref, said in self.orders.items() if first <= said.placed <= until}


@dataclass(frozen=True, kw_only=True)
class Backing:
    """What the evidence of a click cost, and what it has brought. Minor units of the order's
    currency."""

    told: int
    """What the orders that told it come to."""
    brought: int
    """What the buyer's orders since then come to, this one with them."""


@dataclass(frozen=True, kw_only=True)
class BuyerHistory:
    """What is known of an order's buyer from elsewhere."""

    evidence: Mapping[str, Strength] = field(default_factory=dict)
    """Clicks of the buyer's that the order does not carry itself."""
    backings: Mapping[str, Backing] = field(default_factory=dict)
    """Of those among them that orders told which may have been placed for that."""
    kept: frozenset[str] = frozenset()
    """Clicks that the order carries, and that another household's paid order carried first."""
    withdrawn: frozenset[str] = frozenset()
    """Clicks that are or were said to be theirs, and by nobody whose word counts for this order."""
    is_joined: bool = True
    """Whether the order is joined with others at all: its shopper may have forbidden it."""
    earlier: tuple[datetime, ...] = ()
    """When the buyer's paid orders of the 90 days before were placed, as far as we heard of them
    and may believe that they are the buyer's."""
    namesakes: int = 0
    """How many more there were that have a name in common with this one, and nothing else."""
    is_of_crowd: bool = False
    """Whether the buyer's name is a counter's or a placeholder: see CROWD."""
    is_old_customer: bool | None = False
    """Whether the buyer had ordered before the shop was connected, by an account that a login
    proves; None where no more than the name says so."""

    @property
    def earlier_orders(self) -> int | None:
        """How many the buyer had placed in the 90 days before, at least, or one where the shop had
        known them for longer; None where that cannot be told: of somebody whom nothing is joined
        with, or whose name others have ordered by."""
        if self.earlier:
            return len(self.earlier)
        if self.is_old_customer:
            return 1
        is_certain = self.is_old_customer is not None and not self.namesakes
        return 0 if self.is_joined and is_certain and not self.is_of_crowd else None


def is_believed(now: Testimony, said: Testimony) -> bool:
    """Whether another order of the same name is the same buyer's, as far as we may believe."""
    return now.strength_of(said) not in WEIGHTLESS


def is_crowd(now: Testimony, persons: Sequence[Person]) -> bool:
    """By the orders up to this one: a later one changes nothing of what is known for it."""
    paid = (said for said in _orders_of(persons).values() if said.counts_at(now.placed))
    return sum(is_believed(now, said) for said in paid) > CROWD


def strengths_of(now: Testimony, persons: Sequence[Person]) -> dict[str, Strength]:
    """Clicks that the order does not carry itself, and the strongest that is said of each: at most
    MOST_OF_A_BUYER."""
    told = {} if is_crowd(now, persons) else _told_of(now, persons)
    found: dict[str, Strength] = {
        click: min(map(now.strength_of, said.values()), key=STRENGTHS.index)
        for click, said in told.items()
    }
    found |= dict.fromkeys(_words_on(now, persons), "sure")
    return most_telling(found, now.ids)


def most_telling(known: Mapping[str, S], carried: Collection[str]) -> dict[str, S]:
    """Of clicks, and how well each is known, those that stand beside an order that carries others:
    see MOST_OF_A_BUYER."""
    newest = sorted((each for each in known.items() if each[0] not in carried), reverse=True)
    newest.sort(key=lambda each: each[1] in WEIGHTLESS)
    return dict(newest[:MOST_OF_A_BUYER])


def to_be_disputed(
    now: Testimony, persons: Sequence[Person], strengths: Mapping[str, Strength]
) -> set[str]:
    """The clicks that have weight by the word of orders alone: who else claims them is looked at.
    What the shop itself says, no order can undo."""
    weighty = {click for click, strength in strengths.items() if strength not in WEIGHTLESS}
    return weighty - _words_on(now, persons)


def history_of(
    ref: OrderRef,
    now: Testimony,
    persons: Sequence[Person],
    strengths: Mapping[str, Strength],
    claims: Mapping[str, Sequence[Claim]],
) -> BuyerHistory:
    """`claims` are on the clicks that the order carries, and on those that are to be disputed."""
    evidence = {
        click: "disputed" if _is_disputed(claims.get(click, ()), now) else strength
        for click, strength in strengths.items()
    }
    told, words = _told_of(now, persons), _words_on(now, persons)
    orders = {**_orders_of(persons), ref: now}
    earlier = [each for other, each in orders.items() if _is_earlier(other, each, ref, now)]
    is_of_crowd = is_crowd(now, persons)
    if is_of_crowd:
        earlier = []
    believed = [each.placed for each in earlier if is_believed(now, each)]
    said = set(
        chain.from_iterable((*each.withdrawn, *each.clicks, *each.words) for each in persons)
    )
    return BuyerHistory(
        evidence=evidence,
        backings={
            click: _backing(ref, now, told[click], orders)
            for click, strength in evidence.items()
            if strength not in WEIGHTLESS
            and click not in words
            and _may_be_bought(now, told[click])
        },
        kept=frozenset(click for click in now.ids if _is_kept(ref, now, claims[click])),
        withdrawn=frozenset(said - evidence.keys()),
        earlier=tuple(sorted(believed)),
        namesakes=len(earlier) - len(believed),
        is_of_crowd=is_of_crowd,
        is_old_customer=_is_old_customer(now, persons),
    )


def _is_old_customer(now: Testimony, persons: Sequence[Person]) -> bool | None:
    """`persons` are those of the order's names, in their order."""
    named = dict(zip(now.persons, persons, strict=True))
    known = {
        name
        for name, each in named.items()
        if any(counts_for(at, now.placed) for at in each.ordered_before)
    }
    return now.account in known or (None if known else False)


def _told_of(now: Testimony, persons: Sequence[Person]) -> dict[str, dict[OrderRef, Testimony]]:
    """Click → the orders whose word on it counts for this one."""
    told: dict[str, dict[OrderRef, Testimony]] = defaultdict(dict)
    for click, claims in chain.from_iterable(person.clicks.items() for person in persons):
        for claim in claims:
            if claim.said.counts_at(now.placed):
                told[click][claim.order] = claim.said
    return told


def _words_on(now: Testimony, persons: Sequence[Person]) -> set[str]:
    words = chain.from_iterable(person.words.items() for person in persons)
    return {click for click, since in words if since <= now.placed}


def _orders_of(persons: Sequence[Person]) -> dict[OrderRef, Testimony]:
    return dict(chain.from_iterable(person.orders.items() for person in persons))


def _is_earlier(other: OrderRef, each: Testimony, ref: OrderRef, now: Testimony) -> bool:
    """Whether it was paid for, stands, and was placed before this one, and not long before."""
    is_before = (each.placed, other.pk) < (now.placed, ref.pk)
    return each.since is not None and is_before and now.placed - each.placed <= LOOKS_BACK


def _is_disputed(claims: Iterable[Claim], now: Testimony) -> bool:
    since = disputed_since(claims)
    return since is not None and since <= now.placed


def _may_be_bought(now: Testimony, told: Mapping[OrderRef, Testimony]) -> bool:
    """Whether no order that tells the click is surely the buyer's by login and door both. Of an
    account alone: somebody may have made it in another's name, who takes it over later."""
    believed = [said for said in told.values() if is_believed(now, said)]
    is_sure = any(
        now.strength_of(said) == "sure" and now.door and now.door == said.door for said in believed
    )
    return bool(believed) and not is_sure


def _backing(
    ref: OrderRef,
    now: Testimony,
    told: Mapping[OrderRef, Testimony],
    orders: Mapping[OrderRef, Testimony],
) -> Backing:
    """Of this order's currency alone: what was told in another counts as nothing. Who only types
    the buyer's name adds nothing to what it brought."""
    by = {each: said for each, said in told.items() if is_believed(now, said)}
    first = min(said.since for said in by.values() if said.since)
    alike = {each: said for each, said in orders.items() if said.currency == now.currency}
    brought = [
        said.net
        for each, said in alike.items()
        if each not in by
        and first <= said.placed <= now.placed
        and (each == ref or (said.since and is_believed(now, said)))
    ]
    return Backing(told=sum(alike[each].net for each in by if each in alike), brought=sum(brought))


def _is_kept(ref: OrderRef, now: Testimony, claims: Iterable[Claim]) -> bool:
    first = first_of(claims)
    return first is not None and first.order != ref and now.is_others(first.said)
