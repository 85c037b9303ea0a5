"""GET /v1/rankings/…: a week's three rankings, best first, each with a sentence for every place.

They are of the newest week that was scored, however old that is; before any was, of the days so
far, and then they say that they are preliminary.
"""

from collections.abc import Mapping, Sequence

from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail.analysis import rankings
from sharetrail.analysis.influence import Influential
from sharetrail.analysis.ranking import Place, Rankings, Seller, Sharer
from sharetrail.analysis.score import score_history
from sharetrail.api.frame import paging
from sharetrail.api.frame.answers import Days, Money, described, money
from sharetrail.api.frame.paging import Asked
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.aws.items import Item
from sharetrail.calendars import Week
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import influencers
from sharetrail.sharing.link import is_anonymous

router = Router()


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
    asked = paging.asked(limit, cursor, by="shares")
    days, found, _ = _newest(merchant := merchant_of(router))
    profiles = _profiles(merchant, found.shares, asked)

    def place(rank: int, sharer: Sharer) -> SharerPlace:
        return {
            **_place(rank, sharer, profiles),
            "links_followed": sharer.links_followed,
            "clicks": sharer.clicks,
        }

    return {**days, **paging.ranked(found.shares, asked, place)}


@router.get("/v1/rankings/sales")
def rank_by_sales(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> SellerRanking:
    """Whose shares sell."""
    asked = paging.asked(limit, cursor, by="sales")
    days, found, scored = _newest(merchant := merchant_of(router))
    profiles = _profiles(merchant, found.sales, asked)

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
    return {**days, "calibration": calibration, **paging.ranked(found.sales, asked, place)}


@router.get("/v1/rankings/influence")
def rank_by_influence(limit: paging.Limit = 50, cursor: paging.Cursor = None) -> InfluenceRanking:
    """Who is influential in general."""
    asked = paging.asked(limit, cursor, by="influence")
    days, found, _ = _newest(merchant := merchant_of(router))
    profiles = _profiles(merchant, found.influence, asked)

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

    return {**days, **paging.ranked(found.influence, asked, place)}


def _newest(merchant: Merchant) -> tuple[RankedDays, Rankings, Week | None]:
    """The rankings, of which days they are, and the week that was scored, if one was."""
    scored = rankings.latest(merchant)
    week, found = scored or rankings.preliminary(merchant, now_of(router))
    days: RankedDays = {
        "from": week.first.isoformat(),
        "to": week.last.isoformat(),
        "preliminary": not scored,
        "cursor": None,
    }
    return days, found, week if scored else None


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


def _profiles(merchant: Merchant, places: Sequence[Place], asked: Asked) -> dict[str, Item]:
    """Names and reach as they are today, of those on the page; the ranking is the week's."""
    ids = [place.influencer for place in places[asked.rank : asked.rank + asked.limit]]
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
