"""Why a score rose or fell between two weeks: five factors that multiply to the change. Pure."""

from dataclasses import dataclass, field
from datetime import date
from math import log

from sharetrail.analysis.score.factors import Factors
from sharetrail.analysis.score.score import Score
from sharetrail.analysis.share_tree import Branch

_WORDS = {
    "clicks": ("more clicks", "fewer clicks"),
    "rate": ("a better rate", "a worse rate"),
    "order_value": ("larger orders", "smaller orders"),
    "closer": ("less often only the last touch", "more often only the last touch"),
    "fraud": ("fewer orders in doubt", "more orders in doubt"),
}
_SAME = 0.1
_CAUSES = {**_WORDS, "closer": ("coming last less often", "coming last more often")}
_OFTEN = 10  # from ten times as much, "12 times" reads better than "up 1,100 %"


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
            return (
                "Scores are computed in another way since the week before, so the two do not "
                "compare."
            )
        if self.factors is None:
            return _from_nothing(self.old, self.new)
        moved = _direction(self.new.value / self.old.value)
        if moved is None:
            return "As the week before."
        if self.is_within:
            return f"{moved} since the week before, within its interval: too little to tell."
        reasons = _reasons(self.factors, is_up=self.new.value > self.old.value)
        return f"{moved} since the week before: {reasons}."

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
            return "Computed in another way since."
        if self.is_within:
            apart = abs(self.new.value - self.old.value)
            is_same = apart == 0 or apart < _SAME * self.old.value
            return "About the same." if is_same else "In range."
        way = "Risen" if self.way == "up" else "Fallen"
        if self.factors is None:
            return f"{way}."
        along = _along(self.factors, is_up=self.way == "up") or ["a little of everything"]
        return f"{way} by {along[0]}."


def _from_nothing(old: Score, new: Score) -> str:
    if new.value > 0:
        return "Nothing was expected the week before: there was no order to go by."
    if old.value > 0:
        return "Nothing is expected any more."
    return "Nothing is expected, as the week before."


def _direction(ratio: float) -> str | None:
    """`Up 40 %`; None for less than half a percent."""
    if ratio >= _OFTEN:
        return f"Up to {ratio:.0f} times"
    percent = round(100 * (ratio - 1))
    if not percent:
        return None
    return f"{'Up' if percent > 0 else 'Down'} {abs(percent)} %"


def _reasons(factors: Factors, *, is_up: bool) -> str:
    """What moved the score its way, largest first, and what held against it."""
    telling = [each for each in factors._asdict().items() if round(100 * (each[1] - 1))]
    telling.sort(key=lambda each: -abs(log(each[1])))
    along = [_reason(*each) for each in telling if (each[1] > 1) == is_up]
    against = [_reason(*each) for each in telling if (each[1] > 1) != is_up]
    despite = f", in spite of {', '.join(against)}" if against else ""
    return (", ".join(along) or "a little of everything") + despite


def _along(factors: Factors, *, is_up: bool) -> list[str]:
    """What moved the score its way, largest first, without by how much."""
    moved = [(name, each) for name, each in factors._asdict().items() if round(100 * (each - 1))]
    moved.sort(key=lambda each: -abs(log(each[1])))
    return [_CAUSES[name][not is_up] for name, factor in moved if (factor > 1) == is_up]


def _reason(name: str, factor: float) -> str:
    more, less = _WORDS[name]
    size = f"{factor:.0f} times" if factor >= _OFTEN else f"{100 * (factor - 1):+.0f} %"
    return f"{more if factor > 1 else less} ({size.replace('-', '−')})"
