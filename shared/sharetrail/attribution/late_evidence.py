"""What arrives after its order was attributed: a late click, a code's owner, a rate.

A rate that is told late is a fact that rings its orders; orders that wait for a click or an owner
are attributed again by every sweep for two weeks.
"""

from datetime import datetime

from sharetrail import calendars
from sharetrail.attribution import attribute_order, credits
from sharetrail.attribution.credit import PATIENCE, OrderCredits, OrderHead
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import exchange_rates
from sharetrail.orders.exchange_rate import Rate
from sharetrail.orders.order_fact import OrderRef


def tell_rate(merchant: Merchant, rate: Rate, now: datetime) -> int:
    """Keep the rate and store it on the orders of its days that had none; how many those were.

    Each such row rings the orders' stream, which attributes them anew. The same rate again finds
    nothing left to do; an order that is attributed at this moment is found by the next sweep.
    """
    exchange_rates.keep(merchant.id, rate)
    rung = 0
    for each in credits.between(OrderHead, merchant.id, rate.day, rate.day + exchange_rates.HOLDS):
        if each.currency != rate.currency:
            continue
        day = calendars.local_day(each.placed_at, merchant.tz)
        if best := exchange_rates.of_day(merchant.id, rate.currency, merchant.currency, day):
            ref = OrderRef(merchant=merchant.id, platform=each.platform, id=each.order)
            exchange_rates.fix(ref, best, now)
            rung += 1
    return rung


def retry_waiting(merchant: Merchant, now: datetime) -> int:
    """Attribute again the recent orders that wait for a click, a code's owner or a rate; how many
    those were.
    """
    first = calendars.local_day(now - PATIENCE, merchant.tz)
    last = calendars.local_day(now, merchant.tz)
    recent = credits.between(OrderCredits, merchant.id, first, last)
    waiting = [each for each in recent if _waits(each, merchant)]
    for each in waiting:
        ref = OrderRef(merchant=merchant.id, platform=each.platform, id=each.order)
        attribute_order.refresh(ref, now)
    return len(waiting)


def _waits(order: OrderCredits, merchant: Merchant) -> bool:
    is_foreign = order.currency != merchant.currency
    return bool(order.waiting or order.unknown_codes) or is_foreign
