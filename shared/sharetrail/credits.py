"""What an order's touches earned. Table orders: `merchant#platform#order / credits`.

A projection of the order's facts and touches under one rule: it holds no clock, and a fold of
fewer facts, or by an older rule, never replaces it. Indexed by merchant and local day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sharetrail import (
    calendars,
    explanations,
    fraud,
    influencers,
    ledger,
    merchants,
    orders,
    rates,
    touches,
)
from sharetrail.attribution import Attribution, Credit, Influence, Model, Rule, attribute
from sharetrail.fraud import Decision, Mark
from sharetrail.items import Item, dump, iso, load, moment
from sharetrail.ledger import Order
from sharetrail.merchants import Merchant
from sharetrail.orders import LineItem, OrderRef
from sharetrail.rates import Rate
from sharetrail.tables import ORDERS, REPORTS
from sharetrail.touches import Resolved
from sharetrail.trails import Said

SK = "credits"
RELEASE = "release"
_NOT_OLDER = (
    "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND version <= :version)"
)


@dataclass(frozen=True, kw_only=True)
class CreditLine:
    touch: str
    influencer: str
    name: str
    network: str
    link: str
    campaign: str = ""
    product: str = ""
    share: float
    amount: int
    marks: tuple[str, ...] = ()
    """The fraud rules that flag or hold it: `hold:self_email`."""
    sentence: str
    human: bool = True
    """Whether the click is among people's clicks in the totals too."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """An order before it was converted, and by what."""

    currency: str
    net: int
    refunded: int
    rate: str
    rate_day: date


@dataclass(frozen=True, kw_only=True)
class OrderCredits:
    """An order as reports see it. Amounts in minor units of `currency`, the merchant's own; where
    no rate is known, the order's."""

    platform: str
    order: str
    name: str
    placed_at: datetime
    currency: str
    net: int
    refunded: int
    charged_back: int = 0
    original: Original | None = None
    apart: tuple[str, ...] = ()
    """Refunds and disputes in another currency than the order's, by id: they took nothing."""
    cancelled: bool = False
    counts: bool = True
    """False for a test order."""
    lines: tuple[LineItem, ...] = ()
    influence: Influence
    models: dict[str, tuple[CreditLine, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """A sentence for each touch that did not count."""
    why: str | None = None
    """Why there is no credit at all; None where there is."""
    said: Said
    waiting: tuple[str, ...] = ()
    """Click ids that may still arrive; sweep asks again for two weeks."""
    unknown_codes: tuple[str, ...] = ()
    """Coupon codes that were nobody's."""
    decisions: tuple[Decision, ...] = ()
    """What the fraud rules say, in words."""
    facts: int
    """How many facts and touches this was computed from."""
    version: str
    rule: str
    """The rule's version and hash."""

    def by(self, model: Model) -> tuple[CreditLine, ...]:
        return self.models.get(model, ())


def refresh(ref: OrderRef, now: datetime) -> OrderCredits | None:
    """Recompute an order's touches and credits from its facts; None before its sale is known."""
    merchant = merchants.find(ref.merchant, now)
    rows = orders.rows(ref)
    order = ledger.fold(orders.facts(rows))
    if order is None:
        return None
    standing = touches.stored(rows)
    resolved = touches.resolve(ref, order, standing)
    known = {touch.id for touch in standing}
    for touch in resolved.touches:
        if touch.id not in known:
            touches.save(ref, touch)
    rate = _rate(ref, order, rows, merchant)
    beside = _beside(order, resolved, rows, merchant)
    decisions = fraud.judge(order, resolved.touches, beside, merchant.fraud)
    result = compute(ref, order, resolved, rule_of(merchant), rate, decisions)
    _save(merchant, ref, result)
    return result


def rule_of(merchant: Merchant) -> Rule:
    """What the merchant chose."""
    return Rule(window_days=merchant.window_days, coupons=merchant.coupons)


def _beside(order: Order, resolved: Resolved, rows: list[Item], merchant: Merchant) -> fraud.Known:
    """What the fraud rules have to know beside the order and its touches."""
    sharers = {touch.influencer for touch in resolved.touches}
    if not sharers:
        return fraud.Known()
    week = calendars.last_full_week(order.placed_at, merchant.tz)
    told = (REPORTS.get(merchant.id, fraud.marks_key(week.first)) or {}).get("marks", {})
    released = next((moment(row["at"]) for row in rows if row["sk"] == RELEASE), None)
    return fraud.Known(
        people=influencers.people(merchant.id, sharers),
        marks={each: tuple(load(Mark, mark) for mark in told.get(each, ())) for each in sharers},
        released_at=released,
    )


def release(ref: OrderRef, now: datetime) -> bool:
    """End the holds on an order; False where they were ended before. The row rings the order."""
    return ORDERS.put_once({"pk": ref.pk, "sk": RELEASE, "at": iso(now)})


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


def compute(
    ref: OrderRef,
    order: Order,
    resolved: Resolved,
    rule: Rule,
    rate: Rate | None = None,
    decisions: tuple[Decision, ...] = (),
) -> OrderCredits:
    """Pure: the credits of an order under a rule, converted once where there is a rate, without
    the touches that were rejected.
    """
    original = _original(order, rate) if rate else None
    order = rates.converted(order, rate) if rate else order
    trail, _ = touches.trail_of(order)
    rejected = [d for d in decisions if d.effect == "reject"]
    eligible = [t for t in resolved.touches if not any(d.is_about(t) for d in rejected)]
    found = attribute(order, eligible, trail.visit, rule)
    left_out = [
        *(explanations.left_out(each, order.placed_at, rule) for each in found.excluded),
        *(decision.sentence for decision in rejected),
    ]
    why = explanations.no_credit(trail.said, len(resolved.waiting), len(left_out), not order.counts)
    return OrderCredits(
        platform=ref.platform,
        order=ref.id,
        name=order.sale.name,
        placed_at=order.placed_at,
        currency=order.currency,
        net=order.net,
        refunded=order.refunded,
        charged_back=order.charged_back,
        original=original,
        apart=order.apart,
        cancelled=order.cancelled_at is not None,
        counts=order.counts,
        lines=order.lines,
        influence=found.influence,
        models={
            model: _lines(found, model, order, decisions)
            for model in found.credits
            if found.counted
        },
        left_out=tuple(left_out),
        why=None if found.counted and order.counts else why,
        said=trail.said,
        waiting=resolved.waiting,
        unknown_codes=resolved.unknown_codes,
        decisions=decisions,
        facts=order.facts + len(resolved.touches) + (rate is not None) + _releases(decisions),
        version=rule.version,
        rule=f"{rule.version}#{rule.hash}",
    )


def _original(order: Order, rate: Rate) -> Original:
    return Original(
        currency=order.currency,
        net=order.net,
        refunded=order.refunded,
        rate=rate.rate,
        rate_day=rate.day,
    )


def _releases(decisions: tuple[Decision, ...]) -> int:
    return any(decision.released_at for decision in decisions)


def _lines(
    found: Attribution, model: Model, order: Order, decisions: tuple[Decision, ...]
) -> tuple[CreditLine, ...]:
    given = found.credits[model]
    places = [explanations.place_of(index, len(given)) for index in range(len(given))]
    return tuple(
        _line(credit, place, model, order, decisions)
        for credit, place in zip(given, places, strict=True)
    )


def _line(
    credit: Credit, place: str, model: Model, order: Order, decisions: tuple[Decision, ...]
) -> CreditLine:
    touch = credit.touch
    marking = [d for d in decisions if d.effect in ("flag", "hold") and d.is_about(touch)]
    return CreditLine(
        touch=touch.id,
        influencer=touch.influencer,
        name=touch.name,
        network=touch.network,
        link=touch.link,
        campaign=touch.campaign,
        product=touch.product,
        share=credit.share,
        amount=credit.amount,
        marks=tuple(dict.fromkeys(f"{each.effect}:{each.rule}" for each in marking)),
        human=touch.verdict == "human" and touch.evidence in ("trail", "landing"),
        sentence=explanations.credit(touch, credit.share, place, model, order.placed_at),
    )


def _save(merchant: Merchant, ref: OrderRef, result: OrderCredits) -> None:
    day = calendars.local_day(result.placed_at, merchant.tz)
    item = {
        "pk": ref.pk,
        "sk": SK,
        "owner": ref.merchant,
        "day": f"{day}#{ref.platform}#{ref.id}",
        **dump(result),
        "counts": result.counts,
        "net": result.net,
    }
    ORDERS.put_if(item, _NOT_OLDER, facts=result.facts, version=result.version)


def find_in(rows: list[Item]) -> OrderCredits | None:
    """The credits among an order's rows; None before they are computed."""
    return next((load(OrderCredits, row) for row in rows if row["sk"] == SK), None)


def between(merchant_id: str, first: date, last: date) -> Iterator[OrderCredits]:
    """The credits of orders placed on these local days, both ends included."""
    days = (first.isoformat(), f"{last}~")
    rows = ORDERS.query_index("credits", ("owner", "day"), merchant_id, between=days)
    return (load(OrderCredits, row) for row in rows)
