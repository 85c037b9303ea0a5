"""GET /v1/removal-effects: a week's Markov analysis."""

from collections.abc import Mapping

from aws_lambda_powertools.event_handler.api_gateway import Router
from typing_extensions import TypedDict

from sharetrail import calendars
from sharetrail import money as moneys
from sharetrail.analysis.markov import markov
from sharetrail.analysis.markov.journey import JOURNEY_WEEKS
from sharetrail.analysis.markov.removal_effects import Figures
from sharetrail.api.frame.answers import Currency, Days, Money, described, money
from sharetrail.api.frame.csv_table import Table, tabled
from sharetrail.api.frame.refusals import refusing
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.attribution import last_week
from sharetrail.aws.items import Item
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import NotFound
from sharetrail.web.bodies import Day

router = Router()


@described
class ChannelEffect(TypedDict):
    channel: str
    """A network, or an influencer's id; `others` for those that are pooled."""
    removal_effect: float
    share: float
    """Of all effects; from `share_low` to `share_high` is its 80 % interval."""
    share_low: float
    share_high: float
    revenue: Money
    """The influenced revenue shared out by the effects: model-weighted, not caused."""


@described
class JourneyCounts(TypedDict):
    converted: int
    ended_without_an_order: int
    trails_sampled_one_in: int


class _Side(TypedDict):
    of: str
    order: str


class _Line(_Side, ChannelEffect):
    pass


def _table(told: "RemovalEffects") -> Table:
    """A line a channel: `networks` or `influencers`, by the order of the chain."""
    sides = (
        ("networks", told["networks_by_order"]),
        ("influencers", told["influencers_by_order"]),
    )
    return _Line, [
        {**effect, "of": side, "order": order}
        for side, by_order in sides
        for order, effects in by_order.items()
        for effect in effects
    ]


@tabled(_table)
@described
class RemovalEffects(Days):
    window_days: int
    currency: Currency
    journeys: JourneyCounts
    networks_by_order: dict[str, list[ChannelEffect]]
    """By the order of the chain: `1` to `3`; the largest effect first."""
    influencers_by_order: dict[str, list[ChannelEffect]]
    """The same of influencers: `1` alone."""
    pooled_as: str
    rule: str
    why_none: str | None
    """Why there are none, where there are none."""


class NotAnalysed(NotFound):
    """The week is not scored: it has not ended, or nothing was heard of the shop by then."""


@router.get("/v1/removal-effects", openapi_extensions=refusing(NotAnalysed))
def show_effects(week: Day | None = None) -> RemovalEffects:
    """What networks and influencers would have been missed by, in the four weeks up to one."""
    merchant = merchant_of(router)
    newest = calendars.last_full_week(now_of(router), merchant.tz)
    asked = calendars.week_of(week) if week else newest
    found = last_week.find_removal_effects(merchant.id, asked)
    if found is None:
        raise NotAnalysed(f"The week of {asked.first} is not analysed.")
    value = round(found["value"])
    return {
        "from": asked.before(JOURNEY_WEEKS - 1).first.isoformat(),
        "to": asked.last.isoformat(),
        "window_days": merchant.window_days,
        "currency": merchant.currency,
        "journeys": {
            "converted": round(found["conversions"]),
            "ended_without_an_order": round(found["nulls"]),
            "trails_sampled_one_in": found["one_in"],
        },
        "networks_by_order": _by_order(found["networks"], value, merchant),
        "influencers_by_order": _by_order(found["influencers"], value, merchant),
        "pooled_as": markov.OTHERS,
        "rule": found["by_rule"],
        "why_none": _why_none(found),
    }


def _by_order(
    figures: Mapping[str, Figures], value: int, merchant: Merchant
) -> dict[str, list[ChannelEffect]]:
    return {order: _channels(each, value, merchant) for order, each in sorted(figures.items())}


def _channels(figures: Figures, value: int, merchant: Merchant) -> list[ChannelEffect]:
    """The largest effect first."""
    names = sorted(figures, key=lambda name: (-figures[name][0], name))
    amounts = moneys.share_out(value, [figures[name][1] for name in names])
    return [
        _channel(name, figures[name], money(merchant.amount(amount)))
        for name, amount in zip(names, amounts, strict=True)
    ]


def _channel(name: str, figures: list[float], revenue: Money) -> ChannelEffect:
    effect, share, low, high = figures
    return {
        "channel": name,
        "removal_effect": effect,
        "share": share,
        "share_low": low,
        "share_high": high,
        "revenue": revenue,
    }


def _why_none(analysis: Item) -> str | None:
    if analysis["networks"]:
        return None
    if not analysis["conversions"]:
        return "No order with a share click was placed in these weeks."
    return "No journey is known that ended without an order: a click has to be a window old first."
