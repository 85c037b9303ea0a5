"""A rate that is told after its orders were placed is a fact that rings them."""

from sharetrail import calendars, credits, rates
from sharetrail.merchants import Merchant
from sharetrail.orders import OrderRef
from sharetrail.rates import Rate


def tell(merchant: Merchant, rate: Rate) -> int:
    """Keep the rate and store it on the orders of its days that had none; how many those were.

    Each such row rings the orders' stream, which attributes them anew. The same rate again finds
    nothing left to do; an order that is attributed at this moment is found by the next sweep.
    """
    rates.keep(merchant.id, rate)
    rung = 0
    for each in credits.between(merchant.id, rate.day, rate.day + rates.HOLDS):
        if each.currency != rate.currency:
            continue
        day = calendars.local_day(each.placed_at, merchant.tz)
        best = rates.of_day(merchant.id, rate.currency, merchant.currency, day)
        if best:
            ref = OrderRef(merchant=merchant.id, platform=each.platform, id=each.order)
            rates.fix(ref, best)
            rung += 1
    return rung
