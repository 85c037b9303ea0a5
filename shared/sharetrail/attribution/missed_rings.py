"""Orders that rang in vain: attribution failed at every attempt, and the stream's record was given
up. They are found by when their rows were heard, and by what their credits were computed from.
"""

from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import zip_longest

from aws_lambda_powertools import Logger

from sharetrail.attribution import attribute_order, credits
from sharetrail.orders import order_facts, order_rings
from sharetrail.orders.order_fact import OrderRef

_AT_ONCE = 8
_MOST_NAMED = 20
log = Logger()


class StillUncredited(Exception):
    """Some orders could not be attributed; the others are. The next hourly run tries again."""


def heal(now: datetime) -> int:
    """Attribute the orders that were heard of this hour or the two before, and have no credits or
    credits of fewer rows than there are; how many those were. StillUncredited, at the end, naming
    those that failed.

    Whose ring is still under way is attributed twice, to the same end.
    """
    orders = in_turns(map(OrderRef.of, order_rings.lately(now)))
    failed = []

    def attribute(order: OrderRef) -> bool:
        try:
            return _attribute(order, now)
        except Exception:  # reported below: one must not keep the others waiting
            log.exception("an order could not be attributed", order=order.pk)
            failed.append(order.pk)
            return False

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        healed = sum(pool.map(attribute, orders))
    if failed:
        named = ", ".join(sorted(failed)[:_MOST_NAMED])
        raise StillUncredited(f"{len(failed)} orders: {named}")
    return healed


def in_turns(orders: Iterable[OrderRef]) -> list[OrderRef]:
    """One of each merchant, then another one of each: who has many keeps nobody waiting."""
    by_merchant: dict[str, list[OrderRef]] = defaultdict(list)
    for order in sorted(orders, key=lambda each: each.pk):
        by_merchant[order.merchant].append(order)
    turns = zip_longest(*by_merchant.values())
    return [order for turn in turns for order in turn if order]


def _attribute(order: OrderRef, now: datetime) -> bool:
    """Whether there was anything to do. An order whose sale nobody has told yet has no credits."""
    rows = order_facts.rows(order)
    credited = credits.find_in(rows)
    if credited and credited.fact_count >= attribute_order.row_count(rows):
        return False
    return attribute_order.refresh(order, now) is not None
