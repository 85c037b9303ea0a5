"""What is held of an order, in parts that add up. Pure.

Several decisions may hold the same credit, and what one alone would release says nothing of what is
held in all: so each touch's credit is in one part, with all the decisions that it waits for. Mail,
pages and API tell of these parts.
"""

from collections.abc import Sequence
from datetime import datetime

from sharetrail.attribution.credit import OrderCredits, OrderFigures, is_paid
from sharetrail.attribution.fraud_rules import Decision, Effect
from sharetrail.attribution.models import Credit
from sharetrail.report.held import HeldBy, HeldOrder
from sharetrail.words.speech import mark, say, say_n

_FIRST: tuple[Effect, ...] = ("withhold", "doubt", "wait")
"""Of several that hold a part, which one is told first."""
_WHYS = {
    # For translators: why credit is held, in "Held: the buyer had ordered before."
    "self_email": mark("the buyer’s e-mail is theirs"),
    "self_customer": mark("the buyer’s account is theirs"),
    "self_address": mark("it goes to their own address"),
    "shared_click": mark("another buyer had ordered by the same click"),
    "thin_evidence": mark("only a small order links the buyer"),
    "repeat_buyer": mark("the buyer had ordered before"),
}
"""In few words, none of them a stranger's."""
# For translators: why credit is held, in "Held: it is in doubt."
IN_DOUBT = mark("it is in doubt")
_Touched = tuple[tuple[Decision, ...], list[Credit]]
"""Decisions, and the credits that wait for just these."""


def of_order(
    order: OrderFigures, whole: OrderCredits | None, now: datetime
) -> tuple[HeldOrder, ...]:
    """What waits for a word before what waits for its date alone, and of each the largest first.

    Of what is withheld it is what would be theirs, were all that is withheld of it released: for
    that the `whole` order is needed; without it that is not told. What was rejected waits no more,
    whatever else is said of it.
    """
    held = _by_decisions(order, whole, now)
    sums = [(sum(line.amount for line in lines), by, lines) for by, lines in held]
    some = [each for each in sums if each[0] > 0]
    asks = sum(amount for amount, by, _ in some if _asks(by))
    waits = sum(amount for amount, by, _ in some if not _asks(by))
    parts = (_part(order, each, asks, waits) for each in some)
    return tuple(sorted(parts, key=lambda each: (not each.waits_for_a_word, -each.amount)))


def _by_decisions(order: OrderFigures, whole: OrderCredits | None, now: datetime) -> list[_Touched]:
    decisions = sorted(
        (each for each in order.decisions if each.is_open(now)),
        key=lambda each: _FIRST.index(each.effect),
    )
    rejected = [each for each in order.decisions if each.is_upheld]
    groups: dict[tuple[str, ...], _Touched] = {}
    for line in _lines_without(order, whole, [each for each in decisions if each.removes]):
        by = tuple(each for each in decisions if each.is_about(line.touch))
        if by and not any(each.is_about(line.touch) for each in rejected):
            groups.setdefault(tuple(each.id for each in by), (by, []))[1].append(line)
    return [*groups.values()]


def _lines_without(
    order: OrderFigures, whole: OrderCredits | None, removing: Sequence[Decision]
) -> tuple[Credit, ...]:
    """What the linear model gives, or would give without what removes it."""
    if removing and whole:
        return whole.lines_without(*removing)
    return tuple(order.details.lines("linear"))


def _asks(by: Sequence[Decision]) -> bool:
    """Whether somebody should say something: a wait ends by its date."""
    return any(each.effect != "wait" for each in by)


def _part(
    order: OrderFigures, held: tuple[int, tuple[Decision, ...], list[Credit]], asks: int, waits: int
) -> HeldOrder:
    amount, (first, *others), lines = held
    people = {line.touch.influencer: line.touch.name for line in lines}
    (whose, name), *more = people.items()
    return HeldOrder(
        platform=order.platform,
        order=order.order,
        name=order.name,
        placed_at=order.placed_at,
        influencer="" if more else whose,
        influencer_name="" if more else name,
        amount=amount,
        order_asks=asks,
        order_waits=waits,
        decision=first.id,
        effect=first.effect,
        why=why(first),
        until=first.until,
        also=tuple(map(_by, others)),
        is_paid=is_paid(order),
    )


def _by(decision: Decision) -> HeldBy:
    return HeldBy(
        decision=decision.id, effect=decision.effect, why=why(decision), until=decision.until
    )


def why(decision: Decision) -> str:
    """Why it is held, as stands behind a colon."""
    if decision.rule == "last_second":
        # For translators: why credit is held, in "Held: bought 2 seconds after the click."
        return say_n(
            round(decision.inputs.get("seconds", 0)),
            "bought {n} second after the click",
            "bought {n} seconds after the click",
        )
    return say(_WHYS.get(decision.rule, IN_DOUBT))
