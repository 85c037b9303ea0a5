"""Signs of fraud: small rules, each decision with its inputs and a sentence. Pure.

Nothing is deleted and nobody is accused. A *flag* marks credits; a *hold* marks them as not to be
paid out yet, for thirty days or until the merchant releases it; a *reject* removes touches before
the models run; an *exclude* leaves an order nothing to credit. Words: docs/fraud.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sharetrail.attribution.touch import Touch
from sharetrail.merchants.profile import FraudLimits
from sharetrail.orders.order import Order

_SECOND = 1.0
"""By how much an order may seem to precede its own click: shops tell whole seconds."""
VERSION = "fraud-2"
Effect = Literal["flag", "hold", "reject", "exclude"]
Inputs = dict[str, Any]
"""Plain values by name."""

_COUPON_SITES = frozenset(Path(__file__).with_name("coupon_sites.txt").read_text("utf-8").split())


@dataclass(frozen=True)
class Mark:
    """What a rule noticed; what it noticed of an influencer's week stands on the orders of the week
    that follows."""

    rule: str
    effect: Effect
    sentence: str
    inputs: Inputs = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A mark, with whom it is about and for how long."""

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
    """How many of the buyer's orders of the 90 days before we heard of, by webhook or export."""
    since: date | None = None
    """The day of the first of them."""
    proves_login: bool = True
    """Whether the platform's customer id proves that the buyer was logged in."""
    released_at: datetime | None = None


def judge(
    order: Order, touches: Iterable[Touch], background: OrderBackground, limits: FraudLimits
) -> tuple[Decision, ...]:
    """All decisions on an order, those on the whole of it first."""
    found = [Decision(**vars(mark)) for mark in _of_order(order, background)]
    found += _of_touches(order, list(touches), background, limits)
    ends = order.placed_at + timedelta(days=limits.hold_days)
    held: dict[str, Any] = {"until": ends, "released_at": background.released_at}
    return tuple(replace(each, **held) if each.effect == "hold" else each for each in found)


# ── of the order ─────────────────────────────────────────────────────────────────────────────────
def _of_order(order: Order, background: OrderBackground) -> Iterator[Mark]:
    sale = order.sale
    if sale.test:
        yield Mark("test_order", "exclude", "A test order is stored and never counted.")
    if sale.ad:
        sentence = f"The buyer's visit began with a paid ad ({sale.ad})."
        yield Mark("paid_ad", "flag", sentence, {"parameter": sale.ad})
    if count := background.earlier_orders:
        times = f"{count} time{'s' * (count != 1)} since {background.since}"
        inputs = {"earlier_orders": count, "since": str(background.since)}
        yield Mark("repeat_buyer", "hold", f"The buyer had ordered before ({times}).", inputs)


# ── of its touches ───────────────────────────────────────────────────────────────────────────────
def _of_touches(
    order: Order, touches: list[Touch], background: OrderBackground, limits: FraudLimits
) -> Iterator[Decision]:
    for influencer, name in {touch.influencer: touch.name for touch in touches}.items():
        own = _self(order, name, background, background.people.get(influencer, frozenset()))
        for mark in (*own, *background.marks.get(influencer, ())):
            yield Decision(**vars(mark), influencer=influencer)
    for touch in touches:
        for mark in (*_last_second(order, touch, limits), *_coupon_site(order, touch)):
            yield Decision(**vars(mark), influencer=touch.influencer, touch=touch.id)


def _self(
    order: Order, name: str, background: OrderBackground, people: frozenset[str]
) -> Iterator[Mark]:
    """Whoever buys by their own link. A login is proof; an e-mail address may be shared, and so is
    an account where whoever types its address buys under it."""
    if order.sale.customer in people:
        sentence = f"{name} bought this order: the customer account is theirs."
        yield Mark("self_customer", "reject" if background.proves_login else "hold", sentence)
    elif order.sale.email in people:
        yield Mark("self_email", "hold", f"The order's e-mail address is {name}'s own.")


def _last_second(order: Order, touch: Touch, limits: FraudLimits) -> Iterator[Mark]:
    age = (order.placed_at - touch.at).total_seconds()
    seconds, is_before = max(0.0, age), age > -_SECOND
    if touch.evidence in ("trail", "landing") and is_before and seconds < limits.last_second:
        unit = "second" if f"{seconds:.0f}" == "1" else "seconds"
        sentence = f"Only {seconds:.0f} {unit} from {touch.name}'s click to the order."
        yield Mark("last_second", "hold", sentence, {"seconds": round(seconds, 3)})


def _coupon_site(order: Order, touch: Touch) -> Iterator[Mark]:
    host = (order.sale.referrer or "").removeprefix("www.")
    if touch.evidence == "code" and host in _COUPON_SITES:
        sentence = f"{touch.name}'s code was used by a buyer who came from {host}."
        yield Mark("coupon_leak", "flag", sentence, {"referrer": host})
