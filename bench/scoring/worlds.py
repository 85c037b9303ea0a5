"""Shops with known truth: what the product sees of them, and what each influencer really sells.

Every order has one cause: an influencer's visit, or nobody, where the visitor would have bought
anyway. Others on its path share its credit and caused nothing. So the truth is exact: the revenue
of the orders that an influencer causes, in expectation under the rates of the coming four weeks,
because no rule can know the luck of single orders. Orders are those that were kept: what is
refunded stands in neither records nor truth. All touches of a path fall into one week.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bench.scoring import population
from bench.scoring.population import Influencer, Kind
from bench.scoring.scenarios import Scenario
from sharetrail.analysis.score.expectation import HORIZON, InfluencerWeek, Record

WEEKS = (12, 26)
"""Observed, drawn between: from the least that knows who is rising to all that a score looks at."""
ORDER_SPREAD = 0.8
"""Deviation of the logarithm of an order's value: as wide as baskets usually are, CV 0.95."""
MOST_TOUCHES = 6
"""On one path."""
SELF_ORDERS = 0.5
"""A week: what one buys through one's own link, for oneself and for friends who asked."""
SELF_CAUGHT = 0.5
"""The part of them that an e-mail or a customer id gives away."""


@dataclass(frozen=True, kw_only=True)
class World:
    """Influencer → what is known of them. Money in minor units, of the coming four weeks."""

    records: tuple[Record, ...]
    """As analysis/score/history.py makes them: linear credit, human clicks, doubted left out."""
    followers: dict[str, float]
    kinds: dict[str, Kind]
    truth: dict[str, float]
    """Incremental revenue, expected."""
    expected_credits: dict[str, float]
    """Linear: what a score's interval is about."""
    credits: dict[str, float]
    """Linear, as they came."""


def make(scenario: Scenario, seed: str) -> World:
    """The same seed makes the same world."""
    dice = Random(seed)
    observed = dice.randint(*WEEKS)
    people = population.draw(scenario, observed + HORIZON, dice)
    weeks = [_week(people, week, scenario, dice) for week in range(observed + HORIZON)]
    seen, coming = weeks[:observed], weeks[observed:]
    return World(
        records=tuple(
            Record(influencer=one.name, network=one.network, weeks=tuple(own))
            for one, *own in zip(people, *reversed(seen), strict=True)
        ),
        followers={one.name: one.followers for one in people},
        kinds={one.name: one.kind for one in people},
        truth={one.name: one.caused_share * sum(map(one.revenue, _COMING)) for one in people},
        expected_credits=_expected_credits(people, scenario),
        credits={
            one.name: sum(week.revenue for week in own)
            for one, *own in zip(people, *coming, strict=True)
        },
    )


# ── what happens in a week ───────────────────────────────────────────────────────────────────────
_COMING = range(-HORIZON, 0)


def _week(
    people: list[Influencer], week: int, scenario: Scenario, dice: Random
) -> list[InfluencerWeek]:
    """Everyone's, in their order."""
    tallies = [InfluencerWeek(shares=1) for _ in people]
    begun: list[int] = []
    for place, one in enumerate(people):
        pace, rate = one.paces[week], one.rates[week]
        begun += [place] * poisson(pace * rate, dice)
        missed = poisson(one.bots * (1 - scenario.recall), dice)
        tallies[place].clicks += poisson(pace * (1 - rate), dice) + missed
        if one.kind == "self-referrer":
            _buy_oneself(tallies[place], one, dice)
    paces = [one.paces[week] for one in people]
    others = iter(dice.choices(range(len(people)), paces, k=len(begun) * MOST_TOUCHES))
    for place in begun:
        path = [place]
        while len(path) < MOST_TOUCHES and dice.random() < scenario.overlap:
            path.append(next(others))  # everyone is met as often as they are clicked
        dice.shuffle(path)
        path.sort(key=lambda place: people[place].kind == "closer")  # they come last
        _credit(tallies, path, _value(people[place], dice))
    return tallies


def _buy_oneself(tally: InfluencerWeek, one: Influencer, dice: Random) -> None:
    for _ in range(poisson(SELF_ORDERS, dice)):
        if dice.random() < SELF_CAUGHT:
            tally.doubted += _value(one, dice)
        else:
            _credit([tally], [0], _value(one, dice))


def _credit(tallies: Sequence[InfluencerWeek], path: Sequence[int], value: float) -> None:
    share = 1 / len(path)
    for place in path:
        tallies[place].clicks += 1
        tallies[place].orders += share
        tallies[place].squares += share * share
        tallies[place].revenue += value * share
    tallies[path[0]].first += value
    tallies[path[-1]].last += value


def _value(one: Influencer, dice: Random) -> float:
    return one.value * dice.lognormvariate(-(ORDER_SPREAD**2) / 2, ORDER_SPREAD)


def poisson(mean: float, dice: Random) -> int:
    """Knuth's for small means; beyond, the normal that it tends to."""
    if mean > 60:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    count, left, floor = 0, dice.random(), math.exp(-mean)
    while left > floor:
        count += 1
        left *= dice.random()
    return count


# ── what is to be expected ───────────────────────────────────────────────────────────────────────
def _expected_credits(people: Sequence[Influencer], scenario: Scenario) -> dict[str, float]:
    """Of orders that begin with oneself the part of one touch among all; of every order the part
    of the others, by how often one is among them; and what one bought and was not caught at."""
    own = _own_part(scenario.overlap)
    bought = HORIZON * SELF_ORDERS * (1 - SELF_CAUGHT)
    credits = {one.name: bought * one.value * (one.kind == "self-referrer") for one in people}
    for week in _COMING:
        sold = sum(one.revenue(week) for one in people)
        clicked = sum(one.paces[week] for one in people)
        for one in people:
            met = (1 - own) * sold * one.paces[week] / clicked
            credits[one.name] += own * one.revenue(week) + met
    return credits


def _own_part(overlap: float) -> float:
    """The mean of 1 / touches over paths that go on with this chance, up to the most touches."""
    most = MOST_TOUCHES - 1
    chances = [overlap**others * (1 - overlap) for others in range(most)]
    return sum(chance / (1 + n) for n, chance in enumerate(chances)) + overlap**most / MOST_TOUCHES
