"""GET /v1/removal-effects: a week's Markov analysis as plain JSON values."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail import calendars, money
from sharetrail.analysis.markov import markov
from sharetrail.analysis.markov.journey import JOURNEY_WEEKS
from sharetrail.analysis.markov.removal_effects import Figures
from sharetrail.api.frame.resolver import merchant_of, now_of
from sharetrail.attribution import last_week
from sharetrail.aws.items import Item
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import NotFound
from sharetrail.web.bodies import Day

_FIGURES = ("removal_effect", "share", "share_low", "share_high")

router = Router()


class NotAnalysed(NotFound):
    """The week is not scored: it has not ended, or nothing was heard of the shop by then."""


@router.get("/v1/removal-effects")
def show_effects(week: Day | None = None) -> dict[str, Any]:
    """What networks and influencers would have been missed by, in the four weeks up to one."""
    merchant = merchant_of(router)
    newest = calendars.last_full_week(now_of(router), merchant.tz)
    asked = calendars.week_of(week) if week else newest
    found = last_week.find_removal_effects(merchant.id, asked)
    if found is None:
        raise NotAnalysed(f"The week of {asked.first} is not analysed.")
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
        **{kind: _by_order(found, kind, merchant) for kind in ("networks", "influencers")},
        "pooled_as": markov.OTHERS,
        "rule": found["by_rule"],
        "why_none": _why_none(found),
    }


def _by_order(analysis: Item, kind: str, merchant: Merchant) -> dict[str, list[dict[str, Any]]]:
    value, orders = round(analysis["value"]), sorted(analysis[kind].items())
    return {order: _channels(figures, value, merchant) for order, figures in orders}


def _channels(figures: Figures, value: int, merchant: Merchant) -> list[dict[str, Any]]:
    """The largest effect first. `revenue` is the influenced revenue shared out by the effects:
    model-weighted, not caused."""
    names = sorted(figures, key=lambda name: (-figures[name][0], name))
    amounts = money.share_out(value, [figures[name][1] for name in names])
    return [
        {"name": name, **dict(zip(_FIGURES, figures[name], strict=True)), "revenue": amount}
        for name, amount in zip(names, map(merchant.amount, amounts), strict=True)
    ]


def _why_none(analysis: Item) -> str | None:
    if analysis["networks"]:
        return None
    if not analysis["conversions"]:
        return "No order with a share click was placed in these weeks."
    return "No journey is known that ended without an order: a click has to be a window old first."
