"""What of the days' credits is held: each waits for its date, or for the merchant's word."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sharetrail import calendars
from sharetrail.analysis.period import Period
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderCredits, OrderFigures, is_paid
from sharetrail.attribution.fraud_rules import DOUBTED
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef
from sharetrail.report import held_parts
from sharetrail.report.held import Held, HeldOrder, HeldSum, OlderHeld
from sharetrail.report.lines import InfluencerLine
from sharetrail.report.span import Span

MOST, MOST_OLDER = 100, 3
"""Orders that are listed of the days, and of those before them."""
PAGES_OF_MAIL, PAGES_OF_PAGE = 40, 2
"""Megabytes of older orders that are looked through: for a mail some 25,000 of them, in a second or
two; fewer for whoever looks, as often as they like."""


def of_period(period: Period, merchant: Merchant, now: datetime) -> list[HeldOrder]:
    """All that are open now. Credits of nothing are nobody's to decide."""
    return _of_orders(period.orders, merchant, now)


def count_foreign(period: Period, merchant: Merchant, now: datetime) -> int:
    """Orders in other currencies that wait for a word."""
    return len(_asks(period.foreign, merchant, now))


def older(merchant: Merchant, days: Span, now: datetime, most_pages: int) -> OlderHeld:
    """Of all orders from before the days that can wait still; of no more than so many megabytes of
    them, the newest."""
    first = calendars.local_day(now, merchant.tz) - DOUBTED
    last = days.first - calendars.DAY
    if first > last:
        return OlderHeld()
    judged, are_all = credits.judged(OrderFigures, merchant.id, first, last, most_pages)
    sales = [each for each in judged if each.counts]
    own = [each for each in sales if each.currency == merchant.currency]
    foreign = [each for each in sales if each.currency != merchant.currency]
    asks = _asks(own, merchant, now)
    return OlderHeld(
        asking=_sum(each.asks for each in asks),
        are_more=not are_all,
        listed=tuple(asks[:MOST_OLDER]),
        foreign=len(_asks(foreign, merchant, now)),
    )


def _asks(orders: Iterable[OrderFigures], merchant: Merchant, now: datetime) -> list[HeldOrder]:
    """One of each order that was paid for and waits for a word, the largest first."""
    held = _by_order(_of_orders(filter(is_paid, orders), merchant, now))
    return sorted((each for each in held if each.asks > 0), key=_whole_size)


def _of_orders(
    orders: Iterable[OrderFigures], merchant: Merchant, now: datetime
) -> list[HeldOrder]:
    orders = [*_open(orders, now)]
    withheld = _withheld(orders, merchant, now)
    found = (
        held_parts.of_order(each, withheld.get((each.platform, each.order)), now) for each in orders
    )
    return [held for parts in found for held in parts]


# ── Listed, and added up ─────────────────────────────────────────────────────────────────────────
def listed(held: Iterable[HeldOrder]) -> tuple[HeldOrder, ...]:
    """What was paid for first, since anybody can place other orders, and of it the largest; where
    they are many, those that wait for a word before those that wait for their date."""
    chosen = sorted(held, key=_urgency)[:MOST]
    return tuple(sorted(chosen, key=lambda each: (not each.is_paid, _size(each))))


def _urgency(held: HeldOrder) -> tuple[object, ...]:
    return not held.is_paid, not held.waits_for_a_word, _size(held)


def add_up(held: Iterable[HeldOrder], foreign: int = 0) -> Held:
    """Of each order what waits for a word and what else waits for its date, once each; and how many
    wait in other currencies."""
    orders = _by_order(held)
    paid = [each for each in orders if each.is_paid]
    return Held(
        orders=len(orders),
        asking=_sum(each.asks for each in paid),
        waiting=_sum(each.waits for each in paid),
        unpaid=_sum(each.in_all for each in orders if not each.is_paid),
        foreign=foreign,
    )


def asking(
    lines: Sequence[InfluencerLine], held: Iterable[HeldOrder]
) -> tuple[InfluencerLine, ...]:
    """The lines with what of theirs waits for a word."""
    theirs: dict[str, Counter[str]] = defaultdict(Counter)
    for each in held:
        if each.is_paid and each.waits_for_a_word:
            theirs[each.influencer][each.ref] += each.amount
    sums = {who: _sum(orders.values()) for who, orders in theirs.items()}
    return tuple(replace(line, asking=sums.get(line.id, HeldSum())) for line in lines)


def _by_order(held: Iterable[HeldOrder]) -> list[HeldOrder]:
    """A part of each order: of those that wait for a word the largest, or else of the others."""
    first = sorted(held, key=lambda each: (each.waits_for_a_word, each.amount))
    return [*{each.ref: each for each in first}.values()]


def _sum(amounts: Iterable[int]) -> HeldSum:
    some = [each for each in amounts if each > 0]
    return HeldSum(orders=len(some), amount=sum(some))


def count_own(period: Period) -> int:
    """Orders of which a login proves that an influencer bought them by their own link."""
    return sum(any(each.effect == "reject" for each in o.decisions) for o in period.orders)


# ── Each ─────────────────────────────────────────────────────────────────────────────────────────
def _open(orders: Iterable[OrderFigures], now: datetime) -> Iterator[OrderFigures]:
    standing = (order for order in orders if order.net > 0 and order.decisions)
    return (order for order in standing if any(each.is_open(now) for each in order.decisions))


def _withheld(
    orders: Iterable[OrderFigures], merchant: Merchant, now: datetime
) -> dict[tuple[str, str], OrderCredits]:
    """All that is known of those of which something is withheld: what it would be is worked out."""
    refs = [
        OrderRef(merchant=merchant.id, platform=order.platform, id=order.order)
        for order in orders
        if any(each.removes and each.is_open(now) for each in order.decisions)
    ]
    return {(ref.platform, ref.id): found for ref, found in credits.find_all(refs).items()}


def _whole_size(held: HeldOrder) -> tuple[int, str]:
    return -held.asks, held.ref


def _size(held: HeldOrder) -> tuple[int, str, str]:
    return -held.amount, held.ref, held.decision
