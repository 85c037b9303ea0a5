"""Recomputing an order's credits: what is read for it, and in which order it is written."""

from datetime import datetime

from sharetrail import (
    calendars,
    credits,
    effects,
    fraud,
    influencers,
    ledger,
    marks,
    merchants,
    orders,
    rates,
    stitching,
    touches,
)
from sharetrail.attribution import Rule
from sharetrail.credits import OrderCredits
from sharetrail.items import Item, iso, moment
from sharetrail.ledger import Order
from sharetrail.merchants import Merchant
from sharetrail.orders import OrderRef
from sharetrail.rates import Rate
from sharetrail.stitching import Stitched
from sharetrail.tables import ORDERS
from sharetrail.touches import Resolved

RELEASE = "release"


def refresh(ref: OrderRef, now: datetime) -> OrderCredits | None:
    """Recompute an order's touches and credits from its facts; None before its sale is known."""
    merchant = merchants.find(ref.merchant, now)
    rows = orders.rows(ref)
    order = ledger.fold(orders.facts(rows))
    if order is None:
        return None
    stitched = stitching.stitch(ref, order, rows)
    resolved = _resolve(ref, order, rows, stitched)
    rate = _rate(ref, order, rows, merchant)
    week = calendars.last_full_week(order.placed_at, merchant.tz)
    told = marks.of_week(merchant.id, week) if resolved.touches else {}
    decisions = fraud.judge(
        order,
        resolved.touches,
        fraud.Known(
            people=influencers.people(merchant.id, {t.influencer for t in resolved.touches}),
            marks=told,
            earlier_orders=stitched.earlier_orders,
            released_at=_released_at(rows),
        ),
        merchant.fraud,
    )
    result = credits.compute(
        ref,
        order,
        resolved,
        rule_of(merchant),
        rate=rate,
        decisions=decisions,
        effects=effects.of_networks(merchant.id, week) if resolved.touches else None,
        beside=(rate is not None) + sum(_rings(row) for row in rows),
    )
    credits.save(merchant, ref, result)
    return result


def rule_of(merchant: Merchant) -> Rule:
    """What the merchant chose."""
    return Rule(window_days=merchant.window_days, coupons=merchant.coupons)


def release(ref: OrderRef, now: datetime) -> bool:
    """End the holds on an order; False where they were ended before. The row rings the order."""
    return ORDERS.put_once({"pk": ref.pk, "sk": RELEASE, "at": iso(now)})


def _resolve(ref: OrderRef, order: Order, rows: list[Item], stitched: Stitched) -> Resolved:
    """The order's touches; those that are new are copied beside it."""
    standing = touches.stored(rows)
    resolved = touches.resolve(ref, order, standing, stitched.clicks)
    known = {touch.id for touch in standing}
    for touch in resolved.touches:
        if touch.id not in known:
            touches.save(ref, touch)
    return resolved


def _released_at(rows: list[Item]) -> datetime | None:
    return next((moment(row["at"]) for row in rows if row["sk"] == RELEASE), None)


def _rings(row: Item) -> bool:
    """Whether the row is one that rings the order, and no fact of the shop's or rate."""
    return str(row["sk"]).startswith((RELEASE, stitching.RING))


def _rate(ref: OrderRef, order: Order, rows: list[Item], merchant: Merchant) -> Rate | None:
    """The order's own rate into the merchant's currency; found for the first time, it stays."""
    if order.currency == merchant.currency:
        return None
    standing = rates.fixed(rows, merchant.currency)
    if standing:
        return standing
    day = calendars.local_day(order.placed_at, merchant.tz)
    found = rates.of_day(merchant.id, order.currency, merchant.currency, day)
    if found:
        rates.fix(ref, found)
    return found
