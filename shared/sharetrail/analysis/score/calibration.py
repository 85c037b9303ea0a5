"""How past intervals held: whether what came lay in the 80 % ranges that were told. Pure.

A range is of what is *to be expected*; what comes scatters around that, most where few orders are
expected. So beside how many ranges had what came stands how many were due: how many would have had
it on average, were every score right and orders chance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import exp, fsum, lgamma, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from sharetrail.analysis.score.expectation import EIGHTY_PERCENT, HORIZON
from sharetrail.analysis.score.history import History
from sharetrail.analysis.score.score import Score
from sharetrail.words import formats
from sharetrail.words.speech import say, say_n

MOST_WEEKS = 12
FEWEST = 20
"""Ranges, under which nothing is said."""
_NODES = 16
"""Of the distribution of what is to be expected, each as likely."""
_MANY = 60.0
"""Orders from which on a normal distribution is near enough."""
_NORMAL = NormalDist()


class Range(NamedTuple):
    """What was told of one influencer's coming four weeks, before the discount for closers, which
    is no forecast. Minor units."""

    low: float
    high: float
    due: float
    """The chance that it had what came, were it right."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How past intervals held: of the 80 % ranges of so many scored weeks, how many had what came
    in the four weeks that followed, refunds taken off."""

    weeks: int
    ranges: int
    held: int
    """Ranges that had it."""
    due: int = 0
    """How many would have, were they right: fewer than 80 % of them, since single orders scatter
    around what is to be expected."""

    @property
    def is_enough(self) -> bool:
        """Whether there are enough ranges to say something."""
        return self.ranges >= FEWEST

    def sentence(self, language: str) -> str:
        """Of it, the same wherever it is told, with numbers as the language writes them. Whether
        the two parts differ is not judged: the ranges are of few people, again and again."""
        if not self.is_enough:
            return say("Too few ranges have had their four weeks to tell how they hold.")
        numbers = (self.held, self.ranges, self.due)
        held, ranges, due = (formats.number(each, language) for each in numbers)
        return say_n(
            self.weeks,
            "In the week that can be judged, {held} of {ranges} ranges held what came; about {due}"
            " is what one can expect.",
            "In the {n} weeks that can be judged, {held} of {ranges} ranges held what came; about"
            " {due} is what one can expect.",
            held=held,
            ranges=ranges,
            due=due,
        )


def range_of(score: Score) -> Range | None:
    """None where nothing was expected."""
    closer = score.parts.closer
    low, high = score.low / closer, score.high / closer
    unit = score.parts.order_value * score.parts.phi
    return Range(low, high, _due(low, high, unit)) if low > 0 and unit > 0 else None


def calibrate(
    told: Iterable[tuple[int, Mapping[str, Range]]], histories: Mapping[str, History]
) -> Calibration:
    """`told` are the ranges of weeks by their age, and `histories` those of the newest week's
    analysis. A week whose following four have not all passed is passed over."""
    ages = set()
    came, ranges = [], []
    for age, of_week in told:
        if age < HORIZON:
            continue
        ages.add(age)
        for influencer, each in of_week.items():
            ranges.append(each)
            came.append(_came(histories.get(influencer), age))
    held = [each.low <= amount <= each.high for each, amount in zip(ranges, came, strict=True)]
    due = round(fsum(each.due for each in ranges))
    return Calibration(weeks=len(ages), ranges=len(ranges), held=sum(held), due=due)


def _came(history: History | None, age: int) -> float:
    """Credited in the four weeks behind the week of that age, as a score expects it."""
    if history is None:
        return 0.0
    following = (history.weeks.get(age - n) for n in range(1, HORIZON + 1))
    return fsum(week.revenue for week in following if week)


# ── what was due ─────────────────────────────────────────────────────────────────────────────────
def _due(low: float, high: float, unit: float) -> float:
    """The chance that what comes lies between, where the expectation is the log-normal whose middle
    80 % these are, and what comes are so many orders as Poisson's law gives, each exponential
    around `unit`: their variance is twice the square of their mean, where the score takes 1.9."""
    center, sd = (log(low) + log(high)) / 2, log(high / low) / (2 * EIGHTY_PERCENT)
    places = (_NORMAL.inv_cdf((node + 0.5) / _NODES) for node in range(_NODES))
    means = [exp(center + sd * place) / unit for place in places]
    within = (_up_to(high / unit, mean) - _up_to(low / unit, mean) for mean in means)
    return fsum(within) / _NODES


def _up_to(amount: float, mean: float) -> float:
    """The chance of at most so much, in units of an order, where `mean` orders are expected.

    The sum of k exponentials is at most y as often as a Poisson count of mean y is at least k; so
    it is the chance that of two Poisson counts that of the amount is not the smaller one.
    """
    if amount + mean > _MANY:
        return _NORMAL.cdf((amount - mean + 0.5) / sqrt(amount + mean))
    most = int(_MANY + 8 * sqrt(_MANY))
    orders, fits = _poisson(mean, most), _poisson(amount, most)
    smaller = [0.0, *accumulate(fits)]
    return fsum(chance * (1 - smaller[k]) for k, chance in enumerate(orders))


def _poisson(mean: float, most: int) -> list[float]:
    return [exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(most + 1)]
