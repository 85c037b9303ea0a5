"""What of the days' credits is held: each waits for its date, or for the merchant's word."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sharetrail.analysis.period import Period
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderCredits, OrderFigures, is_paid
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef
from sharetrail.report.report import Held, HeldOrder, HeldSum, InfluencerLine

MOST = 100
_WHYS = {
    "last_second": "bought {seconds} {unit} after the click",
    "self_email": "the buyer’s e-mail is theirs",
    "self_customer": "the buyer’s account is theirs",
    "self_address": "it goes to their own address",
    "shared_click": "another buyer’s order carried the same click",
    "thin_evidence": "known from a small order alone",
    "repeat_buyer": "the buyer had ordered before",
}
"""In few words, none of them a stranger's."""


def of_period(period: Period, merchant: Merchant, now: datetime) -> list[HeldOrder]:
    """All that are open now. Credits of nothing are nobody's to decide."""
    orders = [*_open(period.orders, now)]
    withheld = _withheld(orders, merchant, now)
    held = (
        _held(order, decision, withheld.get((order.platform, order.order)))
        for order in orders
        for decision in order.decisions
        if decision.is_open(now)
    )
    return [each for each in held if each.amount > 0]


# ── Listed, and added up ─────────────────────────────────────────────────────────────────────────
def listed(held: Iterable[HeldOrder]) -> tuple[HeldOrder, ...]:
    """What was paid for first, since anybody can place other orders, and of it the largest; where
    they are many, those that wait for a word before those that wait for their date."""
    chosen = sorted(held, key=_urgency)[:MOST]
    return tuple(sorted(chosen, key=lambda each: (not each.is_paid, _size(each))))


def _urgency(held: HeldOrder) -> tuple[object, ...]:
    return not held.is_paid, not held.waits_for_a_word, _size(held)


def add_up(held: Iterable[HeldOrder]) -> Held:
    orders = _by_order(held)
    return Held(
        asking=_sum(each for each in orders if each.is_paid and each.waits_for_a_word),
        waiting=_sum(each for each in orders if each.is_paid and not each.waits_for_a_word),
        unpaid=_sum(each for each in orders if not each.is_paid),
    )


def asking(
    lines: Sequence[InfluencerLine], held: Iterable[HeldOrder]
) -> tuple[InfluencerLine, ...]:
    """The lines with what of theirs waits for a word."""
    theirs = defaultdict(list)
    for each in held:
        if each.is_paid and each.waits_for_a_word:
            theirs[each.influencer].append(each)
    return tuple(replace(line, asking=_sum(_by_order(theirs[line.id]))) for line in lines)


def _by_order(held: Iterable[HeldOrder]) -> list[HeldOrder]:
    """One of each order: several decisions may hold the same money. What waits for a word before
    what waits for its date, and then the largest."""
    first = sorted(held, key=lambda each: (each.waits_for_a_word, each.amount))
    return [*{each.ref: each for each in first}.values()]


def _sum(orders: Iterable[HeldOrder]) -> HeldSum:
    amounts = [each.amount for each in orders]
    return HeldSum(orders=len(amounts), amount=sum(amounts))


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


def _size(held: HeldOrder) -> tuple[int, str, str]:
    return -held.amount, held.ref, held.decision


def _held(order: OrderFigures, decision: Decision, whole: OrderCredits | None) -> HeldOrder:
    whose = decision.influencer or _most_credited(order)
    touches = order.details.touches
    return HeldOrder(
        platform=order.platform,
        order=order.order,
        name=order.name,
        placed_at=order.placed_at,
        influencer=whose,
        influencer_name=next((t.name for t in touches if t.influencer == whose), whose),
        amount=_amount(order, decision, whole),
        decision=decision.id,
        effect=decision.effect,
        sentence=decision.sentence,
        why=why(decision),
        until=decision.until,
        is_paid=is_paid(order),
    )


def _amount(order: OrderFigures, decision: Decision, whole: OrderCredits | None) -> int:
    """What the linear model gives, or would give, to what the decision is about."""
    if decision.removes and whole:
        return whole.credited_without(decision)
    lines = order.details.lines("linear")
    return sum(line.amount for line in lines if decision.is_about(line.touch))


def _most_credited(order: OrderFigures) -> str:
    """Of an order that is held whole: whoever is credited most of it."""
    lines = order.details.lines("linear")
    return max(lines, key=lambda line: line.amount).touch.influencer if lines else ""


def why(decision: Decision) -> str:
    """Why it is held, as the rest of a sentence."""
    seconds = f"{decision.inputs.get('seconds', 0):.0f}"
    unit = "second" if seconds == "1" else "seconds"
    return _WHYS.get(decision.rule, "in doubt").format(seconds=seconds, unit=unit)
