"""What of the days' credits is held: each waits for its date, or for the merchant's word."""

from collections.abc import Iterable
from datetime import datetime
from heapq import nlargest

from sharetrail.analysis.period import Period
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderCredits, OrderFigures
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import OrderRef
from sharetrail.report.report import HeldOrder

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


def of_period(period: Period, merchant: Merchant, now: datetime) -> tuple[HeldOrder, ...]:
    """Those that are open now, largest first; where they are many, those of the largest orders, and
    what waits for a word before what waits for its date. Credits of nothing are nobody's to decide.
    """
    chosen = nlargest(MOST, _open(period.orders, now), key=lambda order: _urgency(order, now))
    refs = [OrderRef(merchant=merchant.id, platform=o.platform, id=o.order) for o in chosen]
    held = (each for order in credits.find_all(refs).values() for each in of_order(order, now))
    return tuple(sorted(held, key=_size)[:MOST])


def of_order(order: OrderCredits, now: datetime) -> tuple[HeldOrder, ...]:
    """A line for each of its decisions that is open."""
    decisions = [each for each in order.decisions if each.is_open(now)]
    asks, waits = _in_all(order, decisions)
    held = (_held(order, each, asks, waits) for each in decisions)
    return tuple(each for each in held if each.amount > 0)


def count_own(period: Period) -> int:
    """Orders of which a login proves that an influencer bought them by their own link."""
    return sum(any(each.effect == "reject" for each in o.decisions) for o in period.orders)


def _open(orders: Iterable[OrderFigures], now: datetime) -> Iterable[OrderFigures]:
    standing = (order for order in orders if order.net > 0 and order.decisions)
    return (order for order in standing if any(each.is_open(now) for each in order.decisions))


def _urgency(order: OrderFigures, now: datetime) -> tuple[bool, int]:
    asks = any(each.is_open(now) and each.effect != "wait" for each in order.decisions)
    return asks, order.net


def _size(held: HeldOrder) -> tuple[int, str, str]:
    return -held.amount, held.ref, held.decision


def _in_all(order: OrderCredits, decisions: Iterable[Decision]) -> tuple[int, int]:
    """What of the order waits for a word, and what else for its date. Each touch's credit is in one
    of them, however many decisions it waits for."""
    asking = [each for each in decisions if each.effect != "wait"]
    waits = [each for each in decisions if each.effect == "wait"]
    asks, rest = 0, 0
    for line in order.lines_without(*(each for each in asking if each.effect == "withhold")):
        if any(each.is_about(line.touch) for each in asking):
            asks += line.amount
        elif any(each.is_about(line.touch) for each in waits):
            rest += line.amount
    return asks, rest


def _held(order: OrderCredits, decision: Decision, asks: int, waits: int) -> HeldOrder:
    whose, touches = decision.influencer or "", order.details.touches
    return HeldOrder(
        platform=order.platform,
        order=order.order,
        name=order.name,
        placed_at=order.placed_at,
        influencer=whose,
        influencer_name=next((t.name for t in touches if t.influencer == whose), whose),
        amount=order.credited_without(decision),
        order_asks=asks,
        order_waits=waits,
        decision=decision.id,
        effect=decision.effect,
        sentence=decision.sentence,
        why=why(decision),
        until=decision.until,
    )


def why(decision: Decision) -> str:
    """Why it is held, as the rest of a sentence."""
    seconds = f"{decision.inputs.get('seconds', 0):.0f}"
    unit = "second" if seconds == "1" else "seconds"
    return _WHYS.get(decision.rule, "in doubt").format(seconds=seconds, unit=unit)
