"""GET /v1/influencers?by=: one of a week's three rankings, best first.

It is of the newest week that was scored, however old that is; before any was, of the days so far,
and then it says that it is preliminary.
"""

from datetime import datetime
from typing import Any

from sharetrail.analysis import rankings
from sharetrail.analysis.influence import Influential
from sharetrail.analysis.ranking import Place, RankedBy, Seller, Sharer
from sharetrail.analysis.score import score_history
from sharetrail.api.frame import paging
from sharetrail.aws.items import Item, dump
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers
from sharetrail.sharing.link import is_anonymous


def ranking_page(
    merchant: Merchant, by: RankedBy, limit: int, cursor: str | None, now: datetime
) -> dict[str, Any]:
    """One of the three rankings, best first."""
    scored = rankings.latest(merchant)
    week, found = scored or rankings.preliminary(merchant, now)
    asked = paging.asked(limit, cursor, by=by)
    places = found.by(by)
    # Names and reach as they are today; the ranking is the week's.
    ids = [place.influencer for place in places[asked.rank : asked.rank + limit]]
    profiles = influencers.profiles(merchant.id, ids, "name", "reach")
    return {
        "by": by,
        "week": week.first.isoformat() if scored else None,
        "until": week.last.isoformat(),
        "preliminary": not scored,
        "currency": merchant.currency,
        **(_calibration(merchant, week) if by == "sales" and scored else {}),
        **paging.ranked(
            places,
            asked,
            lambda rank, place: _place(rank, place, profiles.get(place.influencer, {}), merchant),
        ),
    }


def _calibration(merchant: Merchant, week: Week) -> dict[str, Any]:
    """How the ranges of weeks before held; None where the week told nothing of it."""
    found = score_history.calibration_of(merchant.id, week.first)
    told = found and {**vars(found), "sentence": found.sentence(merchant.language)}
    return {"calibration": told}


def _place(rank: int, place: Place, profile: Item, merchant: Merchant) -> dict[str, Any]:
    return {
        "rank": rank,
        "influencer": place.influencer,
        "name": profile.get("name", place.influencer),
        "anonymous": is_anonymous(place.influencer),
        **_figures(place, profile, merchant),
        "sentence": place.sentence,
    }


def _figures(place: Place, profile: Item, merchant: Merchant) -> dict[str, Any]:
    match place:
        case Sharer():
            return {"links_followed": place.links_followed, "clicks": place.clicks}
        case Seller():
            orders = [{**dump(o), "amount": merchant.amount(o.amount)} for o in place.orders]
            amounts = {"value": place.value, "low": place.low, "high": place.high}
            return {**{n: merchant.amount(amounts[n]) for n in amounts}, "top_orders": orders}
        case Influential():
            return {
                "clicks": place.clicks,
                "low": place.low,
                "high": place.high,
                "shares": place.shares,
                "clicks_per_share": place.clicks_per_share,
                "unique": place.unique,
                "reach": profile.get("reach"),
                "recruits": place.recruits,
                "second_order_revenue": merchant.amount(place.second_order),
            }
