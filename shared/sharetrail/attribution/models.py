"""From an order's journey to credits, by every model side by side. Pure.

The same journey and rule give the same bytes. Models and words: docs/attribution.md.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, NamedTuple

from sharetrail import calendars
from sharetrail.attribution.touch import Evidence, Touch, in_time
from sharetrail.merchants.profile import Merchant
from sharetrail.money import share_out

ByPlace = Literal["last", "first", "linear", "position"]
ByAge = Literal["time_decay_1", "time_decay_7", "time_decay_14"]
Model = Literal[ByPlace, ByAge, "shapley", "markov"]
Influence = Literal["last_click", "assisted", "none"]
Coupons = Literal["code_fills", "code_last", "code_ignored"]
Renewals = Literal["renewals_count", "renewals_ignored"]
Why = Literal[
    "before_window",
    "after_order",
    "same_click",
    "code_beside_click",
    "code_ignored",
    "unpaid",
    "renewal",
    "bare",
    "disputed",
]
CREDIT_VERSION = "credit-5"
_BEGINS_NO_VISIT: tuple[Evidence, ...] = ("code", "corroborated")
_SAME_VISIT = timedelta(minutes=30)
_LONGEST_VISIT = timedelta(days=1)
"""From its click to its order: a browser may be made to say any of its clicks."""
_SAME_CLICK = timedelta(seconds=30)
_SECOND = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)
_DIGITS = 9
"""Of a credit's share: enough that the shares of a million orders add up, and short to store."""


@dataclass(frozen=True, kw_only=True)
class CreditRule:
    """What a merchant may choose; stored, with its hash, on every credit it decided."""

    window_days: int = 30
    coupons: Coupons = "code_fills"
    """A code used in the order: a touch only where no click counts; always, and the last; never."""
    renewals: Renewals = "renewals_count"
    """A subscription's renewal: assisted by what its first order names; nobody's."""
    version: str = CREDIT_VERSION

    @property
    def hash(self) -> str:
        text = "|".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def name(self) -> str:
        """`credit-5#5c0f…`: version and hash."""
        return f"{self.version}#{self.hash}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Journey:
    """All that attribution looks at."""

    placed_at: datetime
    net: int
    """Net revenue in minor units."""
    visit: str | None = None
    """The click id that began the order's own visit, `other`, or None where nobody said."""
    is_paid: bool = True
    is_renewal: bool = False
    touches: tuple[Touch, ...]
    """In any order; those that fraud rules rejected are not among them."""
    removal_effects: Mapping[str, float] = field(default_factory=dict)
    """Network → its removal effect in the week before the order; empty: there is no `markov`."""


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    touch: Touch
    why: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit:
    touch: Touch
    share: float
    """Its part of the order, 0 to 1."""
    amount: int
    """The same part of net revenue, in minor units; a model's amounts sum to net exactly."""


@dataclass(frozen=True, kw_only=True)
class Attribution:
    touches: tuple[Touch, ...]
    """Those that count, in time order."""
    exclusions: tuple[Exclusion, ...]
    credits: dict[Model, tuple[Credit, ...]]
    """For each model a credit for each counted touch, in time order; no model where none counted.
    """
    influence: Influence
    visit_touch: str | None
    """The id of the counted touch that began the order's own visit; None unless `last_click`."""


def attribute(journey: Journey, rule: CreditRule, models: Iterable[Model] = ()) -> Attribution:
    """Who is credited with an order, by these models, or by every one there is a basis for."""
    touches = sorted(journey.touches, key=in_time)
    counted, excluded = _select(touches, journey, rule)
    visit_touch = _visit_touch(journey, counted, excluded)
    path = _path(journey, counted)
    based = [model for model in models or MODELS if model != "markov" or journey.removal_effects]
    return Attribution(
        touches=tuple(counted),
        exclusions=tuple(excluded),
        credits={m: _credits(journey.net, counted, MODELS[m](path)) for m in based if counted},
        influence="last_click" if visit_touch else "assisted" if counted else "none",
        visit_touch=visit_touch,
    )


def _select(
    touches: list[Touch], journey: Journey, rule: CreditRule
) -> tuple[list[Touch], list[Exclusion]]:
    """Which touches count: inside the window (both ends included), a click and its repeat once;
    of codes, and of renewals, what the rule says.

    A verdict on a click rests on a request's headers; an order that carries the click and was paid
    for is the better evidence: then the verdict is shown and does not exclude.
    """
    if journey.is_renewal and rule.renewals == "renewals_ignored":
        return [], [Exclusion(touch=touch, why="renewal") for touch in touches]
    placed_at = journey.placed_at
    counted: list[Touch] = []
    excluded: list[Exclusion] = []
    # Shops tell whole seconds, clicks milliseconds: an order may seem to precede its own click.
    slack = _SECOND if placed_at.microsecond == 0 else _TICK
    codes = [touch for touch in touches if touch.evidence == "code"]
    for touch in touches:
        if touch.evidence == "code":
            continue
        if touch.at >= placed_at + slack:
            excluded.append(Exclusion(touch=touch, why="after_order"))
        elif placed_at - touch.at > timedelta(days=rule.window_days):
            excluded.append(Exclusion(touch=touch, why="before_window"))
        elif touch.evidence == "bare" or touch.evidence == "disputed":
            excluded.append(Exclusion(touch=touch, why=touch.evidence))
        elif touch.verdict != "human" and not journey.is_paid:
            excluded.append(Exclusion(touch=touch, why="unpaid"))
        elif any(e.link == touch.link and touch.at - e.at <= _SAME_CLICK for e in counted):
            excluded.append(Exclusion(touch=touch, why="same_click"))
        else:
            counted.append(touch)
    why = _why_not_codes(bool(counted), rule)
    if why is None:
        return counted + codes, excluded
    return counted, excluded + [Exclusion(touch=code, why=why) for code in codes]


def _why_not_codes(is_clicked: bool, rule: CreditRule) -> Why | None:
    if rule.coupons == "code_ignored":
        return "code_ignored"
    return "code_beside_click" if rule.coupons == "code_fills" and is_clicked else None


def _visit_touch(journey: Journey, touches: list[Touch], exclusions: list[Exclusion]) -> str | None:
    """The touch that began the order's own visit, at most a day before it. Where nobody said, a
    last touch within half an hour did; a code begins no visit, nor does what only a delivery
    address says of another device.
    """
    begun = [touch for touch in touches if touch.evidence not in _BEGINS_NO_VISIT]
    clicks = [touch for touch in begun if journey.placed_at - touch.at <= _LONGEST_VISIT]
    if not clicks:
        return None
    if journey.visit is None:
        recent = journey.placed_at - clicks[-1].at <= _SAME_VISIT
        return clicks[-1].id if recent else None
    named = [touch.id for touch in clicks if touch.id == journey.visit]
    repeats = [e.touch for e in exclusions if e.why == "same_click" and e.touch.id == journey.visit]
    again = [touch.id for each in repeats for touch in clicks if touch.link == each.link]
    return next(iter([*named, *again[-1:]]), None)


def _path(journey: Journey, touches: list[Touch]) -> "CountedTouches":
    ages = [max(0.0, (journey.placed_at - touch.at) / calendars.DAY) for touch in touches]
    influencers = [touch.influencer for touch in touches]
    networks = [touch.network for touch in touches]
    return CountedTouches(ages, influencers, networks, journey.removal_effects)


def _credits(net: int, touches: list[Touch], weights: list[float]) -> tuple[Credit, ...]:
    whole = sum(weights)
    amounts = share_out(net, weights)
    return tuple(
        Credit(touch=touch, share=round(weight / whole, _DIGITS), amount=amount)
        for touch, weight, amount in zip(touches, weights, amounts, strict=True)
    )


# ── the models: a path, oldest touch first → a weight for each touch ─────────────────────────────
class CountedTouches(NamedTuple):
    """What the models see of the touches that count."""

    ages: Sequence[float]
    """In days before the order."""
    influencers: Sequence[str] = ()
    networks: Sequence[str] = ()
    removal_effects: Mapping[str, float] = {}


def _last(path: CountedTouches) -> list[float]:
    return [0.0] * (len(path.ages) - 1) + [1.0]


def _first(path: CountedTouches) -> list[float]:
    return [1.0] + [0.0] * (len(path.ages) - 1)


def _linear(path: CountedTouches) -> list[float]:
    return [1.0] * len(path.ages)


def _position(path: CountedTouches) -> list[float]:
    """100; 50/50; else 40/20/40 with the 20 split over those between."""
    if len(path.ages) <= 2:
        return [1.0] * len(path.ages)
    between = len(path.ages) - 2
    return [2.0, *[1.0 / between] * between, 2.0]


def _time_decay(half_life: float, path: CountedTouches) -> list[float]:
    """2^(−age / half-life)."""
    newest = min(path.ages)  # beyond a thousand half-lives every weight would be nothing
    return [2 ** (-(age - newest) / half_life) for age in path.ages]


def _shapley(path: CountedTouches) -> list[float]:
    """Every influencer the same, however many touches are theirs.

    The Shapley value of the game in which an order happens once all of its influencers are in:
    an equal split over them (unique-channel Shapley), and of each over their touches.
    """
    touches = Counter(path.influencers)
    return [1.0 / touches[influencer] for influencer in path.influencers]


def _markov(path: CountedTouches) -> list[float]:
    """By the networks' removal effects in the week before, each split over its touches."""
    touches = Counter(path.networks)
    effects = path.removal_effects
    weights = [effects.get(network, 0.0) / touches[network] for network in path.networks]
    return weights if any(weights) else [1.0] * len(path.networks)


Weigh = Callable[[CountedTouches], list[float]]
MODELS: dict[Model, Weigh] = {
    "last": _last,
    "first": _first,
    "linear": _linear,
    "position": _position,
    "time_decay_1": partial(_time_decay, 1),
    "time_decay_7": partial(_time_decay, 7),
    "time_decay_14": partial(_time_decay, 14),
    "shapley": _shapley,
    "markov": _markov,
}


def rule_of(merchant: Merchant) -> CreditRule:
    """What the merchant chose."""
    return CreditRule(
        window_days=merchant.window_days, coupons=merchant.coupons, renewals=merchant.renewals
    )
