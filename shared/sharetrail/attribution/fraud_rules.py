"""Signs of fraud: small rules, each decision with its inputs. Pure.

Nothing is deleted and nobody is accused. A *flag* is shown and moves nothing: what it notices,
others than the influencer can cause. A *wait* says that the credit is not to be paid out yet, and
ends by its date. A *doubt* says so too, leaves the credit out of the score, and stands until
somebody decides. A *withhold* removes touches before the models run until somebody releases them, a
*reject* for good; an *exclude* leaves an order nothing to credit. Beside each rule stands who can
cause it, and what they would gain; in words for merchants: docs/fraud.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sharetrail.attribution.buyer_history import Backing
from sharetrail.attribution.touch import Touch
from sharetrail.merchants.profile import FraudLimits
from sharetrail.orders.order import Order

_SECOND = 1.0
"""By how much an order may seem to precede its own click: shops tell whole seconds."""
VERSION = "fraud-3"
DOUBTED = timedelta(weeks=26)
"""How long a doubt is told where nobody decides: as long as a score looks at its order, which
leaves the score with it."""
Effect = Literal["flag", "wait", "doubt", "withhold", "reject", "exclude"]
_HELD: tuple[Effect, ...] = ("wait", "doubt", "withhold")
_UNMARKED: tuple[Effect, ...] = ("withhold", "reject", "exclude")
"""What leaves no credits to mark."""
Verdict = Literal["released", "upheld"]
Word = Literal["released", "upheld", "undecided"]
"""What the merchant may say of what is held: a verdict, or that theirs is taken back."""
Inputs = dict[str, Any]
"""Plain values by name."""

SELF_RULES = ("self_customer", "self_email", "self_address")

_COUPON_SITES = frozenset(Path(__file__).with_name("coupon_sites.txt").read_text("utf-8").split())


@dataclass(frozen=True)
class Mark:
    """What a rule noticed; what it noticed of an influencer's week stands on the orders of the week
    that follows."""

    rule: str
    effect: Effect
    inputs: Inputs = field(default_factory=dict)
    """Of which its sentence is made where it is read: sentences/decision.py."""
    sentence: str = ""
    """As it was stored until 2026-12, in English."""


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
    sentence: str = ""
    """Where one was made of it; or as it was stored until 2026-12, in English."""
    until: datetime | None = None
    """Of a wait: when it ends; of a doubt or what is withheld: until when it is told."""
    verdict: Verdict | None = None
    """What the merchant decided of what is held: released, or upheld."""
    decided_at: datetime | None = None

    @property
    def id(self) -> str:
        """By which the merchant decides it: `self_email:ana`, `last_second:ana:0ab…`."""
        return ":".join(filter(None, (self.rule, self.influencer, self.touch)))

    @property
    def mark(self) -> str | None:
        """What stands on the credits it is about: `doubt:self_email`, `upheld:self_email`; None
        once it was released, and of what leaves no credits."""
        if self.verdict == "released" or self.effect in _UNMARKED:
            return None
        return f"{self.verdict or self.effect}:{self.rule}"

    @property
    def removes(self) -> bool:
        """Whether its touches take no part in the models."""
        is_withheld = self.effect == "withhold" and self.verdict != "released"
        return is_withheld or self.effect == "reject"

    @property
    def is_held(self) -> bool:
        """Whether it is the merchant's to decide."""
        return self.effect in _HELD

    @property
    def is_undecided(self) -> bool:
        """Whether it is the merchant's to decide, and nothing was decided yet."""
        return self.is_held and self.verdict is None

    def is_open(self, now: datetime) -> bool:
        """Whether it waits for its date or for somebody's word."""
        is_over = self.until is not None and self.until <= now
        return self.is_undecided and not is_over

    def is_holding(self, now: datetime) -> bool:
        """Whether what it is about is credited, and not earned yet: a wait until its date, a doubt
        until somebody decides."""
        return self.is_open(now) if self.effect == "wait" else self._is_doubt

    @property
    def _is_doubt(self) -> bool:
        return self.effect == "doubt" and self.is_undecided

    @property
    def is_upheld(self) -> bool:
        """Whether the merchant decided that what it is about is not earned."""
        return self.is_held and self.verdict == "upheld"

    def holds(self, touch: Touch) -> bool:
        """Whether the touch's credit waits for it, be it over by its date or not."""
        return self.is_undecided and self.is_about(touch)

    def is_about(self, touch: Touch) -> bool:
        whose = self.influencer in (None, touch.influencer)
        return whose and self.touch in (None, touch.id)


@dataclass(frozen=True, kw_only=True)
class OrderBackground:
    """What is known beside an order and its touches."""

    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Influencer → the HMACs of their e-mail address, customer ids and delivery addresses."""
    erased: Mapping[str, Mark] = field(default_factory=dict)
    """Influencer → what the order showed of them as its buyer when these were erased."""
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    """Influencer → what the week before the order showed."""
    earlier_orders: int = 0
    """How many paid orders of the buyer's, of the 90 days before, we heard of by webhook or export.
    """
    since: date | None = None
    """The day of the first of them."""
    namesakes: int = 0
    """How many more have only a name in common with this order."""
    proves_login: bool = True
    """Whether the platform's customer id proves that the buyer was logged in."""
    kept: frozenset[str] = frozenset()
    """Clicks of the order's that another household's paid order carried first."""
    backings: Mapping[str, Backing] = field(default_factory=dict)
    """Of clicks that are corroborated by the buyer's other orders."""
    words: Mapping[str, tuple[Word, datetime]] = field(default_factory=dict)
    """The merchant's last word, by the decision's id."""
    released_at: datetime | None = None
    """When the merchant released all that was held of the order, as could be done until fraud-2."""

    def verdict_on(self, decision: Decision) -> tuple[Verdict | None, datetime | None]:
        word, at = self.words.get(decision.id, (None, None))
        if word is None and self.released_at:
            return "released", self.released_at
        return (None, None) if word is None or word == "undecided" else (word, at)


def as_today(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored decision in today's words: until fraud-2 a *hold* was all of a wait, a doubt and,
    of a history, a flag, and was released with its whole order."""
    if stored["effect"] != "hold":
        return {**stored}
    effect = {"repeat_buyer": "wait", "refund_rate": "flag"}.get(stored["rule"], "doubt")
    at = stored.get("released_at")
    verdict = {"verdict": "released", "decided_at": at} if at else {}
    return {**stored, "effect": effect, **verdict}


def judge(
    order: Order, touches: Iterable[Touch], background: OrderBackground, limits: FraudLimits
) -> tuple[Decision, ...]:
    """All decisions on an order, those on the whole of it first."""
    found = [Decision(**vars(mark)) for mark in _of_order(order, background)]
    found += _of_touches(order, list(touches), background, limits)
    wait = timedelta(days=limits.hold_days)
    return tuple(
        _decided(each, order.placed_at + (wait if each.effect == "wait" else DOUBTED), background)
        if each.is_held
        else each
        for each in found
    )


def _decided(held: Decision, until: datetime, background: OrderBackground) -> Decision:
    return heard(replace(held, until=until), background)


def heard(decision: Decision, background: OrderBackground) -> Decision:
    """With the merchant's last word on it, where it is theirs to decide."""
    if not decision.is_held:
        return decision
    verdict, at = background.verdict_on(decision)
    return replace(decision, verdict=verdict, decided_at=at)


# ── of the order ─────────────────────────────────────────────────────────────────────────────────
def _of_order(order: Order, background: OrderBackground) -> Iterator[Mark]:
    """What others can cause of it: an ad for an influencer's link is anybody's to place, and an
    order under somebody's e-mail address too, so both are flags; an earlier order that is believed
    was paid for, and went to the buyer's own door or account."""
    sale = order.sale
    if sale.test:
        yield Mark("test_order", "exclude")
    if sale.ad:
        yield Mark("paid_ad", "flag", {"parameter": sale.ad})
    if count := background.earlier_orders:
        inputs = {"earlier_orders": count, "since": str(background.since)}
        yield Mark("repeat_buyer", "wait", inputs)
    if count := background.namesakes:
        yield Mark("repeat_email", "flag", {"namesakes": count})


# ── of its touches ───────────────────────────────────────────────────────────────────────────────
def _of_touches(
    order: Order, touches: list[Touch], background: OrderBackground, limits: FraudLimits
) -> Iterator[Decision]:
    for influencer in dict.fromkeys(touch.influencer for touch in touches):
        own = _self(order, background, background.people.get(influencer, frozenset()))
        if influencer in background.erased:
            own = iter([background.erased[influencer]])
        for mark in (*own, *background.marks.get(influencer, ())):
            yield Decision(**vars(mark), influencer=influencer)
    for touch in touches:
        for mark in (
            *_last_second(order, touch, limits),
            *_shared_click(touch, background),
            *_thin_evidence(touch, background, limits),
            *_coupon_site(order, touch),
        ):
            yield Decision(**vars(mark), influencer=touch.influencer, touch=touch.id)


def _self(order: Order, background: OrderBackground, people: frozenset[str]) -> Iterator[Mark]:
    """Whoever buys by their own link. A login is proof; an e-mail address may be shared, and so is
    an account where whoever types its address buys under it, and a house. All that the order ever
    told is looked at: an address may be corrected once the goods are sent. Others can cause it by
    an order that they place in the influencer's name, and doubt no credit but that order's.
    """
    if order.sale.customer in people or order.account in people:
        is_proven = background.proves_login and order.account in people
        yield Mark("self_customer", "reject" if is_proven else "doubt")
    elif not people.isdisjoint(order.buyer):
        is_now = not people.isdisjoint({order.sale.email, order.sale.email_as_written})
        yield Mark("self_email", "doubt", {"address": "now" if is_now else "before"})
    elif not people.isdisjoint(order.addresses):
        yield Mark("self_address", "doubt")


def _last_second(order: Order, touch: Touch, limits: FraudLimits) -> Iterator[Mark]:
    """A program that clicks for a buyer who is at the till already. Whoever is as quick by
    somebody's link has doubted their own order alone."""
    age = (order.placed_at - touch.at).total_seconds()
    seconds, is_before = max(0.0, age), age > -_SECOND
    if touch.evidence in ("trail", "landing") and is_before and seconds < limits.last_second:
        yield Mark("last_second", "doubt", {"seconds": round(seconds, 3)})


def _shared_click(touch: Touch, background: OrderBackground) -> Iterator[Mark]:
    """One click, one buyer: an order that says another household's click, be it copied with an
    address or told to many. Who was handed a click id can be first, and then the other's is held.
    """
    if touch.id in background.kept and touch.evidence in ("trail", "landing"):
        yield Mark("shared_click", "doubt")


def _thin_evidence(
    touch: Touch, background: OrderBackground, limits: FraudLimits
) -> Iterator[Mark]:
    """Evidence that can have been bought: whoever orders something cheap in another's name and to
    their door is known by it, and gains a commission on what that other buys. It would take from
    those whose clicks the order carries itself, so it waits for the merchant's word.
    """
    backing = background.backings.get(touch.id)
    if backing is None or touch.evidence not in ("sure", "corroborated"):
        return
    if backing.told < limits.thin_share * backing.brought:
        inputs = {"told": backing.told, "brought": backing.brought}
        yield Mark("thin_evidence", "withhold", inputs)


def _coupon_site(order: Order, touch: Touch) -> Iterator[Mark]:
    """A code that stands on a site of codes: whoever reads it can have put it there."""
    host = (order.sale.referrer or "").removeprefix("www.")
    if touch.evidence == "code" and host in _COUPON_SITES:
        yield Mark("coupon_leak", "flag", {"referrer": host})
