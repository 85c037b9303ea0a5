"""An order of the export as facts, as if its webhooks had come. Pure."""

from dataclasses import replace
from datetime import datetime

from sharetrail.orders.order_fact import Fact, Refund
from sharetrail.reconciliation.export_row import ExportedOrder

SOURCE = "export"
"""The id of the sum of refunds that an export told."""


def facts_of(
    exported: ExportedOrder, now: datetime, customer: str | None = None, email: str | None = None
) -> list[Fact]:
    """A missing order as facts, in the order in which they are to be written: its sale comes last,
    since until that stands the order is still missing.

    - `placed`, at the order's own time. A webhook that tells it later is the same fact, and the
      first stands. `orders/paid` adds a fact and moves no money, since what was placed goes before
      what was paid. `orders/updated` and WooCommerce's snapshots are newer states of the order and
      take its place, be they told before or after.
    - `cancelled`, at the time the export names, or the order's where it names none. A webhook that
      tells it is the same fact.
    - a `refund` of all that went back, as of `now`. A webhook that tells one of these refunds later
      counts within the sum, and one of a later refund on top of it.
    """
    told: list[Fact] = []
    if exported.refunded:
        telling = f"{now:%Y%m%dT%H%M%S}"
        whole = Refund(id=SOURCE, amount=exported.refunded, telling=telling, sum=True)
        told.append(Fact(kind="refund", at=now, refund=whole))
    at = exported.placed_at
    if exported.state == "cancelled":
        told.append(Fact(kind="cancelled", at=exported.cancelled_at or at))
    sale = replace(exported.sale, placed_at=at, customer=customer, email=email)
    return [*told, Fact(kind="placed", at=at, sale=sale)]
