"""/v1/orders/{platform}: an order by its id or its name; the journey in time order, and for every
model who got what, each with its sentence; those who got nothing too. What is held of orders, and
what the merchant decides of it."""

from datetime import datetime
from itertools import islice
from typing import Annotated, Any, NoReturn

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from sharetrail.api.frame import day_range, paging
from sharetrail.api.frame.resolver import Text, merchant_of, now_of
from sharetrail.attribution import (
    attribute_order,
    credits,
    explanations,
    refund_sentences,
)
from sharetrail.attribution.credit import CreditDetails, JudgedOrder, OrderCredits, OrderHead
from sharetrail.attribution.fraud_rules import Decision, Word
from sharetrail.attribution.models import Model
from sharetrail.attribution.touch import Touch
from sharetrail.aws.items import Item, dump
from sharetrail.calendars import iso
from sharetrail.merchants.profile import Merchant
from sharetrail.money import Amount
from sharetrail.orders import order_facts, order_names
from sharetrail.orders.order import Order, Original, fold_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.problems import Malformed, NotFound, Problem
from sharetrail.report import held_parts
from sharetrail.report.held import HeldOrder
from sharetrail.web.bodies import strict

router = Router()
OrderId = Annotated[str | None, Query(alias="id")]
Name = Annotated[str | None, Query()]


@strict
class Choice:
    """What the merchant decides of a wait or a doubt."""

    decision: Annotated[str, Field(min_length=1, max_length=300)]
    """Its `id`, as the order shows it."""
    verdict: Word
    """`released`: the credit is earned; `upheld`: it is not; `undecided` takes back what was said
    before."""


class UnknownOrder(NotFound):
    """No fact was heard of this order."""


class DecidedMeanwhile(Problem):
    """Somebody else has decided it, or is deciding it at this moment."""

    status = 409
    title = "It was decided meanwhile"


class AmbiguousName(Problem):
    """Several orders are called so. Looking at the newest does no harm; deciding on it might."""

    status = 409
    title = "Several orders have this name"


@router.get("/v1/orders/<platform>/<order_id>")
def show_order(platform: str, order_id: Text) -> dict[str, Any]:
    """One order by its id, or by the name that people know it by, with or without its `#`."""
    return _shown(*_by_either(platform, order_id))


@router.get("/v1/orders/<platform>")
def find_order(platform: str, order_id: OrderId = None, name: Name = None) -> dict[str, Any]:
    """The same by `id` or by `name`, which may hold whatever a path may not."""
    return _shown(*_by_one(platform, order_id, name))


@router.get("/v1/held-orders")
def list_held(
    first: day_range.First = None,
    last: day_range.Last = None,
    limit: paging.Limit = 50,
    cursor: paging.Cursor = None,
) -> dict[str, Any]:
    """The orders of these days with a wait that has not ended or a doubt that nobody decided."""
    merchant, now = merchant_of(router), now_of(router)
    days = day_range.within(merchant, first, last, now, usual=day_range.LONGEST)
    asked = paging.asked(limit, cursor)
    orders = credits.between(JudgedOrder, merchant.id, *days, after=asked.after)
    standing = (order for order in orders if order.net > 0)
    held = (order for order in standing if any(each.is_open(now) for each in order.decisions))
    rows = list(islice(held, limit + 1))
    stored = credits.find_all(_ref(merchant, order) for order in rows[:limit])
    page = paging.page(
        rows,
        asked,
        lambda order: _held(stored[_ref(merchant, order)], now),
        lambda order: credits.key_of(order, merchant),
    )
    # What would credit nothing is nobody's to decide.
    return {**page, "items": [each for each in page["items"] if each["decisions"]]}


@router.post("/v1/orders/<platform>/<order_id>/decisions")
def decide_order(platform: str, order_id: Text, choice: Choice) -> dict[str, Any]:
    """Release what one decision holds, uphold it, or take back what was said of it."""
    return _decided(*_by_either(platform, order_id), order_id, choice)


@router.post("/v1/orders/<platform>/decisions")
def decide_found(
    platform: str, choice: Choice, order_id: OrderId = None, name: Name = None
) -> dict[str, Any]:
    """The same by `id` or by `name`."""
    return _decided(*_by_one(platform, order_id, name), order_id or name or "", choice)


# ── which order ──────────────────────────────────────────────────────────────────────────────────
_Stored = tuple[OrderRef, list[Item]]
"""An order and all that is stored of it."""


def _by_either(platform: str, text: str) -> _Stored:
    return _by_id(platform, text) or _by_name(platform, text) or _unknown(platform, text)


def _by_one(platform: str, order_id: str | None, name: str | None) -> _Stored:
    """Malformed unless one of both is given."""
    if (order_id is None) == (name is None):
        raise Malformed("Give either `id` or `name`.", errors={"id": "or `name` is needed"})
    if order_id is not None:
        return _by_id(platform, order_id) or _unknown(platform, order_id)
    return _by_name(platform, name or "") or _unknown(platform, name or "")


def _by_id(platform: str, order_id: str) -> _Stored | None:
    ref = OrderRef(merchant=merchant_of(router).id, platform=platform, id=order_id)
    rows = order_facts.rows(ref)
    return (ref, rows) if rows else None


def _by_name(platform: str, name: str) -> _Stored | None:
    ref = order_names.find(merchant_of(router).id, platform, name)
    return (ref, order_facts.rows(ref)) if ref else None


def _unknown(platform: str, text: str) -> NoReturn:
    raise UnknownOrder(
        f"Nothing was heard of {platform} order {text!r}. An order is found by its id at once, by "
        "its name when its credits are worked out, normally within seconds."
    )


# ── what is told of it ───────────────────────────────────────────────────────────────────────────
_UNTOLD = "waiting for the order itself"
"""A refund or the like came before its order."""
_UNPAID = "not paid for yet"
_UNCREDITED = "its credits are being worked out, normally within seconds"


def _decided(ref: OrderRef, rows: list[Item], asked: str, choice: Choice) -> dict[str, Any]:
    """The order shows it as soon as it has been attributed anew. AmbiguousName where it was asked
    for by a name that others have too; Malformed where it has no such decision; DecidedMeanwhile as
    it says."""
    if asked != ref.id and order_names.are_several(ref.merchant, ref.platform, asked):
        raise AmbiguousName("Decide the order by its id.")
    credited = credits.find_in(rows)
    held = {each.id: each for each in credited.decisions if each.is_held} if credited else {}
    if choice.decision not in held:
        names = ", ".join(held) or "it has none"
        raise Malformed(
            "Nothing of this order is held by that decision.",
            errors={"decision": f"is none that holds credits of the order: {names}"},
        )
    decision, now = held[choice.decision], now_of(router)
    is_new = attribute_order.last_word(rows, decision) != choice.verdict
    if is_new and not attribute_order.decide(ref, rows, decision, choice.verdict, now):
        raise DecidedMeanwhile("Look at the order, and decide it again.")
    return {"platform": ref.platform, "id": ref.id, "decision": choice.decision, "new": is_new}


def _ref(merchant: Merchant, order: OrderHead) -> OrderRef:
    return OrderRef(merchant=merchant.id, platform=order.platform, id=order.order)


def _held(order: OrderCredits, now: datetime) -> dict[str, Any]:
    parts = held_parts.of_order(order, order, now)
    holding = {decision for each in parts for decision in each.decisions}
    return {
        "platform": order.platform,
        "id": order.order,
        "name": order.name,
        "placed_at": iso(order.placed_at),
        "currency": order.currency,
        "net": order.amount(order.net),
        "waits_for_word": order.amount(sum(each.amount for each in parts if each.waits_for_a_word)),
        "waits_for_date": order.amount(
            sum(each.amount for each in parts if not each.waits_for_a_word)
        ),
        "parts": [_part(each, order) for each in parts],
        "decisions": [
            {**_decision(each), "credited": order.amount(order.credited_without(each))}
            for each in order.decisions
            if each.id in holding and each.is_open(now)
        ],
    }


def _part(part: HeldOrder, order: OrderCredits) -> dict[str, Any]:
    return {
        "influencer": part.influencer or None,
        "amount": order.amount(part.amount),
        "decisions": [*part.decisions],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {"id": decision.id, **dump(decision)}


def _shown(ref: OrderRef, rows: list[Item]) -> dict[str, Any]:
    order, credited = fold_facts(order_facts.among(rows)), credits.find_in(rows)
    shown = {
        "platform": ref.platform,
        "id": ref.id,
        "facts": [{n: v for n, v in row.items() if n != "pk"} for row in rows if "kind" in row],
    }
    if order is None:
        is_known = any("sale" in row for row in shown["facts"])
        return {**shown, "status": _UNPAID if is_known else _UNTOLD}
    if credited is None:
        return {**shown, **_told(order), "status": _UNCREDITED}
    return {**shown, **_told(order), **_credited(credited, order.sale.trail)}


def _told(order: Order) -> dict[str, Any]:
    """What the shop said of it beside its money, and how its refunds were read."""
    reads = [(each.id, *refund_sentences.how_read(each, order)) for each in order.refunds]
    return {
        "paid_at": order.paid_at and iso(order.paid_at),
        "fulfilled_at": order.fulfilled_at and iso(order.fulfilled_at),
        "origin": order.sale.origin,
        "refunds": [{"id": each, "read_as": how, "sentence": why} for each, how, why in reads],
    }


def _credited(order: OrderCredits, trail: str | None) -> dict[str, Any]:
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
        "trail_state": order.trail_state,
        "trail_note": explanations.trail_note(order, trail),
        "touches": _journey(order, details),
        "credits": {model: _lines(order, details, model) for model in details.parts},
        "models": {model: explanations.MODEL_WORDS[model] for model in details.parts},
        "left_out": list(explanations.all_left_out(order)),
        "why_no_credit": explanations.why_none(order, trail),
        "waiting_for": list(order.waiting),
        "unknown_codes": list(order.unknown_codes),
        "decisions": [_decision(each) for each in order.decisions],
        "rule": order.rule.name,
        "window_days": order.rule.window_days,
    }


def _journey(order: OrderCredits, details: CreditDetails) -> list[dict[str, Any]]:
    return [
        {
            **_touch(step.touch),
            "at": iso(step.touch.at),
            "before": step.before,
            "evidence": step.touch.evidence,
            "verdict": step.touch.verdict,
            "reason": step.touch.reason,
            "began_the_visit": step.began_the_visit,
            "counts": step.counts,
            "why_not": step.why_not,
        }
        for step in explanations.steps_of(order, details)
    ]


def _lines(order: OrderCredits, details: CreditDetails, model: Model) -> list[dict[str, Any]]:
    return [
        {
            **_touch(line.touch),
            "share": line.share,
            "amount": order.amount(line.amount),
            "marks": list(line.marks),
            "sentence": sentence,
        }
        for line, sentence in explanations.lines_of(order, details, model)
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
