"""The score of an influencer: expected credited net revenue over the next four weeks.

It is the expectation (clicks, rate, order value) less a discount for partners who only ever come
last. It ranks credit; it does not say what would have been sold without the influencer.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, log
from statistics import median

from sharetrail.analysis.score import expectation, score_discount, tiers
from sharetrail.analysis.score.expectation import HORIZON, Estimate, Parts, Record
from sharetrail.analysis.score.factors import Factors, Waterfall, waterfall
from sharetrail.analysis.score.tiers import ADVICE, Spread, Tier
from sharetrail.words.speech import say

SCORE_VERSION = "score-3"
EARLIER = 8  # weeks before the last four, against which someone is rising


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """`expected` is the revenue before the closer discount, `value` the headline after it.

    `low` to `high` is the 80 % interval of the headline: the discount is taken off it too, and
    low <= value <= high always holds. Without clicks `low` and `value` are zero and `high` is
    what half a click could bring. Money is in minor units, as a float.
    """

    influencer: str
    value: float
    expected: float
    low: float
    high: float
    percentile: float  # 0 to 100, of those who sold, for display only
    tier: Tier
    parts: Parts
    waterfall: Waterfall
    rule: str = SCORE_VERSION

    @property
    def advice(self) -> str:
        """What to do about it, in a sentence."""
        return say(ADVICE[self.tier])

    @property
    def discount(self) -> int:
        """What it is discounted by, in percent."""
        return score_discount.percent_of(self.parts.closer)

    @property
    def closer_reason(self) -> str | None:
        """Why it is discounted, in a sentence; None where it is not."""
        return score_discount.sentence(self.parts.closer)

    @property
    def told_discount(self) -> str:
        """`closer_reason`, where a reader can see what it takes off."""
        return self.closer_reason or "" if score_discount.is_telling(self.discount) else ""

    @property
    def has_sold(self) -> bool:
        return self.parts.orders > 0 and self.value > 0

    @property
    def factors(self) -> Factors:
        """They multiply to `value`."""
        return self.parts.factors(self.waterfall["fraud"])


def score_all(records: Sequence[Record], *, seed: str) -> tuple[Score, ...]:
    """The merchant's influencers, best first, ties by name. `seed` names merchant and period."""
    rising = _rising(records)  # first: of two estimates of everybody one is held at a time
    estimates = expectation.estimate_all(records)
    field = _Field(estimates, seed)
    scores = [
        _score(record.influencer, estimate, field, is_rising)
        for record, estimate, is_rising in zip(records, estimates, rising, strict=True)
    ]
    return tuple(sorted(scores, key=lambda each: (-each.value, each.influencer)))


class _Field:
    """What one score is compared with: those who sold."""

    def __init__(self, estimates: Sequence[Estimate], seed: str) -> None:
        sellers = [estimate for estimate in estimates if estimate.has_sold]
        compared = sellers or [estimate for estimate in estimates if estimate.value > 0]
        self.usual = tiers.typical([each.factors for each in compared])
        self.ranked = sorted(each.value for each in sellers)
        self._middle = median(self.ranked) if sellers else 0.0
        self._chances = tiers.top_chances(map(_spread, sellers), seed=seed)
        contenders = filter(None, map(self._contender, sellers))
        self._golden = tiers.best_tenth(contenders, field=len(sellers))

    def is_golden(self, estimate: Estimate) -> bool:
        return estimate.has_sold and self._contender(estimate) in self._golden

    def _contender(self, estimate: Estimate) -> tiers.Contender | None:
        if estimate.low_value <= self._middle or tiers.is_in_doubt(estimate.parts):
            return None
        return tiers.Contender(self._chances[_spread(estimate)], estimate.low_value)


def _rising(records: Sequence[Record]) -> list[bool]:
    """Whose last four weeks brought more than the interval of the eight weeks before allows.

    Both are credited revenue before the closer discount. Nobody is rising before the merchant has
    been observed for twelve weeks.
    """
    if expectation.observed_weeks(records) < HORIZON + EARLIER:
        return [False] * len(records)
    earlier = [replace(each, weeks=each.weeks[HORIZON : HORIZON + EARLIER]) for each in records]
    return [
        fsum(week.revenue for week in record.weeks[:HORIZON]) > estimate.high
        for record, estimate in zip(records, expectation.estimate_all(earlier), strict=True)
    ]


def _score(influencer: str, estimate: Estimate, field: _Field, rising: bool) -> Score:
    parts = estimate.parts
    tier = tiers.choose_tier(parts, is_gold=field.is_golden(estimate), is_rising=rising)
    return Score(
        influencer=influencer,
        value=estimate.value,
        expected=estimate.expected,
        low=estimate.low_value,
        high=estimate.high * parts.closer,
        percentile=_percentile(estimate, field.ranked),
        tier=tier,
        parts=parts,
        waterfall=waterfall(estimate.factors, field.usual),
    )


def _spread(estimate: Estimate) -> Spread:
    return Spread(log(estimate.value) + expectation.log_quantile(estimate.sd, 0), estimate.sd)


def _percentile(estimate: Estimate, ranked: Sequence[float]) -> float:
    """The share of the others who sold that is below, ties counting half; 50 if there are none."""
    below, through = bisect_left(ranked, estimate.value), bisect_right(ranked, estimate.value)
    others, tied = len(ranked) - estimate.has_sold, through - below - estimate.has_sold
    return 100 * (below + tied / 2) / others if others else 50.0
