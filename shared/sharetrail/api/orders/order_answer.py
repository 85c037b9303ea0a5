"""An order as the API shows it: what the shop said of it, its journey in time order, and for every
model who got what, each with its sentence; those who got nothing too."""

from typing import Literal

from typing_extensions import TypedDict

from sharetrail.api.frame.answers import Currency, Day, Moment, Money, described, money
from sharetrail.api.orders.decision_answer import DecisionAnswer, decision_answer
from sharetrail.attribution import credits, explanations, refund_sentences
from sharetrail.attribution.credit import CreditDetails, OrderCredits
from sharetrail.attribution.models import Influence, Model
from sharetrail.attribution.sentences import decision as decision_sentences
from sharetrail.attribution.sentences.touch import reason_of
from sharetrail.attribution.touch import CODE_PREFIX, Touch
from sharetrail.aws.items import Item
from sharetrail.calendars import iso
from sharetrail.clicks.trail import TrailState
from sharetrail.money import Amount
from sharetrail.orders import fact_answer, order_facts
from sharetrail.orders.fact_answer import FactAnswer
from sharetrail.orders.order import Order, Original, fold_facts
from sharetrail.orders.order_fact import Fact, HowRead, OrderRef, Origin
from sharetrail.words.speech import say

OrderState = Literal["untold", "unpaid", "uncredited", "credited"]


@described
class TouchAnswer(TypedDict):
    touch: str
    """The click's id, or what stands for one: `link-…`, `code-…`."""
    influencer: str
    name: str
    network: str
    link: str
    """Its code."""
    campaign: str
    product_id: str


@described
class StepAnswer(TouchAnswer):
    at: Moment
    before: str
    """How long before the order, in words."""
    evidence: str
    """How the order names it: `trail`, `landing`, `link`, `code`, or what is known of its buyer."""
    verdict: str
    reason: str
    """Why the verdict is what it is."""
    began_the_visit: bool
    counts: bool
    why_not: str | None


@described
class CreditAnswer(TouchAnswer):
    share: float
    credited: Money
    marks: list[str]
    """Decisions about it, as `doubt:self_email`."""
    sentence: str


@described
class OriginalAnswer(TypedDict):
    """What the order was before it was converted, and by what rate."""

    net: Money
    refunded: Money
    rate: str
    rate_day: Day


@described
class RefundReading(TypedDict):
    id: str
    read_as: HowRead
    sentence: str


@described
class Heard(TypedDict):
    """What the shop said of it beside its money."""

    name: str | None
    placed_at: Moment | None
    paid_at: Moment | None
    fulfilled_at: Moment | None
    origin: Origin | None
    cancelled: bool | None
    test: bool | None
    refunds: list[RefundReading]
    """How each was read."""


@described
class Credited(TypedDict):
    """What was worked out of it."""

    currency: Currency | None
    net: Money | None
    refunded: Money | None
    charged_back: Money | None
    original: OriginalAnswer | None
    code_discounts: dict[str, Money]
    """What influencers' codes took off it, by code; what else was entered about it is in
    `GET /v1/costs?about_order=`."""
    apart: list[str]
    """Refunds and disputes in another currency than the order's, by id: they took nothing."""
    influence: Influence | None
    trail_state: TrailState | None
    trail_note: str | None
    touches: list[StepAnswer]
    credits: dict[Model, list[CreditAnswer]]
    models: dict[Model, str]
    """What each does, in words."""
    left_out: list[str]
    """A sentence for whoever got nothing."""
    why_no_credit: str | None
    waiting_for: list[str]
    """Click ids that have not arrived."""
    unknown_codes: list[str]
    """Coupon codes that are nobody's."""
    decisions: list[DecisionAnswer]
    rule: str | None
    window_days: int | None


@described
class OrderAnswer(Heard, Credited):
    platform: str
    id: str
    state: OrderState
    """`credited`; before that what it waits for, and what is not known yet is `null` or empty."""
    state_sentence: str | None
    facts: list[FactAnswer]


_UNHEARD: Heard = {
    "name": None,
    "placed_at": None,
    "paid_at": None,
    "fulfilled_at": None,
    "origin": None,
    "cancelled": None,
    "test": None,
    "refunds": [],
}
_NOT_YET: Credited = {
    "currency": None,
    "net": None,
    "refunded": None,
    "charged_back": None,
    "original": None,
    "code_discounts": {},
    "apart": [],
    "influence": None,
    "trail_state": None,
    "trail_note": None,
    "touches": [],
    "credits": {},
    "models": {},
    "left_out": [],
    "why_no_credit": None,
    "waiting_for": [],
    "unknown_codes": [],
    "decisions": [],
    "rule": None,
    "window_days": None,
}


def order_answer(ref: OrderRef, rows: list[Item]) -> OrderAnswer:
    facts = order_facts.among(rows)
    order, computed = fold_facts(facts), credits.find_in(rows)
    state = _state(facts, order, computed)
    credited = computed if order else None
    return {
        "platform": ref.platform,
        "id": ref.id,
        "state": state,
        "state_sentence": _SENTENCES.get(state),
        **(_heard(order) if order else _UNHEARD),
        **(_credited(credited, order.sale.trail) if order and credited else _NOT_YET),
        "facts": [fact_answer.of(fact, order.sale.currency if order else "") for fact in facts],
    }


def _state(facts: list[Fact], order: Order | None, credited: OrderCredits | None) -> OrderState:
    if order:
        return "credited" if credited else "uncredited"
    return "unpaid" if any(fact.sale for fact in facts) else "untold"


_SENTENCES: dict[OrderState, str] = {
    "untold": "It waits for the order itself: a refund or the like came before it.",
    "unpaid": "It is not paid for yet.",
    "uncredited": "Its credits are being worked out, normally within seconds.",
}


def _heard(order: Order) -> Heard:
    reads = [(each.id, *refund_sentences.how_read(each, order)) for each in order.refunds]
    return {
        "name": order.sale.name,
        "placed_at": iso(order.placed_at),
        "paid_at": iso(order.paid_at) if order.paid_at else None,
        "fulfilled_at": iso(order.fulfilled_at) if order.fulfilled_at else None,
        "origin": order.sale.origin,
        "cancelled": order.cancelled_at is not None,
        "test": not order.counts,
        "refunds": [{"id": each, "read_as": how, "sentence": why} for each, how, why in reads],
    }


def _credited(order: OrderCredits, trail: str | None) -> Credited:
    order = decision_sentences.reworded(order, decision_sentences.Plain())
    details = order.details
    return {
        "currency": order.currency,
        "net": money(order.amount(order.net)),
        "refunded": money(order.amount(order.refunded)),
        "charged_back": money(order.amount(order.charged_back)),
        "original": _original(order.original),
        "code_discounts": {
            touch.removeprefix(CODE_PREFIX): money(order.amount(off))
            for touch, off in order.taken_off.items()
        },
        "apart": list(order.apart),
        "influence": order.influence,
        "trail_state": order.trail_state,
        "trail_note": explanations.trail_note(order, trail),
        "touches": _journey(order, details),
        "credits": {model: _lines(order, details, model) for model in details.parts},
        "models": {model: say(explanations.MODEL_WORDS[model]) for model in details.parts},
        "left_out": list(explanations.all_left_out(order)),
        "why_no_credit": explanations.why_none(order, trail),
        "waiting_for": list(order.waiting),
        "unknown_codes": list(order.unknown_codes),
        "decisions": [decision_answer(each, order) for each in order.decisions],
        "rule": order.rule.name,
        "window_days": order.rule.window_days,
    }


def _original(order: Original | None) -> OriginalAnswer | None:
    if order is None:
        return None
    return {
        "net": money(Amount(order.net, order.currency)),
        "refunded": money(Amount(order.refunded, order.currency)),
        "rate": order.rate,
        "rate_day": order.rate_day.isoformat(),
    }


def _journey(order: OrderCredits, details: CreditDetails) -> list[StepAnswer]:
    return [
        {
            **_touch(step.touch),
            "at": iso(step.touch.at),
            "before": step.before,
            "evidence": step.touch.evidence,
            "verdict": step.touch.verdict,
            "reason": reason_of(step.touch),
            "began_the_visit": step.began_the_visit,
            "counts": step.counts,
            "why_not": step.why_not,
        }
        for step in explanations.steps_of(order, details)
    ]


def _lines(order: OrderCredits, details: CreditDetails, model: Model) -> list[CreditAnswer]:
    return [
        {
            **_touch(line.touch),
            "share": line.share,
            "credited": money(order.amount(line.amount)),
            "marks": list(line.marks),
            "sentence": sentence,
        }
        for line, sentence in explanations.lines_of(order, details, model)
    ]


def _touch(touch: Touch) -> TouchAnswer:
    return {
        "touch": touch.id,
        "influencer": touch.influencer,
        "name": touch.name,
        "network": touch.network,
        "link": touch.link,
        "campaign": touch.campaign,
        "product_id": touch.product,
    }
