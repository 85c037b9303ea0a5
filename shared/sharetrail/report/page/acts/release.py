"""What of an order a decision's release would set free, and what would wait on. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.attribution.touch import Touch

Fate = Literal["free", "asks", "waits", "rejected"]
"""Of a credit that is released: earned; still for another word, or another date; or rejected by
another word already."""
_MOST_NAMED = 4
"""People; the others are told together."""


@dataclass(frozen=True, kw_only=True)
class Released:
    """What is somebody's of it, and shares one fate."""

    name: str
    """Empty of several who have least."""
    amount: int
    fate: Fate
    waits_until: datetime | None = None


def parts_of(order: OrderCredits, decision: Decision, now: datetime) -> tuple[Released, ...]:
    """Of all that the decision is about, as it stands among the others."""
    others = [each for each in order.decisions if each.id != decision.id]
    lines = [line for line in order.lines_without(decision) if decision.is_about(line.touch)]
    called = {line.touch.influencer: line.touch.name for line in lines}
    by_person: Counter[str] = Counter()
    for line in lines:
        by_person[line.touch.influencer] += line.amount
    named = {who for who, _ in by_person.most_common(_MOST_NAMED)}
    amounts: Counter[tuple[str, Fate, datetime | None]] = Counter()
    for line in lines:
        who = line.touch.influencer
        amounts[called[who] if who in named else "", *_fate(line.touch, others, now)] += line.amount
    return tuple(
        Released(name=name, amount=amount, fate=fate, waits_until=until)
        for (name, fate, until), amount in amounts.items()
        if amount > 0
    )


def _fate(touch: Touch, others: Sequence[Decision], now: datetime) -> tuple[Fate, datetime | None]:
    about = [each for each in others if each.is_about(touch)]
    holding = [each for each in about if each.is_holding(now)]
    if any(each.is_upheld for each in about):
        return "rejected", None
    if any(each.effect == "doubt" for each in holding):
        return "asks", None
    if holding:
        return "waits", max((each.until for each in holding if each.until), default=None)
    return "free", None


def with_others(order: OrderCredits, decision: Decision, now: datetime) -> int | None:
    """What its release sets free, were all that is withheld of the order released as well; None
    where nothing else is."""
    others = [
        each
        for each in order.decisions
        if each.removes and each.is_open(now) and each.id != decision.id
    ]
    if not others:
        return None
    own = [line.touch.id for line in order.lines_without(decision)]
    lines = [line for line in order.lines_without(decision, *others) if line.touch.id in own]
    return sum(line.amount for line in lines if decision.is_about(line.touch))
