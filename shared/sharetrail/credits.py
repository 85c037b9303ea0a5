"""What an order's touches earned. Table orders: `merchant#platform#order / credits`.

A projection of the order's facts and touches under one rule: it holds no clock, and a fold of
fewer facts, or by an older rule, never replaces it. Indexed by merchant and local day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime

from sharetrail import calendars, packing, rates, touches
from sharetrail.attribution import Excluded, Influence, Journey, Model, Rule, attribute
from sharetrail.fraud import Decision
from sharetrail.items import Item, dump, load
from sharetrail.ledger import Order
from sharetrail.merchants import Merchant
from sharetrail.orders import OrderRef
from sharetrail.packing import Details
from sharetrail.rates import Rate
from sharetrail.tables import ORDERS
from sharetrail.touches import Resolved, Touch
from sharetrail.trails import Said

SK = "credits"
_NOT_OLDER = (
    "attribute_not_exists(pk) OR facts < :facts OR (facts = :facts AND version <= :version)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditLine:
    """A touch's part of an order by one model."""

    touch: Touch
    share: float
    amount: int
    marks: tuple[str, ...] = ()
    """The fraud rules that flag or hold it: `hold:self_email`."""

    @property
    def influencer(self) -> str:
        return self.touch.influencer

    @property
    def network(self) -> str:
        return self.touch.network

    @property
    def campaign(self) -> str:
        return self.touch.campaign

    @property
    def product(self) -> str:
        """The one the link led to, whatever was bought."""
        return self.touch.product

    @property
    def link(self) -> str:
        return self.touch.link

    @property
    def human(self) -> bool:
        """Whether the click is among people's clicks in the totals too."""
        return self.touch.verdict == "human" and self.touch.evidence in ("trail", "landing")


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """An order before it was converted, and by what."""

    currency: str
    net: int
    refunded: int
    rate: str
    rate_day: date


@dataclass(frozen=True, kw_only=True, slots=True)
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
    influence: Influence
    began: str | None = None
    """The touch that began the order's own visit, where a share click did."""
    visit: str | None = None
    """What the order says began it: a click id, `other`, or nothing."""
    said: Said
    waiting: tuple[str, ...] = ()
    """Click ids that may still arrive; sweep asks again for two weeks."""
    unknown_codes: tuple[str, ...] = ()
    """Coupon codes that were nobody's."""
    decisions: tuple[Decision, ...] = ()
    """What the fraud rules say, in words."""
    facts: int
    """How many rows of the order this was computed from: they only grow."""
    beside: int
    """Of them, those that the shop did not tell: touches, a rate, a release."""
    rule: Rule
    packed: str
    """Touches and credits: see `details`, and packing.py for why."""

    @property
    def details(self) -> Details:
        """Read anew each time: of fifty thousand orders few are looked into at once."""
        return packing.unpack(self.packed)

    @property
    def models(self) -> dict[Model, tuple[CreditLine, ...]]:
        """By model a line for each touch that counts, in time order; empty where none does."""
        details = self.details
        return {model: self._lines(details, model) for model in details.parts}

    def by(self, model: Model) -> tuple[CreditLine, ...]:
        return self._lines(self.details, model)

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """The touches that do not count by the rule, in time order."""
        details = self.details
        whys = details.excluded
        return tuple(
            Excluded(touch=touch, why=whys[touch.id])
            for touch in details.touches
            if touch.id in whys
        )

    @property
    def journey(self) -> Journey:
        """What attribution looked at: for looking at it again, under another rule."""
        details = self.details
        return Journey(
            placed_at=self.placed_at,
            net=self.net,
            visit=self.visit,
            touches=_eligible(details.touches, self.decisions),
            effects=details.effects,
        )

    def _lines(self, details: Details, model: Model) -> tuple[CreditLine, ...]:
        counted = [details.touches[place] for place in details.counted]
        return tuple(
            CreditLine(touch=touch, share=share, amount=amount, marks=self._marks(touch))
            for touch, (share, amount) in zip(counted, details.parts.get(model, ()), strict=False)
        )

    def _marks(self, touch: Touch) -> tuple[str, ...]:
        if not self.decisions:
            return ()
        marking = [d for d in self.decisions if d.effect in ("flag", "hold") and d.is_about(touch)]
        return tuple(dict.fromkeys(f"{each.effect}:{each.rule}" for each in marking))


def compute(
    ref: OrderRef,
    order: Order,
    resolved: Resolved,
    rule: Rule,
    *,
    rate: Rate | None = None,
    decisions: tuple[Decision, ...] = (),
    effects: dict[str, float] | None = None,
    beside: int = 0,
) -> OrderCredits:
    """Pure: an order's credits under a rule, converted once where there is a rate.

    `effects` are the networks' removal effects of the week before; `beside` is how many rows it
    was computed from other than the shop's facts and the touches.
    """
    beside += len(resolved.touches)
    original = _original(order, rate) if rate else None
    order = rates.converted(order, rate) if rate else order
    trail, _ = touches.trail_of(order)
    known = tuple(sorted(resolved.touches, key=lambda touch: (touch.at, touch.id)))
    networks = {touch.network for touch in known}
    journey = Journey(
        placed_at=order.placed_at,
        net=order.net,
        visit=trail.visit,
        touches=_eligible(known, decisions),
        effects={name: each for name, each in (effects or {}).items() if name in networks},
    )
    found = attribute(journey, rule)
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
        influence=found.influence,
        began=found.began,
        visit=trail.visit,
        said=trail.said,
        waiting=resolved.waiting,
        unknown_codes=resolved.unknown_codes,
        decisions=decisions,
        facts=order.facts + beside,
        beside=beside,
        rule=rule,
        packed=packing.pack(known, found, journey.effects),
    )


def _eligible(known: Iterable[Touch], decisions: Iterable[Decision]) -> tuple[Touch, ...]:
    """The touches that no fraud rule rejected."""
    rejected = [decision for decision in decisions if decision.effect == "reject"]
    return tuple(t for t in known if not any(decision.is_about(t) for decision in rejected))


def _original(order: Order, rate: Rate) -> Original:
    return Original(
        currency=order.currency,
        net=order.net,
        refunded=order.refunded,
        rate=rate.rate,
        rate_day=rate.day,
    )


# ── stored ───────────────────────────────────────────────────────────────────────────────────────
def save(merchant: Merchant, ref: OrderRef, result: OrderCredits) -> None:
    """Write it, unless what stands is of more facts or by a newer rule."""
    item = item_of(merchant, ref, result)
    ORDERS.put_if(item, _NOT_OLDER, facts=result.facts, version=result.rule.version)


def item_of(merchant: Merchant, ref: OrderRef, result: OrderCredits) -> Item:
    day = calendars.local_day(result.placed_at, merchant.tz)
    return {
        "pk": ref.pk,
        "sk": SK,
        "owner": ref.merchant,
        "day": f"{day}#{ref.platform}#{ref.id}",
        "version": result.rule.version,
        **dump(result),
    }


def find_in(rows: Iterable[Item]) -> OrderCredits | None:
    """The credits among an order's rows; None before they are computed."""
    return next((load(OrderCredits, row) for row in rows if row["sk"] == SK), None)


def between(merchant_id: str, first: date, last: date) -> Iterator[OrderCredits]:
    """The credits of orders placed on these local days, both ends included."""
    days = (first.isoformat(), f"{last}~")
    names = [field.name for field in fields(OrderCredits)]  # keys are not read twice
    rows = ORDERS.query_index("credits", ("owner", "day"), merchant_id, between=days, only=names)
    return (load(OrderCredits, row) for row in rows)
