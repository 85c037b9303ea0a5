"""A week's three answers, stored and shown. Table reports: `merchant / answers#week`.

One row of three hundred places at most (some 100 KB), so a ranked list is one read and no scan.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sharetrail import answers, calendars, influencers, listings, money, score_history
from sharetrail.answers import Answers, By, Influential, Seller, Sharer
from sharetrail.calendars import Week
from sharetrail.items import Item, dump, load
from sharetrail.merchants import Merchant
from sharetrail.tables import INFLUENCERS, REPORTS


def save(merchant_id: str, week: Week, told: Answers) -> None:
    REPORTS.put({"pk": merchant_id, "sk": _key(week), **dump(told)})


def latest(merchant: Merchant, now: datetime) -> tuple[Week, Answers] | None:
    """The newest week's answers; None before any week was scored."""
    first = score_history.newest(merchant.id, calendars.last_full_week(now, merchant.tz))
    row = REPORTS.get(merchant.id, _key(Week(first))) if first else None
    return (Week(first), load(Answers, row)) if first and row else None


def page(
    merchant: Merchant, by: By, limit: int, cursor: str | None, now: datetime
) -> dict[str, Any]:
    """One of the three rankings, best first."""
    found = latest(merchant, now)
    places = answers.ranked(found[1], by) if found else ()
    start = _rank(cursor)
    several = list(enumerate(places, start=1))[start : start + limit + 1]
    profiles = _profiles(merchant.id, [place for _, place in several])
    return {
        "by": by,
        "week": found[0].first.isoformat() if found else None,
        "currency": merchant.currency,
        **listings.page(
            several,
            limit,
            lambda it: _shown(it[0], it[1], profiles.get(it[1].influencer, {}), merchant),
            lambda it: str(it[0]),
        ),
    }


def _rank(cursor: str | None) -> int:
    rank = listings.after(cursor) or "0"
    if not (rank.isascii() and rank.isdigit() and len(rank) < 4):
        raise listings.no_cursor()
    return int(rank)


def _key(week: Week) -> str:
    return f"answers#{week.first}"


def _profiles(merchant_id: str, places: Sequence[Sharer | Seller | Influential]) -> dict[str, Item]:
    """Names and reach as they are today; the ranking is the week's."""
    keys = [{"pk": merchant_id, "sk": each.influencer} for each in places]
    found = INFLUENCERS.get_all(keys, only=("sk", "name", "reach"))
    return {item["sk"]: item for item in found}


def _shown(
    rank: int, place: Sharer | Seller | Influential, profile: Item, merchant: Merchant
) -> dict[str, Any]:
    return {
        "rank": rank,
        "influencer": place.influencer,
        "name": profile.get("name", place.influencer),
        "anonymous": place.influencer.startswith(influencers.ANONYMOUS),
        **_figures(place, profile, merchant),
        "sentence": place.sentence,
    }


def _figures(
    place: Sharer | Seller | Influential, profile: Item, merchant: Merchant
) -> dict[str, Any]:
    def text(amount: int) -> str:
        return money.decimal_text(amount, merchant.currency)

    match place:
        case Sharer():
            return {"shares": place.shares, "clicks": place.clicks}
        case Seller():
            return {
                "value": text(place.value),
                "low": text(place.low),
                "high": text(place.high),
                "top_orders": [{**dump(o), "amount": text(o.amount)} for o in place.orders],
            }
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
                "second_order_revenue": text(place.second_order),
            }
