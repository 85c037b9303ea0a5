"""What a score means to the merchant: the chance of the top tenth, tier, advice, waterfall.

Everything here is relative to the *field*: the merchant's influencers with a credited order that is
not in doubt. Anybody can have links and clicks: those take no place in it, so that adding them
moves nobody. Who can cause a tier? *gold*, *rising* and *steady* are earned by orders, *unproven*
is for want of them, *review* is by orders in doubt that were paid for, each of which is seen and
can be released: whoever wants to put another there buys by their links, for three sevenths of what
they sell themselves.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from math import erfc, fsum, sqrt
from statistics import median
from typing import Literal, NamedTuple

from sharetrail.analysis.score.expectation import Parts
from sharetrail.analysis.score.factors import Factors
from sharetrail.words.speech import mark

Tier = Literal["gold", "rising", "unproven", "review", "steady"]

TOP_PART = 10  # gold is at most the top 1/10 of the field: of nine nobody
GOLD_CHANCE = 0.5
DRAWS = 2_000
DRAWN_FIELD = 500  # the largest field that is drawn: a million normal numbers
HALVINGS = 30

REVIEW_SHARE = 0.3
PROVEN_ORDERS = 2.0  # expected in the coming four weeks

ADVICE: dict[Tier, str] = {
    "gold": mark(
        "Thank them in person and offer them something exclusive: they are probably among your best"
        " tenth."
    ),
    "rising": mark(
        "Send a gift now: their last four weeks brought more than the eight before gave reason to"
        " expect."
    ),
    "unproven": mark("Watch for now: too few orders so far to judge by."),
    "review": mark("Look at their orders in doubt before you pay or thank them."),
    "steady": mark(
        "Thank them and keep in touch: orders keep coming by their links, so invite them to your"
        " next launch."
    ),
}
"""To be said where it is read."""


class Spread(NamedTuple):
    """The log-normal of one headline: the mean and the deviation of its logarithm."""

    center: float
    sd: float


class Contender(NamedTuple):
    """For a place in the best tenth: by chance, then by certainty."""

    chance: float
    low: float


def best_tenth(contenders: Iterable[Contender], field: int) -> frozenset[Contender]:
    """Who of them is gold: likelier than not, and never more than a tenth of the field. Equals whom
    the last place would part are none of them: names decide nothing.
    """
    likely = sorted((each for each in contenders if each.chance > GOLD_CHANCE), reverse=True)
    places = field // TOP_PART
    return frozenset(each for each in likely[:places] if each not in likely[places:])


def top_chances(spreads: Iterable[Spread], *, seed: str) -> dict[Spread, float]:
    """The chance of each spread to end in the top tenth of them all: no chance for fewer than ten.

    Equal spreads share one answer and are drawn in the order of their values, so that names and
    the order of arrival decide nothing.
    """
    field = sorted(spreads)
    places = len(field) // TOP_PART
    if not places:
        return dict.fromkeys(field, 0.0)
    if len(field) > DRAWN_FIELD:
        return _limit_chances(field, places)
    return _drawn_chances(field, places, random.Random(seed))  # noqa: S311 - no secret in it


def is_in_doubt(parts: Parts) -> bool:
    return parts.doubted > REVIEW_SHARE or _is_unproven(parts)


def _is_unproven(parts: Parts) -> bool:
    """Without an order of their own, all that is expected is what is usual for others: whoever
    follows links of their own would be thanked for orders that never came."""
    return parts.orders == 0 or parts.c4 * parts.rate < PROVEN_ORDERS


def choose_tier(parts: Parts, *, is_gold: bool, is_rising: bool) -> Tier:
    """The first that holds: review, unproven, gold, rising, steady."""
    if is_in_doubt(parts):
        return "review" if parts.doubted > REVIEW_SHARE else "unproven"
    if is_gold:
        return "gold"
    return "rising" if is_rising else "steady"


def typical(field: Sequence[Factors]) -> Factors:
    """The median of each factor alone: a made-up influencer, not the one in the middle, and one of
    whom nothing is in doubt. All other zeros if the field is empty.
    """
    medians = [median(column) for column in zip(*field, strict=True)]
    return Factors(*(medians or [0.0] * 5))._replace(fraud=1.0)


def _drawn_chances(field: list[Spread], places: int, dice: random.Random) -> dict[Spread, float]:
    hits: Counter[Spread] = Counter()
    for _ in range(DRAWS):
        drawn = [dice.gauss(center, sd) for center, sd in field]
        bar = sorted(drawn)[-places]
        hits.update(spread for spread, value in zip(field, drawn, strict=True) if value >= bar)
    return {spread: hits[spread] / (DRAWS * size) for spread, size in Counter(field).items()}


def _limit_chances(field: list[Spread], places: int) -> dict[Spread, float]:
    """What the draws tend to in a large field, without drawing.

    There the bar (the value of the last place) hardly moves between draws: it is where the
    expected number above it equals the places. So a chance passes one half exactly where the own
    median passes the bar, and above 500 influencers this is nearer to the truth than 2,000 draws,
    whose own error is 0.011.
    """
    low = field[0].center
    high = field[-1].center + 8 * max(sd for _, sd in field)
    for _ in range(HALVINGS):
        bar = (low + high) / 2
        crowded = fsum(_above(bar, spread) for spread in field) > places
        low, high = (bar, high) if crowded else (low, bar)
    return {spread: _above(high, spread) for spread in field}


def _above(bar: float, spread: Spread) -> float:
    return erfc((bar - spread.center) / (spread.sd * sqrt(2))) / 2
