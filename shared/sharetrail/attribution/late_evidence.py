"""What arrives after its order was attributed: a late click, a code's owner, a rate.

A rate that is told late is a fact that rings its orders. An order that waits for a click is due
again by itself, ever more seldom, as attribute_order.refresh notes; those of two weeks that lack an
owner or a rate are once one is told. What is told while an order is attributed finds it nowhere
yet: so that one is asked once more by itself.
"""

from collections.abc import Iterator
from datetime import datetime

from sharetrail import calendars
from sharetrail.agenda import jobs, workers
from sharetrail.agenda.job import ALL, Job
from sharetrail.attribution import attribute_order, credits
from sharetrail.attribution.credit import PATIENCE, OrderCredits, OrderHead
from sharetrail.aws.queues import CHORES
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import exchange_rates
from sharetrail.orders.exchange_rate import Rate
from sharetrail.orders.order_fact import OrderRef
from sharetrail.sharing import coupon_codes
from sharetrail.sharing.coupon_codes import Ownership


def tell_owner(merchant: Merchant, ownership: Ownership, now: datetime) -> None:
    """Keep whose a code is; orders that used it while it was nobody's follow within the hour."""
    coupon_codes.give(merchant.id, ownership)
    ask_again(merchant, now)


def tell_rate(merchant: Merchant, rate: Rate, now: datetime) -> int:
    """Keep the rate and store it on the orders of its days that had none; how many those were.

    Each such row rings the orders' stream, which attributes them anew. The same rate again finds
    nothing left to do; an order that is attributed at this moment follows within the hour.
    """
    exchange_rates.keep(merchant.id, rate)
    ask_again(merchant, now)
    rung = 0
    for each in credits.between(OrderHead, merchant.id, rate.day, rate.day + exchange_rates.HOLDS):
        if each.currency != rate.currency:
            continue
        day = calendars.local_day(each.placed_at, merchant.tz)
        if best := exchange_rates.of_day(merchant.id, rate.currency, merchant.currency, day):
            exchange_rates.fix(_ref(merchant, each), best, now)
            rung += 1
    return rung


def ask_again(merchant: Merchant, at: datetime) -> None:
    """All recent orders that lack something are attributed again, within the hour of `at`."""
    jobs.note(Job(kind="retry", merchant=merchant.id, about=ALL), at)


def retry(merchant: Merchant, about: str, now: datetime) -> None:
    """Attribute an order again (`shopify#1001`); or queue all recent ones that lack something."""
    if about == ALL:
        workers.queue_all(_lacking(merchant, now), CHORES)
    else:
        attribute_order.refresh(OrderRef.of(f"{merchant.id}#{about}"), now)


def _lacking(merchant: Merchant, now: datetime) -> Iterator[Job]:
    first = calendars.local_day(now - PATIENCE, merchant.tz)
    last = calendars.local_day(now + PATIENCE, merchant.tz)  # a shop may date orders ahead
    for order in credits.between(OrderCredits, merchant.id, first, last):
        if order.lacks_click or attribute_order.lacks_word(merchant, order):
            yield Job(kind="retry", merchant=merchant.id, about=_ref(merchant, order).own)


def _ref(merchant: Merchant, order: OrderHead) -> OrderRef:
    return OrderRef(merchant=merchant.id, platform=order.platform, id=order.order)
