"""Trails across devices: which clicks a buyer is known by from elsewhere, and their other orders.

Table identities: `merchant#person / click#id#platform#order` is evidence of an order's that the
person made the click, `click#id` the shop's own word of it, each `since` a time; `… /
order#platform#id` is an order of theirs. Persons are HMACs (see person_hashes.py). Only signed
webhooks and calls with a secret key write here, and nothing that a publishable key sends is read:
identities move money.

Evidence counts for orders placed at or after its own time. Whoever writes some rings the person's
orders of the 90 days behind it, by a row of the order (`known#…`). An order stands here before it
reads, and evidence before it rings, so of two that meet one sees the other; a row of its own
(`stitched`) says last that it has told all, and what. What an order says may change with its facts:
what it says no more is withdrawn, and stands as withdrawn, since others may have copied it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from sharetrail.attribution.touch import trail_of_order
from sharetrail.aws.items import Item, dump, load
from sharetrail.aws.tables import IDENTITIES, ORDERS
from sharetrail.calendars import iso, moment
from sharetrail.clicks.click import EVENT_LIFETIME
from sharetrail.orders import order_facts
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import OrderRef

RING = "known#"
STITCHED_ROW = "stitched"
RUNG = timedelta(days=90)
LIFETIME = EVENT_LIFETIME
CROWD = 50
"""Who is behind more orders than this in four months is a counter or a placeholder, not a person:
nothing is joined by them."""
_MOST_ROWS = 2_000
_NOT_OLDER = "attribute_not_exists(pk) OR facts <= :facts"
"""What an order says by fewer of its facts never replaces what it says by more."""


@dataclass(frozen=True, kw_only=True)
class BuyerHistory:
    clicks: tuple[str, ...] = ()
    """Clicks of the buyer's that the order does not carry itself."""
    withdrawn: frozenset[str] = frozenset()
    """Clicks that were once said to be theirs, and are no more by anybody."""
    is_joined: bool = True
    """Whether the order is joined with others at all: its shopper may have forbidden it."""
    earlier: tuple[datetime, ...] = ()
    """When the buyer's orders of the 90 days before were placed, as far as we heard of them."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is known of one: click id → since when, and order → when it was placed."""

    clicks: dict[str, datetime]
    orders: dict[OrderRef, datetime]
    withdrawn: set[str]
    own: set[str]
    """Sort keys of what the asking order says itself."""

    @property
    def is_crowd(self) -> bool:
        return len(self.orders) > CROWD

    def later_than(self, at: datetime) -> set[OrderRef]:
        """The orders that evidence of this time counts for and may have come too late for."""
        if self.is_crowd:
            return set()
        return {ref for ref, placed in self.orders.items() if at <= placed <= at + RUNG}


@dataclass(frozen=True, kw_only=True)
class Testimony:
    """What an order says of its buyer."""

    placed: datetime
    persons: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return _digest([iso(self.placed), *self.persons, *self.ids])


def stitch(ref: OrderRef, order: Order, rows: Iterable[Item]) -> BuyerHistory:
    """Tell what the order knows of its buyer, and learn what others know. `rows` are the order's.

    An order whose shopper forbade to be remembered is joined with nothing, and a test is nobody's.
    """
    rows = list(rows)
    now, before = _testimony(order), _told_before(rows)
    is_news = now != before and bool(order.buyer or before)
    if not is_news and _is_nobodys(order):
        return BuyerHistory(is_joined=False)
    if is_news:
        facts = order.fact_count + sum(row["sk"].startswith(order_facts.HEARD) for row in rows)
        _say(ref, now, facts)
    known = {name: _find(ref.merchant, name, ref) for name in order.buyer}
    if is_news:
        known |= _withdraw(ref, now, known, facts)
        _ring_others(ref, now, before, known.values(), facts)
        item = {"pk": ref.pk, "sk": STITCHED_ROW, **dump(now), "facts": facts}
        ORDERS.put_if(item, _NOT_OLDER, facts=facts)
    if _is_nobodys(order):
        return BuyerHistory(is_joined=False)
    return _history(ref, now, [known[name] for name in now.persons if not known[name].is_crowd])


def _testimony(order: Order) -> Testimony:
    trail, _ = trail_of_order(order)
    placed = moment(iso(order.placed_at))
    if _is_nobodys(order):
        return Testimony(placed=placed)
    return Testimony(placed=placed, persons=order.buyer, ids=trail.ids)


def _is_nobodys(order: Order) -> bool:
    trail, _ = trail_of_order(order)
    return trail.state == "denied" or order.sale.test


def _told_before(rows: Iterable[Item]) -> Testimony | None:
    return next((load(Testimony, row) for row in rows if row["sk"] == STITCHED_ROW), None)


def _history(ref: OrderRef, now: Testimony, persons: list[Person]) -> BuyerHistory:
    clicks = chain.from_iterable(person.clicks.items() for person in persons)
    orders = dict(chain.from_iterable(person.orders.items() for person in persons))
    earlier = [
        placed
        for other, placed in orders.items()
        if (placed, other.pk) < (now.placed, ref.pk) and now.placed - placed <= RUNG
    ]
    others = {click for click, since in clicks if since <= now.placed}.difference(now.ids)
    withdrawn = set(chain.from_iterable(person.withdrawn for person in persons))
    return BuyerHistory(
        clicks=tuple(sorted(others)),
        withdrawn=frozenset(withdrawn - others),
        earlier=tuple(sorted(earlier)),
    )


def tell(merchant_id: str, persons: Iterable[str], ids: Iterable[str], at: datetime) -> int:
    """The shop's own word that these are a person's clicks, from a time on; how many of their
    later orders that rang.
    """
    rung: set[OrderRef] = set()
    for person in sorted(persons):
        _testify(merchant_id, person, ids, at)
        found = _find(merchant_id, person)
        rung |= _ring(found.later_than(at), at, f"told#{_digest(ids)}")
    return len(rung)


def _said(ref: OrderRef, now: Testimony) -> dict[str, str]:
    """An order's rows at each of its buyer's names: sort key → what its time is called."""
    if not now.persons:
        return {}
    clicks = {f"click#{click}#{_name(ref)}": "since" for click in now.ids}
    return {f"order#{_name(ref)}": "placed", **clicks}


def _name(ref: OrderRef) -> str:
    return f"{ref.platform}#{ref.id}"


def _say(ref: OrderRef, now: Testimony, facts: int) -> None:
    """The order stands among its buyer's, and its clicks among theirs."""
    for person in now.persons:
        for sk, when in sorted(_said(ref, now).items()):
            _put(ref, person, sk, now.placed, facts, **{when: iso(now.placed)})


def _withdraw(
    ref: OrderRef, now: Testimony, known: Mapping[str, Person], facts: int
) -> dict[str, Person]:
    """What an order ever said of its buyer and says no more, be it in a run that died; and what is
    known without it."""
    anew = {}
    for name, person in known.items():
        for sk in sorted(person.own - _said(ref, now).keys()):
            when = "placed" if sk.startswith("order#") else "since"
            gone = {when: iso(now.placed), "is_withdrawn": True}
            _put(ref, name, sk, now.placed, facts, **gone)
            anew[name] = person
    return {name: _find(ref.merchant, name, ref) for name in anew}


def _put(ref: OrderRef, person: str, sk: str, at: datetime, facts: int, **said: Any) -> None:
    item = _item(ref.merchant, person, sk, at, facts=facts, **said)
    IDENTITIES.put_if(item, _NOT_OLDER, facts=facts)


def _ring_others(
    ref: OrderRef,
    now: Testimony,
    before: Testimony | None,
    persons: Iterable[Person],
    facts: int,
) -> None:
    """Once for each time that it says it, since what was withdrawn may be said again."""
    first = min(now.placed, before.placed if before else now.placed)
    later = {other for person in persons for other in person.later_than(first)}
    _ring(later - {ref}, now.placed, f"{ref.platform}#{ref.id}#{now.digest}#{facts}")


def _testify(merchant_id: str, person: str, ids: Iterable[str], at: datetime) -> None:
    """The shop's word on each click; what stands from an earlier time stays."""
    since = iso(at)
    for click in ids:
        item = _item(merchant_id, person, f"click#{click}", at, since=since)
        IDENTITIES.put_if(item, "attribute_not_exists(pk) OR since > :since", since=since)


def _item(merchant_id: str, person: str, sk: str, at: datetime, **said: Any) -> Item:
    expires = int((at + LIFETIME).timestamp())
    return {"pk": f"{merchant_id}#{person}", "sk": sk, **said, "expires": expires}


def _ring(later: set[OrderRef], at: datetime, name: str) -> set[OrderRef]:
    for ref in later:
        ORDERS.put_once({"pk": ref.pk, "sk": RING + name, "at": iso(at)})
    return later


def _find(merchant_id: str, person: str, asking: OrderRef | None = None) -> Person:
    """What is known of a person, and which of it the asking order says itself. The orders stand
    behind the clicks, and are read first: they say who is a crowd."""
    found = Person(clicks={}, orders={}, withdrawn=set(), own=set())
    rows = IDENTITIES.query(f"{merchant_id}#{person}", backward=True)
    for row in islice(rows, _MOST_ROWS):
        kind, name = row["sk"].split("#", 1)
        click, _, teller = name.partition("#") if kind == "click" else ("", "", name)
        is_withdrawn = row.get("is_withdrawn", False)
        if asking and teller == _name(asking) and not is_withdrawn:
            found.own.add(row["sk"])
        if kind == "order" and not is_withdrawn:
            found.orders[OrderRef.of(f"{merchant_id}#{name}")] = moment(row["placed"])
        elif kind == "click" and is_withdrawn:
            found.withdrawn.add(click)
        elif kind == "click":
            since = moment(row["since"])
            found.clicks[click] = min(since, found.clicks.get(click, since))
    return found


def _digest(ids: Iterable[str]) -> str:
    return hashlib.sha256(",".join(sorted(ids)).encode()).hexdigest()[:12]
