"""GET /v1/rankings/…: a week's three rankings, best first, each with a sentence for every place.

They are of the newest week that was scored, however old that is; before any was, of the days so
far, and then they say that they are preliminary.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.analysis import rankings
from sharetrail.analysis.influence import Influential
from sharetrail.analysis.ranking import Place, RankedBy, Rankings, Seller, Sharer
from sharetrail.analysis.score import score_history
from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Days, Money, Page, described, money
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.aws.items import Item
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers
from sharetrail.sharing.link import is_anonymous
from sharetrail.web.cursors import no_cursor

router = Router()
P = TypeVar("P", bound=Place)


@described
class RankedPlace(TypedDict):
    rank: int
    influencer: str
    name: str
    anonymous: bool
    sentence: str


@described
class SharerPlace(RankedPlace):
    links_followed: int
    clicks: int


@described
class CreditedOrder(TypedDict):
    platform: str
    order: str
    credited: Money


@described
class SellerPlace(RankedPlace):
    value: Money
    low: Money
    high: Money
    top_orders: list[CreditedOrder]
    """The largest credits behind it."""


@described
class InfluencePlace(RankedPlace):
    expected_clicks: float
    """In the coming four weeks."""
    clicks_low: float
    """From `clicks_low` to `clicks_high` is their 80 % interval."""
    clicks_high: float
    expected_shares: float
    clicks_per_share: float
    unique: int
    reach: int | None
    """Followers, as declared."""
    recruits: int
    second_order_revenue: Money
    """Half of that of others' links directly below theirs."""


@described
class Calibration(TypedDict):
    """How the ranges of weeks before held."""

    weeks: int
    ranges: int
    ranges_held: int
    ranges_due: int
    """How many would have, were they right."""
    sentence: str


@described
class RankedDays(Days):
    preliminary: bool
    """Whether no week was scored yet, and these are the seven days until today."""
    cursor: str | None


@described
class SharerRanking(RankedDays):
    items: list[SharerPlace]


@described
class SellerRanking(RankedDays):
    calibration: Calibration | None
    items: list[SellerPlace]


@described
class InfluenceRanking(RankedDays):
    items: list[InfluencePlace]


@router.get("/v1/rankings/shares")
def rank_by_shares(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> SharerRanking:
    """Who shares."""
    merchant = merchant_of(router)
    days, page, _ = _ranked(merchant, "shares", lambda week: week.shares, limit, cursor)
    profiles = _profiles(merchant, page["items"])

    def place(rank: int, sharer: Sharer) -> SharerPlace:
        return {
            **_place(rank, sharer, profiles),
            "links_followed": sharer.links_followed,
            "clicks": sharer.clicks,
        }

    return {**days, "items": [place(*each) for each in page["items"]]}


@router.get("/v1/rankings/sales")
def rank_by_sales(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> SellerRanking:
    """Whose shares sell."""
    merchant = merchant_of(router)
    days, page, scored = _ranked(merchant, "sales", lambda week: week.sales, limit, cursor)
    profiles = _profiles(merchant, page["items"])

    def place(rank: int, seller: Seller) -> SellerPlace:
        return {
            **_place(rank, seller, profiles),
            "value": money(merchant.amount(seller.value)),
            "low": money(merchant.amount(seller.low)),
            "high": money(merchant.amount(seller.high)),
            "top_orders": [
                {
                    "platform": each.platform,
                    "order": each.order,
                    "credited": money(merchant.amount(each.amount)),
                }
                for each in seller.orders
            ],
        }

    calibration = _calibration(merchant, scored) if scored else None
    items = [place(*each) for each in page["items"]]
    return {**days, "calibration": calibration, "items": items}


@router.get("/v1/rankings/influence")
def rank_by_influence(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> InfluenceRanking:
    """Who is influential in general."""
    merchant = merchant_of(router)
    days, page, _ = _ranked(merchant, "influence", lambda week: week.influence, limit, cursor)
    profiles = _profiles(merchant, page["items"])

    def place(rank: int, influential: Influential) -> InfluencePlace:
        return {
            **_place(rank, influential, profiles),
            "expected_clicks": influential.clicks,
            "clicks_low": influential.low,
            "clicks_high": influential.high,
            "expected_shares": influential.shares,
            "clicks_per_share": influential.clicks_per_share,
            "unique": influential.unique,
            "reach": profiles.get(influential.influencer, {}).get("reach"),
            "recruits": influential.recruits,
            "second_order_revenue": money(merchant.amount(influential.second_order)),
        }

    return {**days, "items": [place(*each) for each in page["items"]]}


def _ranked(
    merchant: Merchant,
    by: RankedBy,
    places_of: Callable[[Rankings], tuple[P, ...]],
    limit: int,
    cursor: str | None,
) -> tuple[RankedDays, Page[tuple[int, P]], Week | None]:
    """Of which days they are; a page of the places, each with its rank; and the week that was
    scored, if one was. A list goes on with the week that it began with. Malformed."""
    asked = paging.asked(limit, cursor, by=by)
    begun, last = _last_row(asked.after) if asked.after else (None, None)
    scored = rankings.of(merchant, begun) if begun else rankings.latest(merchant)
    week, found = scored or rankings.preliminary(merchant, now_of(router))
    places = places_of(found)
    before = _behind(places, last) if last else 0
    page = paging.ranked(
        places, asked, before, lambda place: f"{week.first}{json.dumps(_standing(place))}"
    )
    days: RankedDays = {
        "from": week.first.isoformat(),
        "to": week.last.isoformat(),
        "preliminary": not scored,
        "cursor": page["cursor"],
    }
    return days, page, week if scored else None


_Standing = list[float | str]
"""What places are ranked by, the least first, and whose one is."""
_DAY = len("2026-11-30")


def _standing(place: Place) -> _Standing:
    match place:
        case Sharer():
            return [-place.links_followed, -place.clicks, place.influencer]
        case Seller():
            return [-place.value, place.influencer]
    return [-place.clicks, place.influencer]


def _last_row(after: str) -> tuple[date, _Standing]:
    """The week of the page before, and where its last row stood. Malformed."""
    try:
        *figures, who = json.loads(after[_DAY:])
        return date.fromisoformat(after[:_DAY]), [*map(float, figures), str(who)]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise no_cursor() from error


def _behind(places: Sequence[Place], last: _Standing) -> int:
    """How many are no further down than the row that stood so: it and those before it, or those
    whose figures are as good, where days so far have moved it since."""
    standings = [_standing(each) for each in places]
    if last in standings:
        return standings.index(last) + 1
    return sum(len(each) == len(last) and each <= last for each in standings)


def _calibration(merchant: Merchant, week: Week) -> Calibration | None:
    """None where the week told nothing of it."""
    found = score_history.calibration_of(merchant.id, week.first)
    if not found:
        return None
    return {
        "weeks": found.weeks,
        "ranges": found.ranges,
        "ranges_held": found.held,
        "ranges_due": found.due,
        "sentence": found.sentence(merchant.language),
    }


def _profiles(merchant: Merchant, places: Sequence[tuple[int, Place]]) -> dict[str, Item]:
    """Names and reach as they are today, of those on the page; the ranking is the week's."""
    ids = [place.influencer for _, place in places]
    return influencers.profiles(merchant.id, ids, "name", "reach")


def _place(rank: int, place: Place, profiles: Mapping[str, Item]) -> RankedPlace:
    who = place.influencer
    return {
        "rank": rank,
        "influencer": who,
        "name": profiles.get(who, {}).get("name", who),
        "anonymous": is_anonymous(who),
        "sentence": place.sentence,
    }
