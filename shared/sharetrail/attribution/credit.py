"""What an order's touches earned: a projection of its facts and touches under one rule. Pure.

It holds no clock. credits.py stores it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sharetrail import packing
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.attribution.models import (
    MODELS,
    Attribution,
    Credit,
    CreditRule,
    Exclusion,
    Influence,
    Journey,
    Model,
    Why,
    attribute,
)
from sharetrail.attribution.touch import OrderTouches, Touch, in_time, trail_of_order
from sharetrail.clicks.trail import TrailState
from sharetrail.money import Amount
from sharetrail.orders.order import Order, Original
from sharetrail.orders.order_fact import OrderRef, Origin

PATIENCE = timedelta(days=14)
"""How long a click that an order names may take to arrive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditLine(Credit):
    """A touch's part of an order by one model, and what is to be said of it."""

    marks: tuple[str, ...] = ()
    """What the fraud rules say of it: `doubt:self_email`. See Decision.mark."""

    @property
    def is_undecided(self) -> bool:
        """Whether somebody has still to say what it is."""
        return any(each.startswith("doubt:") for each in self.marks)

    @property
    def is_in_doubt(self) -> bool:
        """Whether the credit is left out of whatever is earned by credits, the score first."""
        return any(each.startswith(("doubt:", "upheld:")) for each in self.marks)


@dataclass(frozen=True, kw_only=True, slots=True)
class CreditDetails:
    touches: tuple[Touch, ...] = ()
    """Every touch of the order in time order, whether it counts or not."""
    places: tuple[int, ...] = ()
    """The places in `touches` of those that count, in the models' order."""
    whys: Mapping[str, Why] = field(default_factory=dict)
    """Touch id → why it does not count. A touch in neither was rejected by a fraud rule."""
    parts: Mapping[Model, tuple[tuple[float, int], ...]] = field(default_factory=dict)
    """For each model a share and an amount for each of `places`."""
    removal_effects: Mapping[str, float] = field(default_factory=dict)
    """Network → removal effect: what `markov` weighed the order's touches by."""
    decisions: tuple[Decision, ...] = ()
    """What the fraud rules say of the order."""

    @property
    def models(self) -> dict[Model, tuple[CreditLine, ...]]:
        """By model a line for each touch that counts, in time order; empty where none does."""
        return {model: self.lines(model) for model in self.parts}

    def lines(self, model: Model) -> tuple[CreditLine, ...]:
        """One model's lines; none where it had no basis."""
        counted = [self.touches[place] for place in self.places]
        return tuple(
            CreditLine(touch=touch, share=share, amount=amount, marks=self._marks(touch))
            for touch, (share, amount) in zip(counted, self.parts.get(model, ()), strict=False)
        )

    def _marks(self, touch: Touch) -> tuple[str, ...]:
        marks = (each.mark for each in self.decisions if each.is_about(touch))
        return tuple(dict.fromkeys(mark for mark in marks if mark))

    @property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """The touches that do not count by the rule, in time order."""
        excluded = (touch for touch in self.touches if touch.id in self.whys)
        return tuple(Exclusion(touch=touch, why=self.whys[touch.id]) for touch in excluded)


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderHead:
    """An order as one names it. Amounts in minor units of `currency`, the merchant's own; where no
    rate is known, the order's."""

    platform: str
    order: str
    name: str
    placed_at: datetime
    currency: str
    net: int
    original: Original | None = None
    paid_at: datetime | None = None
    """When it was paid for, as far as the shop says; None where it does not."""
    cancelled: bool = False
    counts: bool = True
    """False for a test order."""

    def amount(self, minor: int) -> Amount:
        """Minor units of the order's currency, on their way out."""
        return Amount(minor, self.currency)


def is_paid(order: OrderHead) -> bool:
    """Whether it was paid for, as far as its shop says: what nobody paid for costs nothing to
    place. Of a shop with a contract of ours, what it tells is its own word for an order."""
    return order.paid_at is not None or order.platform == "standard"


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedOrder(OrderHead):
    """An order and what the fraud rules say of it."""

    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderFigures(JudgedOrder):
    """An order as a period's figures read it."""

    refunded: int
    charged_back: int = 0
    influence: Influence
    visit_touch: str | None = field(default=None, metadata={"stored_as": "began"})
    """The touch that began the order's own visit, where a share click did."""
    packed: str
    """Touches and credits: see `details`."""
    earlier_orders: int | None = None
    """How many paid orders of the buyer's, of the 90 days before, we heard of; None where that is
    not known of this buyer, and of what was stored before 2026-12."""
    origin: Origin = "page"
    trail_state: TrailState = field(metadata={"stored_as": "said"})
    taken_off: dict[str, int] = field(default_factory=dict)
    """By touch of a code: what it took off the order, in the part of it that stands. Without those
    of which the shop does not tell it, and of before 2026-12."""

    @property
    def is_returning(self) -> bool | None:
        """Whether its buyer had ordered before; None where nobody can tell."""
        if self.earlier_orders is not None:
            return self.earlier_orders > 0
        had = any(each.rule == "repeat_buyer" for each in self.decisions)
        return True if had else None

    @property
    def details(self) -> CreditDetails:
        """Read anew each time: of fifty thousand orders few are looked into at once."""
        return _unpack(self.packed, self.decisions)


@dataclass(frozen=True, kw_only=True, slots=True)
class BuyerOrder(OrderFigures):
    """An order, and by what its buyer is known again."""

    buyer: tuple[str, ...] = ()
    """See buyer_keys of testimony.py; none of a buyer who cannot be known, or forbade it, and of
    before 2026-12."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderCredits(BuyerOrder):
    """All that is known of an order's credit, and what it rests on."""

    apart: tuple[str, ...] = ()
    """Refunds and disputes in another currency than the order's, by id: they took nothing."""
    visit: str | None = None
    """What the order says began it: a click id, `other`, or nothing."""
    waiting: tuple[str, ...] = ()
    """Click ids that may still arrive; for two weeks the order is asked again."""
    expected: tuple[str, ...] = ()
    """The same of clicks that its buyer is known by elsewhere: nothing is said of them."""
    unknown_codes: tuple[str, ...] = ()
    """Coupon codes that were nobody's."""
    fact_count: int = field(metadata={"stored_as": "facts"})
    """How many rows of the order this was computed from, touches not counted: they only grow."""
    beside: int
    """Of them, those that the shop did not tell: a rate, a decision, a ring."""
    revision: int = 0
    """From one on, of what was stored of the order; 0 before 2026-12."""
    rule: CreditRule

    @property
    def lacks_click(self) -> bool:
        """Whether one may still arrive."""
        return bool(self.waiting or self.expected)

    @property
    def journey(self) -> Journey:
        """What attribution looked at: for looking at it again, under another rule."""
        return self._journey_under(self.decisions)

    def credited_without(self, decision: Decision) -> int:
        """What the linear model gives, or would give, to the touches that a decision is about."""
        lines = self.lines_without(decision)
        return sum(each.amount for each in lines if decision.is_about(each.touch))

    def lines_without(self, *decisions: Decision) -> tuple[Credit, ...]:
        """The linear model's lines, had these decisions not been made."""
        others = tuple(each for each in self.decisions if each not in decisions)
        lines = attribute(self._journey_under(others), self.rule, ["linear"]).credits
        return lines.get("linear", ())

    def _journey_under(self, decisions: tuple[Decision, ...]) -> Journey:
        details = self.details
        return _journey(
            self, self.visit, self.origin, details.touches, decisions, details.removal_effects
        )


def compute_credits(
    ref: OrderRef,
    order: Order,
    order_touches: OrderTouches,
    rule: CreditRule,
    *,
    decisions: tuple[Decision, ...] = (),
    removal_effects: Mapping[str, float] | None = None,
    earlier_orders: int | None = None,
    buyer: tuple[str, ...] = (),
    taken_off: Mapping[str, int] | None = None,
    beside: int = 0,
) -> OrderCredits:
    """An order's credits under a rule.

    `removal_effects` are the networks' of the week before; `earlier_orders` are the buyer's, where
    they are known, and `buyer` by what these are known again; `taken_off` is what codes took off,
    somebody's or nobody's, by their touches; `beside` is how many rows it was computed from other
    than the shop's facts and the touches.
    """
    touches = tuple(sorted(order_touches.touches, key=in_time))
    trail, _ = trail_of_order(order)
    origin = order.sale.origin
    journey = _journey(order, trail.visit, origin, touches, decisions, removal_effects or {})
    attribution = attribute(journey, rule)
    return OrderCredits(
        **_of_order(ref, order),
        influence=attribution.influence,
        visit_touch=attribution.visit_touch,
        visit=trail.visit,
        trail_state=trail.state,
        waiting=order_touches.waiting,
        expected=order_touches.expected,
        unknown_codes=order_touches.unknown_codes,
        decisions=decisions,
        fact_count=order.fact_count + beside,
        beside=beside,
        rule=rule,
        packed=_pack(touches, attribution, journey.removal_effects),
        earlier_orders=earlier_orders,
        buyer=buyer,
        taken_off={
            touch.id: off
            for touch in touches
            if touch.evidence == "code" and (off := (taken_off or {}).get(touch.id)) is not None
        },
    )


def _of_order(ref: OrderRef, order: Order) -> dict[str, Any]:
    """What credits repeat of their order."""
    return {
        "platform": ref.platform,
        "order": ref.id,
        "name": order.sale.name,
        "placed_at": order.placed_at,
        "currency": order.currency,
        "net": order.net,
        "refunded": order.refunded,
        "charged_back": order.charged_back,
        "original": order.original,
        "paid_at": order.paid_at,
        "apart": order.apart,
        "cancelled": order.cancelled_at is not None,
        "counts": order.counts,
        "origin": order.sale.origin,
    }


def _journey(
    order: Order | OrderCredits,
    visit: str | None,
    origin: Origin,
    touches: tuple[Touch, ...],
    decisions: tuple[Decision, ...],
    removal_effects: Mapping[str, float],
) -> Journey:
    """What attribution looks at: the touches that no fraud rule removed."""
    networks = {touch.network for touch in touches}
    removing = [decision for decision in decisions if decision.removes]
    return Journey(
        placed_at=order.placed_at,
        net=order.net,
        visit=visit,
        is_paid=order.paid_at is not None,
        is_renewal=origin == "renewal",
        touches=tuple(t for t in touches if not any(d.is_about(t) for d in removing)),
        removal_effects={name: e for name, e in removal_effects.items() if name in networks},
    )


# ── details ⇄ one text ───────────────────────────────────────────────────────────────────────────
def _pack(
    touches: tuple[Touch, ...], attribution: Attribution, removal_effects: Mapping[str, float]
) -> str:
    place = {touch.id: n for n, touch in enumerate(touches)}
    parts = {
        "touches": [touch.values() for touch in touches],
        "counted": [place[touch.id] for touch in attribution.touches],
        "excluded": {each.touch.id: each.why for each in attribution.exclusions},
        "parts": {
            m: [[c.share, c.amount] for c in credits] for m, credits in attribution.credits.items()
        },
        "effects": dict(removal_effects),
    }
    return packing.pack(parts)


def _unpack(text: str, decisions: tuple[Decision, ...] = ()) -> CreditDetails:
    fields = packing.unpack(text)
    return CreditDetails(
        touches=tuple(Touch.of(values) for values in fields["touches"]),
        places=tuple(fields["counted"]),
        whys=fields["excluded"],
        parts={
            model: tuple(map(tuple, fields["parts"][model]))
            for model in MODELS
            if model in fields["parts"]
        },
        removal_effects=fields["effects"],
        decisions=decisions,
    )
