"""What the facts of a shop's newest orders show of its webhooks. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from sharetrail.attribution.credit import OrderFigures
from sharetrail.orders.order_fact import Fact, FactKind, OrderRef

_NEWEST = 6
_CHANGED = 2
"""Orders of which something was taken back, of each way: their topics come seldom."""
_TIMED: tuple[FactKind, ...] = ("placed", "paid", "updated", "snapshot")
"""What a shop tells of the moment it tells it."""


@dataclass(frozen=True, kw_only=True)
class DeliverySight:
    heard: Mapping[tuple[str, FactKind], datetime] = field(default_factory=dict)
    """By shop system and kind of fact: when we heard of one last, among the orders looked into."""
    waits: Mapping[str, Sequence[timedelta]] = field(default_factory=dict)
    """By shop system: from the shop's own time of a fact to when it reached us; negative where the
    shop's clock is ahead."""
    beside: frozenset[str] = frozenset()
    """Shop systems that told of a refund beside another fact, and never by a webhook of its own."""

    def last_heard(self, platform: str) -> datetime | None:
        return max((at for (by, _), at in self.heard.items() if by == platform), default=None)


def telling(orders: Iterable[OrderFigures]) -> list[OrderFigures]:
    """Of a shop's newest orders the few to look into."""
    newest = sorted(orders, key=lambda each: each.placed_at, reverse=True)
    changed = (
        [each for each in newest if each.refunded][:_CHANGED],
        [each for each in newest if each.cancelled][:_CHANGED],
        [each for each in newest if each.charged_back][:_CHANGED],
    )
    found = {(each.platform, each.order): each for each in chain(newest[:_NEWEST], *changed)}
    return list(found.values())


def of(told: Iterable[tuple[OrderRef, Sequence[Fact]]]) -> DeliverySight:
    heard: dict[tuple[str, FactKind], datetime] = {}
    waits: dict[str, list[timedelta]] = {}
    beside, by_itself = set(), set()
    for order, every_fact in told:
        facts = [fact for fact in every_fact if fact.source is None]
        for fact, kind in zip(facts, _kinds(facts), strict=True):
            key = order.platform, kind
            heard[key] = max(heard.get(key, fact.heard_at), fact.heard_at)
            if fact.kind in _TIMED and fact.received:
                waits.setdefault(order.platform, []).append(fact.received - fact.at)
        if any(fact.refunds for fact in facts if fact.kind == "updated"):
            beside.add(order.platform)
        if any(fact.kind == "refund" for fact in facts):
            by_itself.add(order.platform)
    return DeliverySight(heard=heard, waits=waits, beside=frozenset(beside - by_itself))


def _kinds(facts: Sequence[Fact]) -> Iterator[FactKind]:
    """Of whoever tells the whole order each time, what comes after the first is an update."""
    first = min((each.heard_at for each in facts if each.kind == "snapshot"), default=None)
    for fact in facts:
        is_later = first is not None and fact.kind == "snapshot" and fact.heard_at > first
        yield "updated" if is_later else fact.kind
