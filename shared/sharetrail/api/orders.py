"""/v1/orders/{platform}/{id}: the journey in time order, and for every model who got what, each
with its sentence; those who got nothing too."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from sharetrail.api.resolver import merchant_of, now_of
from sharetrail.attribution import attribute_order, credits, explanations
from sharetrail.attribution.credit import CreditDetails, OrderCredits
from sharetrail.attribution.models import Model
from sharetrail.attribution.touch import Touch
from sharetrail.aws.items import Item, dump
from sharetrail.calendars import iso
from sharetrail.money import Amount
from sharetrail.orders import order_facts
from sharetrail.orders.order import Original
from sharetrail.orders.order_fact import OrderRef
from sharetrail.problems import NotFound

router = Router()


class UnknownOrder(NotFound):
    """No fact was heard of this order."""


@router.get("/v1/orders/<platform>/<order_id>")
def show_order(platform: str, order_id: str) -> dict[str, Any]:
    ref = OrderRef(merchant=merchant_of(router).id, platform=platform, id=order_id)
    rows = _rows(ref)
    order = credits.find_in(rows)
    return {
        "platform": platform,
        "id": order_id,
        "facts": [{n: v for n, v in row.items() if n != "pk"} for row in rows if "kind" in row],
        **(_credited(order) if order else {"status": "waiting for the order itself"}),
    }


@router.post("/v1/orders/<platform>/<order_id>/release")
def release_order(platform: str, order_id: str) -> dict[str, Any]:
    """End the holds on an order's credits."""
    # The order shows it as soon as it has been attributed anew.
    ref = OrderRef(merchant=merchant_of(router).id, platform=platform, id=order_id)
    _rows(ref)
    is_new = attribute_order.release(ref, now_of(router))
    return {"platform": platform, "id": order_id, "new": is_new}


def _rows(ref: OrderRef) -> list[Item]:
    """All that is stored of an order. UnknownOrder where that is nothing."""
    if rows := order_facts.rows(ref):
        return rows
    raise UnknownOrder(f"Nothing was heard of {ref.platform} order {ref.id!r}.")


def _credited(order: OrderCredits) -> dict[str, Any]:
    details = order.details
    return {
        "name": order.name,
        "placed_at": iso(order.placed_at),
        "currency": order.currency,
        "net": order.amount(order.net),
        "refunded": order.amount(order.refunded),
        "charged_back": order.amount(order.charged_back),
        "original": _original(order.original),
        "apart": list(order.apart),
        "cancelled": order.cancelled,
        "test": not order.counts,
        "influence": order.influence,
        "touches": _journey(order, details),
        "credits": {model: _lines(order, details, model) for model in details.parts},
        "models": {model: explanations.MODEL_WORDS[model] for model in details.parts},
        "left_out": list(explanations.all_left_out(order)),
        "why_no_credit": explanations.why_none(order),
        "waiting_for": list(order.waiting),
        "unknown_codes": list(order.unknown_codes),
        "decisions": [dump(each) for each in order.decisions],
        "rule": order.rule.name,
        "window_days": order.rule.window_days,
    }


def _journey(order: OrderCredits, details: CreditDetails) -> list[dict[str, Any]]:
    """Every touch in time order, with how long before the order it was and, where it does not
    count, why."""
    whys = {
        each.touch.id: explanations.left_out(each, order.placed_at, order.rule)
        for each in details.exclusions
    }
    rejecting = [each for each in order.decisions if each.effect == "reject"]
    for touch in details.touches:
        if why := next((each.sentence for each in rejecting if each.is_about(touch)), None):
            whys[touch.id] = why
    return [
        {
            **_touch(touch),
            "at": iso(touch.at),
            "before": explanations.ago(order.placed_at - touch.at),
            "evidence": touch.evidence,
            "verdict": touch.verdict,
            "reason": touch.reason,
            "began_the_visit": touch.id == order.visit_touch,
            "counts": touch.id not in whys,
            "why_not": whys.get(touch.id),
        }
        for touch in details.touches
    ]


def _lines(order: OrderCredits, details: CreditDetails, model: Model) -> list[dict[str, Any]]:
    lines = details.lines(model)
    sentences = explanations.credits(lines, model, order.placed_at)
    return [
        {
            **_touch(line.touch),
            "share": line.share,
            "amount": order.amount(line.amount),
            "marks": list(line.doubts),
            "sentence": sentence,
        }
        for line, sentence in zip(lines, sentences, strict=True)
    ]


def _touch(touch: Touch) -> dict[str, Any]:
    names = ("influencer", "name", "network", "link", "campaign", "product")
    return {"touch": touch.id, **{name: getattr(touch, name) for name in names}}


def _original(order: Original | None) -> dict[str, Any] | None:
    """What the order was before it was converted, and by what rate."""
    if order is None:
        return None
    return {
        "currency": order.currency,
        "net": Amount(order.net, order.currency),
        "refunded": Amount(order.refunded, order.currency),
        "rate": order.rate,
        "rate_of": order.rate_day.isoformat(),
    }
