"""What networks and influencers are worth by their absence (Markov), from journeys. Pure.

Removal effects of four weeks' journeys, of orders 1 to 3 by network and of order 1 by influencer.
"""

from collections.abc import Mapping
from typing import Any

from sharetrail.analysis.markov import markov
from sharetrail.analysis.markov.journey import (
    JourneyRecords,
    by_influencer,
    by_network,
    ended_journeys,
)
from sharetrail.analysis.markov.markov import Outcome, Path

ORDERS = (1, 2, 3)
INFLUENCERS = 50
"""By influencer at most so many, those that most journeys met; the rest are pooled as `others`."""
DRAWS = {1: 200, 2: 100, 3: 100}
"""By order: a longer chain takes longer to solve."""
MARKOV_VERSION = "markov-1"
_DIGITS = 9
Figures = dict[str, list[float]]
"""Channel → its effect, its share of all effects, and that share's 80 % interval."""


def analysis_of(records: JourneyRecords) -> dict[str, Any]:
    """Effects by network and influencer; none where no journey converted, or all of them did:
    without journeys that came to nothing an absence would seem to cost everything.
    """
    ended = ended_journeys(records)
    outcomes = ended.values()
    conversions, nulls = (sum(getattr(o, n) for o in outcomes) for n in ("conversions", "nulls"))
    is_known = bool(conversions and nulls)
    networks = by_network(ended) if is_known else {}
    influencers = markov.pooled(by_influencer(ended), INFLUENCERS) if is_known else {}
    return {
        "networks": {str(order): _figures(networks, order) for order in ORDERS if is_known},
        "influencers": {"1": _figures(influencers, 1)} if is_known else {},
        "conversions": conversions,
        "nulls": nulls,
        "value": sum(outcome.value for outcome in outcomes),
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
