"""From an order and its touches to credits, by every model side by side. Pure.

The same order, touches and rule give the same bytes. Models and words: docs/attribution.md.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from sharetrail.ledger import Order
from sharetrail.money import share_out
from sharetrail.touches import Touch

Model = Literal["last", "first", "linear", "position", "time_decay"]
Influence = Literal["last_click", "assisted", "none"]
VERSION = "credit-2"
_SAME_VISIT = timedelta(minutes=30)
_SAME_CLICK = timedelta(seconds=30)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a merchant may choose; stored, as name and hash, on every credit it decided."""

    window_days: int = 30
    half_life_days: float = 7
    coupons: Literal["code_fills", "code_last", "code_ignored"] = "code_fills"
    """A code used in the order: a touch only where no click counts; always, and the last; never."""
    version: str = VERSION

    @property
    def hash(self) -> str:
        text = "|".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def window(self) -> timedelta:
        return timedelta(days=self.window_days)


@dataclass(frozen=True, kw_only=True)
class Excluded:
    touch: Touch
    why: Literal["before_window", "after_order", "same_click", "code_beside_click", "code_ignored"]


@dataclass(frozen=True, kw_only=True)
class Credit:
    touch: Touch
    share: float
    """Its part of the order, 0 to 1."""
    amount: int
    """The same part of net revenue, in minor units; a model's amounts sum to net exactly."""


@dataclass(frozen=True, kw_only=True)
class Attribution:
    counted: tuple[Touch, ...]
    excluded: tuple[Excluded, ...]
    credits: dict[Model, tuple[Credit, ...]]
    """For each model a credit for each counted touch, in time order; none where none counted."""
    influence: Influence


def attribute(order: Order, touches: Sequence[Touch], visit: str | None, rule: Rule) -> Attribution:
    """Credits for an order. `visit` is the click id that began its visit, `other`, or None."""
    counted, excluded = _select(sorted(touches, key=_in_time), order.placed_at, rule)
    return Attribution(
        counted=tuple(counted),
        excluded=tuple(excluded),
        credits={model: _credits(order, counted, model, rule) for model in MODELS},
        influence=_influence(order, counted, excluded, visit),
    )


def _in_time(touch: Touch) -> tuple[datetime, str]:
    return touch.at, touch.id


def _select(
    touches: list[Touch], placed_at: datetime, rule: Rule
) -> tuple[list[Touch], list[Excluded]]:
    """Which touches count: inside the window (both ends included), a click and its repeat once;
    of codes what the rule says.

    A verdict on a click rests on a request's headers; a paid order that carries the click is the
    better evidence, so the verdict is shown and does not exclude.
    """
    counted: list[Touch] = []
    excluded: list[Excluded] = []
    # Shops tell whole seconds, clicks milliseconds: an order may seem to precede its own click.
    slack = _SECOND if placed_at.microsecond == 0 else _TICK
    codes = [touch for touch in touches if touch.evidence == "code"]
    for touch in touches:
        if touch.evidence == "code":
            continue
        if touch.at >= placed_at + slack:
            excluded.append(Excluded(touch=touch, why="after_order"))
        elif placed_at - touch.at > rule.window:
            excluded.append(Excluded(touch=touch, why="before_window"))
        elif any(e.link == touch.link and touch.at - e.at <= _SAME_CLICK for e in counted):
            excluded.append(Excluded(touch=touch, why="same_click"))
        else:
            counted.append(touch)
    why = _why_not_codes(bool(counted), rule)
    if why is None:
        return counted + codes, excluded
    return counted, excluded + [Excluded(touch=code, why=why) for code in codes]


def _why_not_codes(
    is_clicked: bool, rule: Rule
) -> Literal["code_beside_click", "code_ignored"] | None:
    if rule.coupons == "code_ignored":
        return "code_ignored"
    return "code_beside_click" if rule.coupons == "code_fills" and is_clicked else None


def _influence(
    order: Order, counted: list[Touch], excluded: list[Excluded], visit: str | None
) -> Influence:
    """Whether the order's own visit began with a share click (last click), or only an earlier
    one did (assisted). Where nobody said, a last click within half an hour began it; a code alone
    assists.
    """
    if not counted:
        return "none"
    if visit is not None:
        repeats = [each.touch for each in excluded if each.why == "same_click"]
        began = visit in {touch.id for touch in [*counted, *repeats]}
        return "last_click" if began else "assisted"
    newest = max((touch.at for touch in counted if touch.evidence != "code"), default=None)
    recent = newest is not None and order.placed_at - newest <= _SAME_VISIT
    return "last_click" if recent else "assisted"


def _credits(order: Order, counted: list[Touch], model: Model, rule: Rule) -> tuple[Credit, ...]:
    if not counted:
        return ()
    ages = [max(0.0, (order.placed_at - touch.at) / _DAY) for touch in counted]
    weights = MODELS[model](ages, rule)
    whole = sum(weights)
    amounts = share_out(order.net, weights)
    return tuple(
        Credit(touch=touch, share=weight / whole, amount=amount)
        for touch, weight, amount in zip(counted, weights, amounts, strict=True)
    )


# ── the models: ages in days, oldest first → weights ─────────────────────────────────────────────
def _last(ages: list[float], _rule: Rule) -> list[float]:
    return [0.0] * (len(ages) - 1) + [1.0]


def _first(ages: list[float], _rule: Rule) -> list[float]:
    return [1.0] + [0.0] * (len(ages) - 1)


def _linear(ages: list[float], _rule: Rule) -> list[float]:
    return [1.0] * len(ages)


def _position(ages: list[float], _rule: Rule) -> list[float]:
    """100; 50/50; else 40/20/40 with the 20 split over those between."""
    if len(ages) <= 2:
        return [1.0] * len(ages)
    between = len(ages) - 2
    return [2.0, *[1.0 / between] * between, 2.0]


def _time_decay(ages: list[float], rule: Rule) -> list[float]:
    """2^(−age / half-life)."""
    return [2 ** (-age / rule.half_life_days) for age in ages]


MODELS: dict[Model, Callable[[list[float], Rule], list[float]]] = {
    "last": _last,
    "first": _first,
    "linear": _linear,
    "position": _position,
    "time_decay": _time_decay,
}
