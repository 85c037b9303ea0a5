"""An order's state: a fold over its facts, the same in whatever order they were worked off. Pure.

Facts are sorted by the shop's own times; within one second by when they were sent or reached us.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from sharetrail.clicks.trail import make_trail, read_trail
from sharetrail.orders.money_back import as_sold, take_back
from sharetrail.orders.order_fact import Fact, Refund, Sale

_STATES = ("updated", "snapshot", "restored")
_TURNS = ("cancelled", "deleted", "restored")
_CHECKOUT = timedelta(hours=1)
"""From when a checkout is first told of to when it is ordered by: a guest may log in on the way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """An order before it was converted, and by what."""

    currency: str
    net: int
    refunded: int
    rate: str
    rate_day: date


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an order comes to now. Amounts in minor units of `currency`."""

    sale: Sale
    """As it was told last; but what it says of shares, and of the page its visit began on, is what
    was said first: see _words."""
    placed_at: datetime
    paid_at: datetime | None = None
    fulfilled_at: datetime | None = None
    buyer: tuple[str, ...] = ()
    """All customers and e-mail addresses that were told of it, as hashes."""
    account: str | None = None
    """The customer by whose login it was placed, as a hash: see _account. What `sale.customer` says
    beyond that proves no login."""
    addresses: tuple[str, ...] = ()
    """All delivery addresses that were told of it once it was placed, as hashes."""
    told: Mapping[str, datetime] = field(default_factory=dict)
    """Name, address or click → when it was first told."""
    net: int
    """Net revenue: items after discounts, without tax and shipping, minus refunded items; 0 for a
    cancelled or a test order; never below 0."""
    refunded: int
    """What refunds took from net."""
    refunds: tuple[Refund, ...] = ()
    charged_back: int = 0
    """What disputes that the shop did not win took of the rest."""
    apart: tuple[str, ...] = ()
    """Refunds and disputes in a currency that the order does not know, by id: they took nothing."""
    cancelled_at: datetime | None = None
    fact_count: int
    """How many facts this is the fold of: they only grow, so the larger count is the newer."""
    original: Original | None = None
    """Where it was converted: what it was before."""

    @property
    def currency(self) -> str:
        return self.sale.currency

    @property
    def counts(self) -> bool:
        """Whether it is a sale to report at all: a test order never is."""
        return not self.sale.test


def fold_facts(facts: Iterable[Fact]) -> Order | None:
    """The order's state; None until a fact says what was bought (a refund may come first)."""
    ordered = sorted(facts, key=lambda fact: fact.in_order)
    sales = [fact for fact in ordered if fact.sale and not _is_pending(fact)]
    if not sales:
        return None
    newest = _newest(sales)
    assert newest.sale
    told = [fact.sale for fact in ordered if fact.sale]
    # A checkout that is taken up again keeps its order: what became of it speaks first.
    spoken = [*(fact.sale for fact in sales if fact.sale), *told]
    sale = as_sold(replace(newest.sale, **_words(spoken)), newest, ordered)
    back = take_back(sale, newest, ordered)
    cancelled = _cancelled_at(ordered)
    is_gone = cancelled is not None or sale.test
    return Order(
        sale=sale,
        placed_at=_placed_at(ordered, sales),
        paid_at=_paid_at(ordered),
        fulfilled_at=sale.fulfilled_at or _first_of(ordered, "fulfilled"),
        account=_account(ordered, sales[0]),
        buyer=tuple(sorted({who for each in told for who in each.names})),
        addresses=tuple(
            sorted({fact.sale.address for fact in sales if fact.sale and fact.sale.address})
        ),
        told=_first_told(ordered),
        net=0 if is_gone else sale.net - back.refunded - back.charged_back,
        refunded=back.refunded,
        refunds=back.refunds,
        charged_back=back.charged_back,
        apart=back.apart,
        cancelled_at=cancelled,
        fact_count=len(ordered),
    )


def _is_pending(fact: Fact) -> bool:
    return fact.snapshot is not None and fact.snapshot.state == "pending"


def _placed_at(facts: Sequence[Fact], sales: Sequence[Fact]) -> datetime:
    """When the buyer ordered. An order that was told while nobody had paid or promised to was
    placed when somebody did: a checkout may be left open, and be taken up again."""
    if any(_is_pending(fact) and fact.in_order < sales[0].in_order for fact in facts):
        return min(_paid_at(sales) or sales[0].at, sales[0].at)
    return min((fact.sale and fact.sale.placed_at) or fact.at for fact in sales)


def _first_told(facts: Sequence[Fact]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for fact in facts:
        for word in _who_and_whence(fact.sale) if fact.sale else ():
            first.setdefault(word, fact.at)
    return first


def _who_and_whence(sale: Sale) -> set[str]:
    words = [*sale.names, sale.address, sale.landing_click, *read_trail(sale.trail).ids]
    return {word for word in words if word}


def _account(facts: Sequence[Fact], placed: Fact) -> str | None:
    """The customer whom the first fact of the placed order tells, if a buyer placed it on a page.

    WooCommerce links guests' orders to an account that is made later under their e-mail address, so
    a customer whom later facts alone tell need not have been there. Neither need one whom an export
    tells, for it was written later. A checkout may begin as a guest's and be ordered by after a
    login, within _CHECKOUT: an order that waited for its payment longer, told without a customer,
    may have been linked meanwhile.
    """
    sale = placed.sale
    if sale is None or sale.origin != "page" or placed.source is not None:
        return None
    by_guests = [
        fact.at
        for fact in facts
        if _is_pending(fact) and fact.in_order < placed.in_order and not _customer(fact)
    ]
    is_late = bool(by_guests) and placed.at - min(by_guests) > _CHECKOUT
    return None if is_late else sale.customer


def _customer(fact: Fact) -> str | None:
    return fact.sale.customer if fact.sale else None


def _newest(sales: Sequence[Fact]) -> Fact:
    """The newest state, else the order as placed, else as paid: paying moves no money."""
    states = [fact for fact in sales if fact.kind in _STATES]
    placed = [fact for fact in sales if fact.kind == "placed"]
    return (states[-1:] or placed or sales)[0]


def _words(sales: Sequence[Sale]) -> dict[str, Any]:
    """What the order says of shares: what was said stays said, for an app that writes an order's
    attributes replaces them all.

    The first that says anything (click ids, `none`, `denied`) decides what was said; ids are those
    of all who carry some. Of the visit, and of the page it began on, the first word counts;
    of the buyer the last.
    """
    texts = [sale.trail for sale in sales if sale.trail]
    trails = [read_trail(text) for text in texts]
    spoken = [trail for trail in trails if trail.state != "unreadable"]
    trail = texts[0] if texts else None
    if spoken:
        ids = [click for each in spoken for click in each.ids]
        is_ids = spoken[0].state == "ids"
        trail = ",".join(make_trail(ids).ids) if is_ids else spoken[0].state
    visits = [sale.visit for sale in sales if make_trail([], sale.visit).visit]
    first = {name: _first(getattr(sale, name) for sale in sales) for name in _OF_THE_VISIT}
    buyer = next((sale for sale in reversed(sales) if sale.names), None)
    last = {name: getattr(buyer, name, None) for name in _NAMES}
    address = _first(sale.address for sale in reversed(sales))
    return {"trail": trail, "visit": _first(visits), **first, **last, "address": address}


_OF_THE_VISIT = ("landing_click", "landing_code", "ad", "referrer")
_NAMES = ("customer", "email", "email_as_written")
"""Of one buyer, so of one telling."""


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)


def _paid_at(facts: Sequence[Fact]) -> datetime | None:
    """The first that anybody says so: what is paid back is a refund."""
    told = [fact.sale.paid_at for fact in facts if fact.sale and fact.sale.paid_at]
    paid = _first_of(facts, "paid")
    return min([*told, *([paid] if paid else [])], default=None)


def _first_of(facts: Iterable[Fact], kind: str) -> datetime | None:
    return min((fact.at for fact in facts if fact.kind == kind), default=None)


# ── gone and back ────────────────────────────────────────────────────────────────────────────────
def _cancelled_at(facts: Sequence[Fact]) -> datetime | None:
    """When the shop cancelled or deleted the order, unless it was restored since, or the newest
    snapshot has it neither placed nor paid, unless it was restored after that without one.
    """
    snapshots = [fact for fact in facts if fact.snapshot]
    turns = sorted(
        (f for f in facts if f.kind in _TURNS and not _is_of_before(f, snapshots)),
        # What came in one instant: a shop that restores an order has it again.
        key=lambda fact: (fact.turned_at, fact.kind == "restored", fact.in_order),
    )
    gone = list(takewhile(lambda fact: fact.kind != "restored", reversed(turns)))
    if not snapshots:
        return min((fact.turned_at for fact in gone), default=None)
    newest = snapshots[-1]
    if newest.snapshot and newest.snapshot.state == "placed":
        told = [fact.turned_at for fact in gone if not _is_outlived(fact, newest, snapshots)]
    elif any(fact.kind == "restored" and fact.in_order > newest.in_order for fact in turns):
        told = [fact.turned_at for fact in gone]
    else:
        told = [*(fact.turned_at for fact in gone), newest.at]
    return min(told, default=None)


def _is_of_before(turn: Fact, snapshots: Sequence[Fact]) -> bool:
    """Whether a restoration's body is older than what was known when it came: whoever has an old
    body can send it again under another topic."""
    return turn.snapshot is not None and any(
        turn.at < known.at for known in snapshots if known.heard_at < turn.heard_at
    )


def _is_outlived(gone: Fact, newest: Fact, snapshots: Sequence[Fact]) -> bool:
    """Whether the newest snapshot, which has the order, is of a later time than what took it away.

    A deletion tells no time. What came after it may be a body of before; it is newer if its time is
    later than all that was known when the deletion came.
    """
    if gone.kind == "cancelled":
        return gone.at <= newest.at
    known = [fact.at for fact in snapshots if fact.heard_at < gone.heard_at]
    return newest.heard_at > gone.heard_at and all(newest.at > at for at in known)
