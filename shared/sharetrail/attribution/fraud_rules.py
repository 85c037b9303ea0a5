"""Signs of fraud: small rules, each decision with its inputs and a sentence. Pure.

Nothing is deleted and nobody is accused. A *flag* marks credits; a *hold* marks them as not to be
paid out yet, for thirty days or until the merchant releases it; a *reject* removes touches before
the models run; an *exclude* leaves an order nothing to credit. Words: docs/fraud.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sharetrail.attribution.touch import Touch
from sharetrail.merchants.profile import FraudLimits
from sharetrail.orders.order import Order

VERSION = "fraud-1"
Effect = Literal["flag", "hold", "reject", "exclude"]
Inputs = dict[str, Any]
"""Plain values by name."""

_COUPON_SITES = frozenset(
    (
        "capitaloneshopping.com",
        "coupert.com",
        "couponcabin.com",
        "couponfollow.com",
        "coupons.com",
        "dealspotr.com",
        "dontpayfull.com",
        "groupon.com",
        "gutscheine.de",
        "honey.com",
        "hotukdeals.com",
        "joinhoney.com",
        "knoji.com",
        "mydealz.de",
        "offers.com",
        "promocodes.com",
        "rakuten.com",
        "retailmenot.com",
        "savings.com",
        "simplycodes.com",
        "slickdeals.net",
        "vouchercloud.com",
        "vouchercodes.co.uk",
        "wethrift.com",
    )
)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a week showed of an influencer: it stands on the orders of the week that follows."""

    rule: str
    effect: Literal["flag", "hold"]
    inputs: Inputs
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    rule: str
    effect: Effect
    version: str = VERSION
    influencer: str | None = None
    """Whose credits it is about; None for the whole order."""
    touch: str | None = None
    """The one touch it is about; None for all of the influencer's."""
    inputs: Inputs = field(default_factory=dict)
    sentence: str
    until: datetime | None = None
    """When a hold ends by itself."""
    released_at: datetime | None = None
    """When the merchant ended it."""

    def is_about(self, touch: Touch) -> bool:
        whose = self.influencer in (None, touch.influencer)
        return whose and self.touch in (None, touch.id)


@dataclass(frozen=True, kw_only=True)
class OrderBackground:
    """What is known beside an order and its touches."""

    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Influencer → the HMACs of their e-mail and customer ids."""
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """Influencer → what the week before the order showed."""
    earlier_orders: int = 0
    """How many of the buyer's earlier orders we heard of ourselves."""
    released_at: datetime | None = None


def judge(
    order: Order, touches: Iterable[Touch], background: OrderBackground, limits: FraudLimits
) -> tuple[Decision, ...]:
    """All decisions on an order, those on the whole of it first."""
    found = [*_of_order(order, background), *_of_touches(order, list(touches), background, limits)]
    ends = order.placed_at + timedelta(days=limits.hold_days)
    return tuple(_held(each, ends, background.released_at) for each in found)


def _held(decision: Decision, ends: datetime, released_at: datetime | None) -> Decision:
    if decision.effect != "hold":
        return decision
    return replace(decision, until=ends, released_at=released_at)


# ── of the order ─────────────────────────────────────────────────────────────────────────────────
def _of_order(order: Order, background: OrderBackground) -> Iterator[Decision]:
    sale = order.sale
    if sale.test:
        sentence = "A test order is stored and never counted."
        yield Decision(rule="test_order", effect="exclude", sentence=sentence)
    if sale.ad:
        yield Decision(
            rule="paid_ad",
            effect="flag",
            inputs={"parameter": sale.ad},
            sentence=f"The buyer's visit began with a paid ad ({sale.ad}).",
        )
    if count := max(sale.earlier_orders or 0, background.earlier_orders):
        yield Decision(
            rule="repeat_buyer",
            effect="hold",
            inputs={"earlier_orders": count},
            sentence=f"The buyer had ordered before ({count} time{'s' * (count != 1)}).",
        )


# ── of its touches ───────────────────────────────────────────────────────────────────────────────
def _of_touches(
    order: Order, touches: list[Touch], background: OrderBackground, limits: FraudLimits
) -> Iterator[Decision]:
    for influencer, name in {touch.influencer: touch.name for touch in touches}.items():
        yield from _self(order, influencer, name, background.people.get(influencer, frozenset()))
        for mark in background.marks.get(influencer, ()):
            yield Decision(
                rule=mark.rule,
                effect=mark.effect,
                influencer=influencer,
                inputs=mark.inputs,
                sentence=mark.sentence,
            )
    for touch in touches:
        yield from _last_second(order, touch, limits)
        yield from _coupon_site(order, touch)


def _self(order: Order, influencer: str, name: str, people: frozenset[str]) -> Iterator[Decision]:
    """Whoever buys by their own link. An account is proof; an e-mail address may be shared."""
    if order.sale.customer in people:
        sentence = f"{name} bought this order: the customer account is theirs."
        yield Decision(
            rule="self_customer", effect="reject", influencer=influencer, sentence=sentence
        )
    elif order.sale.email in people:
        sentence = f"The order's e-mail address is {name}'s own."
        yield Decision(rule="self_email", effect="hold", influencer=influencer, sentence=sentence)


def _last_second(order: Order, touch: Touch, limits: FraudLimits) -> Iterator[Decision]:
    seconds = max(0.0, (order.placed_at - touch.at).total_seconds())
    if touch.evidence in ("trail", "landing") and seconds < limits.last_second:
        yield Decision(
            rule="last_second",
            effect="hold",
            influencer=touch.influencer,
            touch=touch.id,
            inputs={"seconds": round(seconds, 3)},
            sentence=f"Only {seconds:.0f} seconds from {touch.name}'s click to the order.",
        )


def _coupon_site(order: Order, touch: Touch) -> Iterator[Decision]:
    host = (order.sale.referrer or "").removeprefix("www.")
    if touch.evidence == "code" and host in _COUPON_SITES:
        yield Decision(
            rule="coupon_leak",
            effect="flag",
            influencer=touch.influencer,
            touch=touch.id,
            inputs={"referrer": host},
            sentence=f"{touch.name}'s code was used by a buyer who came from {host}.",
        )
