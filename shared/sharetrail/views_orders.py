"""An order as the merchant API shows it: the journey in time order, and for every model who got
what, each with its sentence; those who got nothing too."""

from datetime import datetime
from typing import Any

from sharetrail import crediting, credits, explanations, money, orders
from sharetrail.credits import OrderCredits, Original
from sharetrail.items import Item, dump, iso
from sharetrail.merchants import Merchant
from sharetrail.orders import OrderRef
from sharetrail.problems import NotFound
from sharetrail.touches import Touch


class UnknownOrder(NotFound):
    """No fact was heard of this order."""


def order(merchant: Merchant, platform: str, order_id: str) -> dict[str, Any]:
    """An order: its facts, its journey, who got what under every model and why."""
    ref = OrderRef(merchant=merchant.id, platform=platform, id=order_id)
    rows = _rows(ref)
    found = credits.find_in(rows)
    return {
        "platform": platform,
        "id": order_id,
        "facts": [_shown(row) for row in rows if "kind" in row],
        **(_credited(found) if found else {"status": "waiting for the order itself"}),
    }


def released(merchant: Merchant, platform: str, order_id: str, now: datetime) -> dict[str, Any]:
    """The answer to a release: the order shows it as soon as it has been attributed anew."""
    ref = OrderRef(merchant=merchant.id, platform=platform, id=order_id)
    _rows(ref)
    return {"platform": platform, "id": order_id, "new": crediting.release(ref, now)}


def _rows(ref: OrderRef) -> list[Item]:
    """All that is stored of an order. UnknownOrder where that is nothing."""
    if rows := orders.rows(ref):
        return rows
    raise UnknownOrder(f"Nothing was heard of {ref.platform} order {ref.id!r}.")


def _shown(row: Item) -> Item:
    return {name: value for name, value in row.items() if name != "pk"}


def _credited(found: OrderCredits) -> dict[str, Any]:
    def text(amount: int) -> str:
        return money.decimal_text(amount, found.currency)

    return {
        "name": found.name,
        "placed_at": iso(found.placed_at),
        "currency": found.currency,
        "net": text(found.net),
        "refunded": text(found.refunded),
        "charged_back": text(found.charged_back),
        "original": _original(found.original),
        "apart": list(found.apart),
        "cancelled": found.cancelled,
        "test": not found.counts,
        "influence": found.influence,
        "touches": _journey(found),
        "credits": _models(found),
        "models": {model: explanations.of_model(model) for model in found.models},
        "left_out": list(explanations.all_left_out(found)),
        "why_no_credit": explanations.why_none(found),
        "waiting_for": list(found.waiting),
        "unknown_codes": list(found.unknown_codes),
        "decisions": [dump(each) for each in found.decisions],
        "rule": found.rule.name,
        "window_days": found.rule.window_days,
    }


def _journey(found: OrderCredits) -> list[dict[str, Any]]:
    """Every touch in time order, with how long before the order it was and, where it does not
    count, why."""
    whys = {
        each.touch.id: explanations.left_out(each, found.placed_at, found.rule)
        for each in found.excluded
    }
    rejecting = [each for each in found.decisions if each.effect == "reject"]
    details = found.details
    counted = {details.touches[place].id for place in details.counted}
    for touch in details.touches:
        if why := next((each.sentence for each in rejecting if each.is_about(touch)), None):
            whys[touch.id] = why
    return [
        {
            **_touch(touch),
            "at": iso(touch.at),
            "before": explanations.ago(found.placed_at - touch.at),
            "evidence": touch.evidence,
            "verdict": touch.verdict,
            "reason": touch.reason,
            "began_the_visit": touch.id == found.began,
            "counts": touch.id in counted,
            "why_not": whys.get(touch.id),
        }
        for touch in details.touches
    ]


def _models(found: OrderCredits) -> dict[str, list[dict[str, Any]]]:
    return {
        model: [
            {
                **_touch(line.touch),
                "share": line.share,
                "amount": money.decimal_text(line.amount, found.currency),
                "marks": list(line.marks),
                "sentence": sentence,
            }
            for line, sentence in zip(lines, explanations.credits(found, model), strict=True)
        ]
        for model, lines in found.models.items()
    }


def _touch(touch: Touch) -> dict[str, Any]:
    return {
        "touch": touch.id,
        "influencer": touch.influencer,
        "name": touch.name,
        "network": touch.network,
        "link": touch.link,
        "campaign": touch.campaign,
        "product": touch.product,
    }


def _original(order: Original | None) -> dict[str, Any] | None:
    """What the order was before it was converted, and by what rate."""
    if order is None:
        return None
    return {
        "currency": order.currency,
        "net": money.decimal_text(order.net, order.currency),
        "refunded": money.decimal_text(order.refunded, order.currency),
        "rate": order.rate,
        "rate_of": order.rate_day.isoformat(),
    }
