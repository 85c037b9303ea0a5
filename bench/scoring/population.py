"""The influencers of a made-up shop: their reach, their rates week by week, and what they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from bench.scoring.scenarios import Scenario
from sharetrail.analysis.score.expectation import HORIZON

Kind = Literal["ordinary", "closer", "farm", "self-referrer"]

REACH = 1.5
"""Deviation of the logarithm of followers: between the 5th and the 95th of a hundred lies a factor
of 140, from a customer with friends to a professional."""
CLICKS_PER_FOLLOWER = -0.25
"""Power of followers that clicks per follower follow: ten times the followers click 56 % as often,
for small accounts are closer to their people."""
ENGAGEMENT = 0.6
"""Deviation of the logarithm of what else clicks per follower depend on. Together with the two
above a shop's most clicked tenth brings half of its clicks."""
EFFECT = 0.03
"""Mean share of an ordinary influencer's visits that cause an order: with the closers' one order
per 24 clicks, a usual rate of visits that were recommended."""
NETWORKS = {"instagram": 1.0, "tiktok": 0.8, "whatsapp": 1.3, "pinterest": 0.9}
"""Network → its visitors' readiness to buy: messages from friends before feeds."""
ORDER_VALUE = 6_000.0
"""Mean, in minor units; nothing depends on it."""
AUDIENCE_SPREAD = 0.3
"""Deviation of the logarithm of audiences' mean order values: some buy for a third more."""
RETURN = 4
"""Weeks after which half of a deviation is left: a wave lasts about a month."""
FARM_CLICKS = 3.0
"""What a farm's bots click, in a usual influencer's clicks: less would not pay, more is noticed."""
FARM_PEOPLE = 0.1
"""People among a farm's followers, beside a real account of its size."""


@dataclass(frozen=True, kw_only=True)
class Influencer:
    """Week by week, oldest first, the last four in the future: `paces` are people's clicks as
    expected, `rates` the orders per click that begin with this influencer, caused or not."""

    name: str
    network: str
    kind: Kind
    followers: float
    paces: Sequence[float]
    rates: Sequence[float]
    value: float
    """Mean order value of the audience."""
    bots: float
    """Clicks a week that are nobody's."""
    caused_share: float
    """The part of those orders that would not have come without it."""

    def revenue(self, week: int) -> float:
        """Revenue expected in a week from orders that begin with this influencer."""
        return self.paces[week] * self.rates[week] * self.value


def draw(scenario: Scenario, weeks: int, dice: Random) -> list[Influencer]:
    """They click as much as the scenario says in a usual four weeks; bots come on top."""
    kinds = [_kind(scenario, dice) for _ in range(scenario.influencers)]
    followers = [dice.lognormvariate(8, REACH) for _ in kinds]
    reach = [_reach(kind, own, dice) for kind, own in zip(kinds, followers, strict=True)]
    a_reach = scenario.clicks / HORIZON / sum(reach)
    return [
        _influencer(scenario, f"i{number:03}", kind, own, clicks * a_reach, weeks, dice)
        for number, (kind, own, clicks) in enumerate(zip(kinds, followers, reach, strict=True))
    ]


def _kind(scenario: Scenario, dice: Random) -> Kind:
    kinds: tuple[Kind, ...] = ("closer", "farm", "self-referrer", "ordinary")
    odds = (scenario.closers, scenario.farms, scenario.selves)
    return dice.choices(kinds, (*odds, 1 - sum(odds)))[0]


def _reach(kind: Kind, followers: float, dice: Random) -> float:
    people = followers ** (1 + CLICKS_PER_FOLLOWER) * dice.lognormvariate(0, ENGAGEMENT)
    return people * FARM_PEOPLE if kind == "farm" else people


def _influencer(
    scenario: Scenario,
    name: str,
    kind: Kind,
    followers: float,
    pace: float,
    weeks: int,
    dice: Random,
) -> Influencer:
    network, shape = dice.choice(tuple(NETWORKS)), 1 / scenario.effect_cv**2
    effect = dice.gammavariate(shape, EFFECT / shape) * NETWORKS[network]
    rate = scenario.anyway if kind == "closer" else effect
    drift = scenario.drift / math.sqrt(2)  # half of the variance
    usual = scenario.clicks / HORIZON / scenario.influencers
    return Influencer(
        name=name,
        network=network,
        kind=kind,
        followers=followers,
        paces=_wander(pace, drift, weeks, dice),
        rates=[min(1.0, value) for value in _wander(rate, drift, weeks, dice)],
        value=ORDER_VALUE * dice.lognormvariate(0, AUDIENCE_SPREAD),
        bots=FARM_CLICKS * usual if kind == "farm" else 0.0,
        caused_share=scenario.caused_share if kind == "closer" else 1.0,
    )


def _wander(level: float, drift: float, weeks: int, dice: Random) -> list[float]:
    """A level times a lognormal factor of mean 1 that wanders away and comes back (AR(1))."""
    memory = 0.5 ** (1 / RETURN)
    fresh = drift * math.sqrt(1 - memory**2)
    away, walk = dice.gauss(0, drift), []
    for _ in range(weeks):
        walk.append(level * math.exp(away - drift**2 / 2))
        away = memory * away + dice.gauss(0, fresh)
    return walk
