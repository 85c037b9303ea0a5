"""GET and PUT /v1/network-figures: what your networks' own statistics say of you."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field
from typing_extensions import TypedDict

from sharetrail import calendars
from sharetrail.api.frame import day_range, paging
from sharetrail.api.frame.answers import Day as DayText
from sharetrail.api.frame.answers import Moment, Page, described
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.api.frame.sense import sensible
from sharetrail.calendars import iso
from sharetrail.kpis import network_figures
from sharetrail.kpis.network_figure import FIGURES, NetworkFigure
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing.networks import NetworkId
from sharetrail.web import bodies
from sharetrail.web.bodies import Day, strict

router = Router()
MOST = 100
LONGEST = timedelta(days=366)
Count = Annotated[int, Field(ge=0, le=10**12)] | None


@strict
class NetworkFigureBody:
    """A day's, as the network counts it; what is left out is not known, and no zero."""

    network: NetworkId
    day: Day
    """Of more days than one, told together, the last."""
    followers: Count = None
    """How many there were at the day's end."""
    posts: Count = None
    impressions: Count = None
    """How often your posts were shown."""
    engagements: Count = None
    """Likes, comments, saves and shares of them."""


def _sense(told: Any, merchant: Merchant, now: datetime) -> dict[str, str]:
    """A day has begun, a network's stands once, and something is said of it."""
    errors: dict[str, str] = {}
    seen: set[tuple[str, date]] = set()
    today = calendars.local_day(now, merchant.tz)
    for n, each in enumerate(bodies.listed(told, "figures")):
        named, place = bodies.sound_fields(NetworkFigureBody, each), f"figures.{n}"
        if "day" in named and named["day"] > today:
            errors[f"{place}.day"] = f"lies ahead: at the shop it is {today}"
        if {"network", "day"} <= named.keys():
            if (key := (named["network"], named["day"])) in seen:
                errors[place] = "stands twice"
            seen.add(key)
        if isinstance(each, dict) and all(each.get(name) is None for name in FIGURES):
            errors[place] = f"tells none of {', '.join(FIGURES)}"
    return errors


@sensible(_sense)
@strict
class NetworkFigures:
    figures: Annotated[list[NetworkFigureBody], Field(min_length=1, max_length=MOST)]


@described
class NetworkFigureAnswer(TypedDict):
    network: str
    day: DayText
    followers: int | None
    posts: int | None
    impressions: int | None
    engagements: int | None
    told_at: Moment


class FiguresTold(TypedDict):
    figures: list[NetworkFigureAnswer]


@router.get("/v1/network-figures")
def list_figures(
    first: day_range.First = None,
    last: day_range.Last = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> Page[NetworkFigureAnswer]:
    """What you told of the days, oldest first."""
    merchant, now = merchant_of(router), now_of(router)
    days = day_range.within(merchant, first, last, now, longest=LONGEST)
    asked = paging.asked(limit, cursor, days=(first, last))
    asked, days = day_range.carried(asked, days, LONGEST)
    rows = network_figures.between(merchant.id, *days, asked.after)
    return paging.page(_some(rows, limit), asked, _told, network_figures.key)


@router.put("/v1/network-figures")
def tell_figures(body: NetworkFigures) -> FiguresTold:
    """Each stands by its network and day, in the place of what was told of them before."""
    merchant, now = merchant_of(router), now_of(router)
    figures = [NetworkFigure(**vars(each), told_at=now) for each in body.figures]
    network_figures.tell(merchant.id, figures)
    return {"figures": [_told(each) for each in figures]}


def _some(rows: Iterator[NetworkFigure], limit: int) -> list[NetworkFigure]:
    return [*islice(rows, limit + 1)]


def _told(figure: NetworkFigure) -> NetworkFigureAnswer:
    return {
        "network": figure.network,
        "day": figure.day.isoformat(),
        "followers": figure.followers,
        "posts": figure.posts,
        "impressions": figure.impressions,
        "engagements": figure.engagements,
        "told_at": iso(figure.told_at),
    }
