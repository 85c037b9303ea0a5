"""Orders that rang in vain: attribution failed at every attempt, or the stream's record was lost.
They are found by when their rows were heard, and by what their credits were computed from.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sharetrail.agenda import jobs, workers
from sharetrail.agenda.job import Job
from sharetrail.attribution import attribute_order, credits
from sharetrail.aws.queues import CHORES
from sharetrail.calendars import HOUR, hour_of, iso, moment
from sharetrail.merchants.profile import Merchant
from sharetrail.orders import order_facts, order_rings
from sharetrail.orders.order_fact import OrderRef

HOURS = 4
"""How many are looked at: what was heard in one is found by two rounds at least, be it marked with
when its message first came out of its queue, nearly three hours before the last attempt at it."""
_FURTHEST = timedelta(days=14)
_ROUND = ("sweep", "heard")


def queue(now: datetime) -> int:
    """Queue the orders that were heard of this hour or in the three before, and in all since the
    last round that came to its end; how many messages those were. Most need nothing, which is seen
    when they are worked off. Whose ring is still under way is attributed twice, to the same end.
    """
    number = workers.queue_all(_heard(_first(now), now), CHORES)
    jobs.note_reached(*_ROUND, iso(hour_of(now)))
    return number


def _first(now: datetime) -> datetime:
    """The hour before the last round's may have gone on during it."""
    usual = now - (HOURS - 1) * HOUR
    reached = jobs.reached(*_ROUND)
    before = moment(reached) - HOUR if reached else usual
    return max(min(usual, before), now - _FURTHEST)


def _heard(first: datetime, last: datetime) -> Iterator[Job]:
    """However many: they are read by a few hours, and a busy one's orders never stand together."""
    begin, last = hour_of(first), hour_of(last)
    while begin <= last:
        end = min(begin + (HOURS - 1) * HOUR, last)
        for pk in order_rings.between(begin, end):
            order = OrderRef.of(pk)
            yield Job(kind="attribute", merchant=order.merchant, about=order.own)
        begin = end + HOUR


def attribute(merchant: Merchant, about: str, now: datetime) -> None:
    """Attribute the order (`shopify#1001`) if it has no credits, or credits of fewer rows than
    there are. One whose sale nobody has told yet has none.
    """
    order = OrderRef.of(f"{merchant.id}#{about}")
    rows = order_facts.rows(order)
    credited = credits.find_in(rows)
    if credited is None or credited.fact_count < attribute_order.row_count(rows):
        attribute_order.refresh(order, now)
