"""What a KPI comes to: an exact number, or why it is not known. Pure."""

from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt
from typing import Literal

from sharetrail.words import change as noise
from sharetrail.words.speech import mark

Unit = Literal["count", "money", "share", "ratio", "seconds"]
"""Whole numbers; minor units of the shop's currency; parts of one; how many of one for each of
another; seconds."""
Judgement = Literal["up", "down", "unclear", "too_few"]


@dataclass(frozen=True)
class Figure:
    """`top / bottom`, exactly: 3 of 40 is neither rounded nor a float."""

    top: int
    bottom: int = 1
    rests_on: tuple[int, ...] = ()
    """How many independent events it was counted of: the first those of `top`. Chance moves it by
    their spread. Empty of what is no sample, like followers."""
    spread: float = 1
    """1 + cv² of what each of the first is worth: of orders' values more than of a count."""
    is_worth: bool = False
    """Whether `top` is what those events are worth, or last, and not how many they are."""
    is_part: bool = False
    """Whether some that belongs to it could not be added: it differs from no other, and meets or
    misses no target."""
    of: tuple[str, ...] = ()
    """The networks that it is of: of others it is another figure, and compares with none."""
    told_on: tuple[int | None, ...] = ()
    """On how many days each of them told it, where days that say nothing make it less; None where
    all of them did."""

    @property
    def value(self) -> Fraction:
        return Fraction(self.top, self.bottom)

    @property
    def variance(self) -> float:
        """Relative: of independent Poisson counts it is the sum of 1/n (by the delta method)."""
        first, *others = self.rests_on or (0,)
        if not first or not all(others):
            return 0
        return self.spread / first + sum(1 / each for each in others)


@dataclass(frozen=True)
class Unknown:
    why: str
    """A sentence for people, to be said by speech.say."""


Reading = Figure | Unknown

SILENT = Unknown(mark("nothing was heard of the shop in these days"))
NO_FIGURES = Unknown(mark("no figures of your networks were told"))
NO_FOLLOWERS = Unknown(mark("no numbers of followers were told"))
NO_POSTS = Unknown(mark("no numbers of posts were told"))
NO_PAGES = Unknown(mark("no page of the shop was heard, as if the script were not there"))
NO_VISITS = Unknown(mark("people came, and no page told of a visit"))
NO_TIMES = Unknown(mark("no page has said yet how long it was looked at"))
NO_LEADS = Unknown(mark("no page tells of leads"))
NO_COSTS = Unknown(mark("no costs were told"))
NO_RATE = Unknown(mark("of what it cost no exchange rate is known"))
NO_DISCOUNTS = Unknown(mark("the shop does not tell what its codes took off"))
NOTHING_COST = Unknown(mark("nothing was spent"))
OTHER_NETWORKS = Unknown(mark("it was told of other networks than now"))
OTHER_DAYS = Unknown(mark("it was told of more of the days, or of fewer, than now"))
NOBODY = Unknown(mark("there is nothing to divide by"))


_SELDOM = 0.05
"""What chance does beyond NOISE standard errors."""


def ratio(top: int, bottom: int, *rests_on: int, spread: float = 1) -> Reading:
    """Unknown where there is nothing to divide by. Without more said it counts both; what rests on
    others is what those are worth."""
    if bottom <= 0:
        return NOBODY
    return Figure(top, bottom, rests_on or (top, bottom), spread, is_worth=bool(rests_on))


def judge(now: Figure, before: Figure) -> Judgement:
    """Whether the one differs from the other by more than chance and more than slightly: as
    words/change.py judges counts, by the logarithm of how many times the one is the other."""
    if now.rests_on and before.rests_on and now.rests_on[0] + before.rests_on[0] < noise.FEW:
        return "too_few"
    if now.value != before.value and _is_nothing_by_chance(now, before):
        return "too_few"
    return _apart(now.value, before.value, now.variance + before.variance)


def _is_nothing_by_chance(one: Figure, other: Figure) -> bool:
    """Whether one is of no event, as it well might be were all of both as likely on either side:
    each then falls on the other's side by its part of what both are divided by."""
    none, some = sorted((one, other), key=lambda each: each.rests_on[:1])
    if none.rests_on[:1] != (0,):
        return False
    by_chance = float(Fraction(some.bottom, some.bottom + none.bottom)) ** some.rests_on[0]
    return 2 * by_chance > _SELDOM


def judge_against(now: Figure, aim: Fraction) -> Judgement:
    """The same beside what is no sample: somebody's target. Of few events it can be told, too,
    where the target would have had many."""
    if now.rests_on and max(Fraction(now.rests_on[0]), _expected(now, aim)) < noise.FEW / 2:
        return "too_few"
    return _apart(now.value, aim, now.variance, slight=0)


def _expected(now: Figure, aim: Fraction) -> Fraction:
    """How many events of what was counted would have met the aim; none of what is no count."""
    return Fraction(0) if now.is_worth else aim * now.bottom


def _apart(
    now: Fraction, before: Fraction, variance: float, slight: float = noise.SLIGHT
) -> Judgement:
    if now == before:
        return "unclear"
    way: Judgement = "up" if now > before else "down"
    if now <= 0 or before <= 0:  # of which there is no logarithm; more than a few events part them
        return way
    apart = abs(log(now / before))
    is_noise = apart <= noise.NOISE * sqrt(variance) or abs(now - before) <= slight * before
    return "unclear" if is_noise else way
