"""What each order came to when a report was kept: beside its snapshot, so that what has changed
since can be told order by order.

Reports bucket: `sent-orders/merchant/first day/hash`, a row an order, squeezed.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

from sharetrail import packing
from sharetrail.attribution import credits
from sharetrail.attribution.credit import OrderHead
from sharetrail.attribution.models import Influence
from sharetrail.aws import clients, environment, hashed_objects
from sharetrail.report.keeping.sent_order import SentOrder
from sharetrail.report.report import Report
from sharetrail.report.span import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class InfluencedOrder(OrderHead):
    influence: Influence


def keep(report: Report) -> str:
    """The hash of what its orders come to now; they are read again for it, so one that changes in
    between is told as changed. Empty where there are none."""
    if not report.earned.all_orders and not report.other_currencies:
        return ""
    orders = as_of_now(report.merchant, report.span, report.currency)
    key_of = partial(_key, report.merchant, report.first)
    body = packing.squeeze(sorted(map(list, orders)))
    return hashed_objects.put(key_of, body, "application/zlib")


def as_of_now(merchant_id: str, span: Span, currency: str) -> list[SentOrder]:
    """The sales of the days, as they stand beside a report in this currency."""
    orders = credits.between(InfluencedOrder, merchant_id, span.first, span.last)
    return [_as_sent(each, currency) for each in orders if each.counts]


def _as_sent(order: InfluencedOrder, currency: str) -> SentOrder:
    return SentOrder(
        order.platform,
        order.order,
        order.name,
        order.net,
        order.influence,
        "" if order.currency == currency else order.currency,
    )


def read(merchant_id: str, first: date, digest: str) -> list[SentOrder] | None:
    """None where they are no longer kept: the template lets them expire after 13 months."""
    if not digest:
        return []
    s3, key = clients.s3(), _key(merchant_id, first, digest)
    try:
        kept = s3.get_object(Bucket=environment.reports_bucket(), Key=key)
    except s3.exceptions.NoSuchKey:
        return None
    return [SentOrder(*row) for row in packing.unpack(kept["Body"].read())]


def _key(merchant_id: str, first: date, digest: str) -> str:
    return f"sent-orders/{merchant_id}/{first}/{digest}"
