"""What was credited month by month, as the law asks of books, once a shop is erased: amounts and
numbers, and nobody's name or id.

Quarantine bucket: `retained/merchant/time.json`, encrypted under the shop's name, for ten years.
"""

import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.aws import sealed_objects
from sharetrail.calendars import iso

PREFIX = "retained/"
LIFETIME = timedelta(days=3_653)
"""As the template has it: ten years."""


def keep(merchant_id: str, erased_at: datetime) -> str:
    """Where it is. The same again is the same, as long as the orders stand."""
    key = f"{PREFIX}{merchant_id}/{erased_at:%Y-%m-%dT%H%M%S}.json"
    told = {"merchant": merchant_id, "erased_at": iso(erased_at), "months": of_months(merchant_id)}
    sealed_objects.put(merchant_id, key, json.dumps(told).encode())
    return key


def of_months(merchant_id: str) -> list[dict[str, Any]]:
    """By local month and currency, oldest first. Amounts in minor units; credited by the linear
    model, which never overlaps."""
    orders = credits.newest_first(OrderFigures, merchant_id, date.min, date.max)
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for day, order in orders:
        if not order.counts:
            continue
        month = day[: len("2026-12")], order.currency
        lines = order.details.lines("linear")
        sums[month].update(
            orders=1,
            net=order.net,
            credited_orders=int(bool(lines)),
            credited=sum(each.amount for each in lines),
        )
        people[month] |= {each.touch.influencer for each in lines if each.amount}
    return [
        {"month": of[0], "currency": of[1], **sums[of], "influencers": len(people[of])}
        for of in sorted(sums)
    ]
