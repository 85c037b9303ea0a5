"""GET /v1/removal-effects: a week's Markov analysis as plain JSON values."""

from datetime import date, datetime
from typing import Any

from sharetrail import calendars, effects, journeys, markov, money
from sharetrail.effects import Told
from sharetrail.items import Item
from sharetrail.merchants import Merchant
from sharetrail.problems import NotFound

_FIGURES = ("removal_effect", "share", "share_low", "share_high")


class NotAnalysed(NotFound):
    """The week is not scored: it has not ended, or nothing was heard of the shop by then."""


def of_week(merchant: Merchant, day: date | None, now: datetime) -> dict[str, Any]:
    """The analysis of the week `day` is in, or of the last full week. NotAnalysed without one."""
    week = calendars.week_of(day) if day else calendars.last_full_week(now, merchant.tz)
    found = effects.find(merchant.id, week)
    if found is None:
        raise NotAnalysed(f"The week of {week.first} is not analysed.")
    return {
        "from": week.before(journeys.WEEKS - 1).first.isoformat(),
        "to": week.last.isoformat(),
        "window_days": merchant.window_days,
        "currency": merchant.currency,
        "journeys": {
            "converted": round(found["conversions"]),
            "ended_without_an_order": round(found["nulls"]),
            "trails_sampled_one_in": found["one_in"],
        },
        "networks": _orders(found, "networks", merchant),
        "influencers": _orders(found, "influencers", merchant),
        "pooled_as": markov.OTHERS,
        "rule": found["by_rule"],
        "why_none": _why_none(found),
    }


def _orders(found: Item, kind: str, merchant: Merchant) -> dict[str, list[dict[str, Any]]]:
    return {
        order: _channels(told, found["value"], merchant)
        for order, told in sorted(found[kind].items())
    }


def _channels(told: Told, value: float, merchant: Merchant) -> list[dict[str, Any]]:
    """The largest effect first. `revenue` is the influenced revenue shared out by the effects:
    model-weighted, not caused."""
    names = sorted(told, key=lambda name: (-told[name][0], name))
    amounts = money.share_out(round(value), [told[name][1] for name in names])
    return [
        {
            "name": name,
            **dict(zip(_FIGURES, told[name], strict=True)),
            "revenue": money.decimal_text(amount, merchant.currency),
        }
        for name, amount in zip(names, amounts, strict=True)
    ]


def _why_none(found: Item) -> str | None:
    if found["networks"]:
        return None
    if not found["conversions"]:
        return "No order with a share click was placed in these weeks."
    return "No journey is known that ended without an order: a click has to be a window old first."
