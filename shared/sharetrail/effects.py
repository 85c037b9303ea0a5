"""What the week before showed each network and influencer to be worth by their absence (Markov).

Table reports: `merchant / effects#week`. Removal effects of four weeks' journeys, of orders 1 to 3
by network and of order 1 by influencer; an order placed in the week that follows is weighed by the
networks' of order 1, and attributing it again reads the same.
"""

from collections.abc import Mapping
from typing import Any

from sharetrail import journeys, markov
from sharetrail.calendars import Week
from sharetrail.items import Item
from sharetrail.journeys import Heard
from sharetrail.markov import Outcome, Path
from sharetrail.merchants import Merchant
from sharetrail.performance import Period
from sharetrail.tables import REPORTS

ORDERS = (1, 2, 3)
INFLUENCERS = 50
"""By influencer at most so many, those that most journeys met; the rest are pooled as `others`."""
DRAWS = {1: 200, 2: 100, 3: 100}
"""By order: a longer chain takes longer to solve."""
RULE = "markov-1"
_DIGITS = 9
Told = dict[str, list[float]]
"""Channel → its effect, its share of all effects, and that share's 80 % interval."""


def refresh(merchant: Merchant, week: Week, period: Period) -> None:
    """Compute and store the week's effects."""
    told = of_journeys(journeys.gather(merchant, week, period))
    REPORTS.put({"pk": merchant.id, "sk": _key(week), **told})


def of_networks(merchant_id: str, week: Week) -> dict[str, float]:
    """Network → the effect by which orders of the week after are weighed; none where too little
    was known."""
    told = find(merchant_id, week)
    networks = told["networks"].get("1", {}) if told else {}
    return {name: figures[0] for name, figures in networks.items()}


def find(merchant_id: str, week: Week) -> Item | None:
    """All that was stored of a week; None before it is scored."""
    return REPORTS.get(merchant_id, _key(week))


def _key(week: Week) -> str:
    return f"effects#{week.first}"


# ── pure ─────────────────────────────────────────────────────────────────────────────────────────
def of_journeys(heard: Heard) -> dict[str, Any]:
    """Effects by network and influencer; none where no journey converted, or all of them did:
    without journeys that came to nothing an absence would seem to cost everything.
    """
    ended = journeys.ended(heard)
    outcomes = ended.values()
    conversions, nulls = (sum(getattr(o, n) for o in outcomes) for n in ("conversions", "nulls"))
    is_known = bool(conversions and nulls)
    networks = journeys.by_network(ended) if is_known else {}
    influencers = markov.pooled(journeys.by_influencer(ended), INFLUENCERS) if is_known else {}
    return {
        "networks": {str(order): _figures(networks, order) for order in ORDERS if is_known},
        "influencers": {"1": _figures(influencers, 1)} if is_known else {},
        "conversions": conversions,
        "nulls": nulls,
        "value": sum(outcome.value for outcome in outcomes),
        "one_in": heard.trails.one_in,
        "by_rule": RULE,
    }


def _figures(told: Mapping[Path, Outcome], order: int) -> Told:
    effects = markov.removal_effects(told, order)
    shares = markov.shares(effects)
    ranges = markov.intervals(told, order, order, DRAWS[order])
    return {
        name: [round(each, _DIGITS) for each in (effect, shares[name], *ranges[name])]
        for name, effect in effects.items()
    }
