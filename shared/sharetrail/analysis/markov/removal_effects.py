"""What networks and influencers are worth by their absence (Markov), from journeys. Pure.

Removal effects of four weeks' journeys, of orders 1 to 3 by network and of order 1 by influencer.
"""

from collections.abc import Mapping
from typing import Any

from sharetrail.analysis.markov import journey, markov
from sharetrail.analysis.markov.journey import JourneyRecords
from sharetrail.analysis.markov.markov import Outcome, Path

ORDERS = (1, 2, 3)
INFLUENCERS, NETWORKS = 50, 24
"""At most so many, those that most journeys met; the rest are pooled as `others`. Of networks that
is more than there are, but for labels of `other`, of which a shop may have any number."""
DRAWS = {1: 200, 2: 100, 3: 100}
"""By order: a longer chain takes longer to solve."""
MARKOV_VERSION = "markov-4"
_DIGITS = 9
Figures = dict[str, list[float]]
"""Channel → its effect, its share of all effects, and that share's 80 % interval."""


def analysis_of(records: JourneyRecords) -> dict[str, Any]:
    """Effects by network and influencer; none where no journey converted, or all of them did:
    without journeys that came to nothing an absence would seem to cost everything.
    """
    ended = journey.ended_journeys(records)
    whole = sum(ended.values(), Outcome())
    networks, influencers, pooled = {}, {}, 0
    if whole.conversions and whole.nulls:
        all_networks = journey.by_channel(ended, journey.NETWORK)
        pooled = max(0, len({each for path in all_networks for each in path}) - NETWORKS)
        by_network = markov.pooled(all_networks, NETWORKS)
        by_influencer = journey.by_channel(ended, journey.INFLUENCER)
        networks = {str(order): _figures(by_network, order) for order in ORDERS}
        influencers = {"1": _figures(markov.pooled(by_influencer, INFLUENCERS), 1)}
    return {
        "networks": networks,
        "influencers": influencers,
        "pooled_networks": pooled,
        "conversions": whole.conversions,
        "nulls": whole.nulls,
        "value": whole.value,
        "one_in": records.trails.one_in,
        "by_rule": MARKOV_VERSION,
    }


def _figures(journeys: Mapping[Path, Outcome], order: int) -> Figures:
    effects = markov.removal_effects(journeys, order)
    shares = markov.shares(effects)
    ranges = markov.intervals(journeys, order, order, DRAWS[order])
    return {
        name: [round(each, _DIGITS) for each in (effect, shares[name], *ranges[name])]
        for name, effect in effects.items()
    }
