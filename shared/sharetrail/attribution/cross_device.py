"""Trails across devices: which clicks a buyer is known by from elsewhere, and their other orders.

Table identities: `merchant#person / click#id` is evidence that the person made the click, `since` a
time, and `… / order#platform#id` an order of theirs. Persons are HMACs (see
person_hashes.py). Only signed webhooks and calls with a secret key write here, and nothing that a
publishable key sends is read: identities move money.

Evidence counts for orders placed at or after its own time. Whoever writes some rings the person's
orders of the 90 days behind it, by a row of the order (`known#…`). An order stands here before it
reads, and evidence before it rings, so of two that meet one sees the other; a row of its own
(`stitched`) says last that it has told all, and what.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from sharetrail.attribution.touch import trail_of_order
from sharetrail.aws.items import Item
from sharetrail.aws.tables import IDENTITIES, ORDERS
from sharetrail.calendars import iso, moment
from sharetrail.clicks.click import EVENT_LIFETIME
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


@dataclass(frozen=True, kw_only=True)
class BuyerHistory:
    clicks: tuple[str, ...] = ()
    """Clicks of the buyer's that the order does not carry itself."""
    earlier_orders: int = 0
    """How many orders of theirs were placed in the 90 days before, as far as we heard of them."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is known of one: click id → since when, and order → when it was placed."""

    clicks: dict[str, datetime]
    orders: dict[OrderRef, datetime]

    @property
    def is_crowd(self) -> bool:
        return len(self.orders) > CROWD

    def later_than(self, at: datetime) -> set[OrderRef]:
        """The orders that evidence of this time counts for and may have come too late for."""
        if self.is_crowd:
            return set()
        return {ref for ref, placed in self.orders.items() if at <= placed <= at + RUNG}


def stitch(ref: OrderRef, order: Order, rows: Iterable[Item]) -> BuyerHistory:
    """Tell what the order knows of its buyer, and learn what others know. `rows` are the order's.

    An order whose shopper forbade to be remembered is joined with nothing, and a test is nobody's.
    """
    trail, _ = trail_of_order(order)
    if trail.state == "denied" or order.sale.test:
        return BuyerHistory()
    placed_at = moment(iso(order.placed_at))
    names = sorted(name for name in {order.sale.customer, order.sale.email} if name)
    digest = _digest([iso(placed_at), *names, *trail.ids])
    is_told = any(row["sk"] == STITCHED_ROW and row["digest"] == digest for row in rows)
    if not is_told:
        for name in names:
            _introduce(ref, name, placed_at, trail.ids)
    known = [_find(ref.merchant, name) for name in names]
    persons = [person for person in known if not person.is_crowd]
    if names and not is_told:
        later = {other for person in persons for other in person.later_than(placed_at)}
        _ring(later - {ref}, placed_at, f"{ref.platform}#{ref.id}#{digest}")
        ORDERS.put({"pk": ref.pk, "sk": STITCHED_ROW, "digest": digest})
    clicks = chain.from_iterable(person.clicks.items() for person in persons)
    orders = chain.from_iterable(person.orders.items() for person in persons)
    others = {click for click, since in clicks if since <= placed_at}.difference(trail.ids)
    earlier = {
        other
        for other, placed in orders
        if (placed, other.pk) < (placed_at, ref.pk) and placed_at - placed <= RUNG
    }
    return BuyerHistory(clicks=tuple(sorted(others)), earlier_orders=len(earlier))


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


def _introduce(ref: OrderRef, person: str, placed_at: datetime, ids: tuple[str, ...]) -> None:
    """The order stands among its buyer's, and its clicks among theirs."""
    sk = f"order#{ref.platform}#{ref.id}"
    IDENTITIES.put(_item(ref.merchant, person, sk, placed_at, placed=iso(placed_at)))
    _testify(ref.merchant, person, ids, placed_at)


def _testify(merchant_id: str, person: str, ids: Iterable[str], at: datetime) -> None:
    """Evidence of each click; what stands from an earlier time stays."""
    since = iso(at)
    for click in ids:
        item = _item(merchant_id, person, f"click#{click}", at, since=since)
        IDENTITIES.put_if(item, "attribute_not_exists(pk) OR since > :since", since=since)


def _item(merchant_id: str, person: str, sk: str, at: datetime, **said: str) -> Item:
    expires = int((at + LIFETIME).timestamp())
    return {"pk": f"{merchant_id}#{person}", "sk": sk, **said, "expires": expires}


def _ring(later: set[OrderRef], at: datetime, name: str) -> set[OrderRef]:
    for ref in later:
        ORDERS.put_once({"pk": ref.pk, "sk": RING + name, "at": iso(at)})
    return later


def _find(merchant_id: str, person: str) -> Person:
    found = Person(clicks={}, orders={})
    for row in islice(IDENTITIES.query(f"{merchant_id}#{person}"), _MOST_ROWS):
        kind, name = row["sk"].split("#", 1)
        if kind == "click":
            found.clicks[name] = moment(row["since"])
        else:
            found.orders[OrderRef.of(f"{merchant_id}#{name}")] = moment(row["placed"])
    return found


def _digest(ids: Iterable[str]) -> str:
    return hashlib.sha256(",".join(sorted(ids)).encode()).hexdigest()[:12]
