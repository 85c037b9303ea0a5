"""What stands of an order whose buyer was erased, in place of what led to them. Pure.

By the hashes it was decided whether the buyer had ordered before, is who shared, and had clicked on
another device. Without them it is not decided anew: it stays as it stood.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sharetrail.attribution import fraud_rules
from sharetrail.attribution.buyer_history import BuyerHistory
from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.fraud_rules import Decision, OrderBackground
from sharetrail.attribution.touch import STRENGTHS, Strength, Touch
from sharetrail.merchants.profile import FraudLimits
from sharetrail.orders.order import Order

_DIGITS = 16


@dataclass(frozen=True, kw_only=True)
class ErasedOrder:
    at: datetime
    """Until when the erasure looked at what was ordered."""
    buyer: tuple[str, ...] = ()
    """By what its buyer is known again among the orders erased with it: see buyer_keys of
    testimony.py, made of chance that nobody has any more."""
    earlier_orders: int | None = None
    evidence: dict[str, Strength] = field(default_factory=dict)
    """Clicks that were known by the buyer, and how well."""
    touches: tuple[str, ...] = ()
    """The ids of all touches that it had."""
    decisions: tuple[Decision, ...] = ()

    @property
    def history(self) -> BuyerHistory:
        """What is known of its buyer from elsewhere, from now on."""
        return BuyerHistory(evidence=self.evidence, is_joined=False)

    def judge(
        self,
        order: Order,
        touches: Iterable[Touch],
        background: OrderBackground,
        limits: FraudLimits,
    ) -> tuple[Decision, ...]:
        """As they stood, with the merchant's last word; of a touch that came since, what can be
        told without its buyer."""
        stood = tuple(fraud_rules.heard(each, background) for each in self.decisions)
        fresh = [touch for touch in touches if touch.id not in self.touches]
        ids = {each.id for each in stood}
        later = fraud_rules.judge(order, fresh, background, limits) if fresh else ()
        return (*stood, *(each for each in later if each.influencer and each.id not in ids))


def as_it_stands(credits: OrderCredits | None, token: str, at: datetime) -> ErasedOrder:
    """What an order's credits say; of one that was never credited, nothing."""
    if credits is None:
        return ErasedOrder(at=at)
    touches = credits.details.touches
    return ErasedOrder(
        at=at,
        buyer=tuple(each[0] + stand_in(each, token)[:_DIGITS] for each in credits.buyer),
        earlier_orders=credits.earlier_orders,
        evidence={
            touch.id: strength
            for touch in touches
            for strength in STRENGTHS
            if touch.evidence == strength
        },
        touches=tuple(touch.id for touch in touches),
        decisions=credits.decisions,
    )


def stand_in(hashed: str, token: str) -> str:
    """What stands for a hash from now on: the same for the same, as long as somebody has the
    token."""
    return hashlib.sha256(f"{token}:{hashed}".encode()).hexdigest()[:32]
