"""Why a score rose or fell between two weeks: five factors that multiply to the change. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import log

from sharetrail.analysis.score.factors import Factors
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.share_tree import Branch
from sharetrail.words import formats, shares
from sharetrail.words.speech import listed, mark, say, say_n, spoken

_WORDS = {
    # For translators: why a score moved, in "Up 40% since the week before: more clicks (+8%)."
    "clicks": (mark("more clicks ({size})"), mark("fewer clicks ({size})")),
    "rate": (mark("a better rate ({size})"), mark("a worse rate ({size})")),
    "order_value": (mark("larger orders ({size})"), mark("smaller orders ({size})")),
    "closer": (
        mark("less often only the last touch ({size})"),
        mark("more often only the last touch ({size})"),
    ),
    "fraud": (mark("fewer orders in doubt ({size})"), mark("more orders in doubt ({size})")),
}
_SAME = 0.1
_RISEN = {
    # For translators: an amount of expected sales.
    "clicks": mark("Risen by more clicks."),
    "rate": mark("Risen by a better rate."),
    "order_value": mark("Risen by larger orders."),
    "closer": mark("Risen by coming last less often."),
    "fraud": mark("Risen by fewer orders in doubt."),
    "": mark("Risen by a little of everything."),
}
_FALLEN = {
    "clicks": mark("Fallen by fewer clicks."),
    "rate": mark("Fallen by a worse rate."),
    "order_value": mark("Fallen by smaller orders."),
    "closer": mark("Fallen by coming last more often."),
    "fraud": mark("Fallen by more orders in doubt."),
    "": mark("Fallen by a little of everything."),
}
_WITHIN = {
    "up": mark("Up {size} since the week before, within its interval: too little to tell."),
    "down": mark("Down {size} since the week before, within its interval: too little to tell."),
    "many": mark("Up to {size} since the week before, within its interval: too little to tell."),
}
_MOVED = {
    "up": mark("Up {size} since the week before: {reasons}."),
    "down": mark("Down {size} since the week before: {reasons}."),
    "many": mark("Up to {size} since the week before: {reasons}."),
}
_MOVED_DESPITE = {
    "up": mark("Up {size} since the week before: {reasons}, in spite of {others}."),
    "down": mark("Down {size} since the week before: {reasons}, in spite of {others}."),
    "many": mark("Up to {size} since the week before: {reasons}, in spite of {others}."),
}
"""`many` where it is so many times as much."""
_OFTEN = 10  # from ten times as much, "12 times" reads better than "up 1,100%"


@dataclass(frozen=True, kw_only=True)
class ScoredWeek:
    """What a week told of an influencer, as history keeps it."""

    week: date
    """Its Monday."""
    score: Score
    sharing: Branch | None
    """The place in the share tree; None for whoever had none."""
    held: dict[str, int] = field(default_factory=dict)
    """What was credited and on hold, by the local date its hold ends, in minor units."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """From one week's score to a later one's."""

    since: date
    """The Monday of the week compared with."""
    old: Score
    new: Score

    @property
    def factors(self) -> Factors | None:
        """New over old, each above zero; None where either score is zero."""
        if not (self.old.value > 0 and self.new.value > 0):
            return None  # a product above zero has no factor that is zero
        return self.new.factors.over(self.old.factors)

    @property
    def ratio(self) -> float | None:
        """New over old: the product of the factors; None where there are none."""
        return self.new.value / self.old.value if self.factors else None

    @property
    def is_within(self) -> bool:
        """Whether the new value lies inside the old interval, both ends included."""
        return self.old.low <= self.new.value <= self.old.high

    @property
    def sentence(self) -> str:
        if self.old.rule != self.new.rule:
            return say(
                "Scores are computed in another way since the week before, so the two do not"
                " compare."
            )
        if self.factors is None:
            return _from_nothing(self.old, self.new)
        ratio = self.new.value / self.old.value
        if ratio < _OFTEN and not round(100 * (ratio - 1)):
            return say("As the week before.")
        way = "many" if ratio >= _OFTEN else "up" if ratio > 1 else "down"
        if self.is_within:
            return say(_WITHIN[way], size=_size(ratio))
        along, against = _reasons(self.factors, is_up=ratio > 1)
        reasons = listed(along) if along else say("a little of everything")
        if against:
            others = listed(against)
            return say(_MOVED_DESPITE[way], size=_size(ratio), reasons=reasons, others=others)
        return say(_MOVED[way], size=_size(ratio), reasons=reasons)

    @property
    def way(self) -> str:
        """up or down, where the new value left the old interval; else nothing."""
        if self.old.rule != self.new.rule or self.is_within:
            return ""
        return "up" if self.new.value > self.old.value else "down"

    @property
    def brief(self) -> str:
        """The sentence where the old value stands beside it: which way, and what moved it most; or
        that the new value is within the old one's range, and so may be chance."""
        if self.old.rule != self.new.rule:
            return say("Computed in another way since.")
        if self.is_within:
            apart = abs(self.new.value - self.old.value)
            is_same = apart == 0 or apart < _SAME * self.old.value
            # For translators: an amount of expected sales, beside the range it was expected in.
            return say("About the same.") if is_same else say("In range.")
        is_up = self.way == "up"
        if self.factors is None:
            # For translators: an amount of expected sales.
            return say("Risen.") if is_up else say("Fallen.")
        most = next(_along(self.factors, is_up=is_up), "")
        return say((_RISEN if is_up else _FALLEN)[most])


def _from_nothing(old: Score, new: Score) -> str:
    if new.value > 0:
        return say("Nothing was expected the week before: there was no order to go by.")
    if old.value > 0:
        return say("Nothing is expected any more.")
    return say("Nothing is expected, as the week before.")


def _size(ratio: float) -> str:
    """`40%`, `12 times`."""
    if ratio >= _OFTEN:
        return _times(ratio)
    return shares.percent(abs(round(100 * (ratio - 1))), 100, spoken())


def _times(ratio: float) -> str:
    # For translators: of as much as before.
    return say_n(round(ratio), "{n} time", "{n} times")


def _reasons(factors: Factors, *, is_up: bool) -> tuple[list[str], list[str]]:
    """What moved the score its way, largest first, and what held against it."""
    telling = [each for each in factors._asdict().items() if round(100 * (each[1] - 1))]
    telling.sort(key=lambda each: -abs(log(each[1])))
    along = [_reason(*each) for each in telling if (each[1] > 1) == is_up]
    against = [_reason(*each) for each in telling if (each[1] > 1) != is_up]
    return along, against


def _along(factors: Factors, *, is_up: bool) -> Iterator[str]:
    """The factors that moved the score its way, largest first."""
    moved = [(name, each) for name, each in factors._asdict().items() if round(100 * (each - 1))]
    moved.sort(key=lambda each: -abs(log(each[1])))
    return (name for name, factor in moved if (factor > 1) == is_up)


def _reason(name: str, factor: float) -> str:
    more, less = _WORDS[name]
    return say(more if factor > 1 else less, size=_change(factor))


def _change(factor: float) -> str:
    """`+8%`, `−50%`, `12 times`."""
    if factor >= _OFTEN:
        return _times(factor)
    sign = "+" if factor > 1 else "−"
    percent = shares.percent(abs(round(100 * (factor - 1))), 100, spoken())
    return formats.isolated(f"{sign}{percent}", spoken())
