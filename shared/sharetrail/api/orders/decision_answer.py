"""A sign of fraud as the API shows it: what it looked at, and what the merchant said of it."""

from typing import Any

from typing_extensions import TypedDict

from sharetrail.api.frame.answers import Moment, described, money
from sharetrail.attribution.credit import OrderHead
from sharetrail.attribution.fraud_rules import Decision, Effect, Verdict
from sharetrail.calendars import iso

_AMOUNTS = ("told", "brought")
"""Inputs that are amounts, in minor units of the order's currency."""


@described
class DecisionAnswer(TypedDict):
    id: str
    """By which it is decided: `self_email:ana`."""
    sign: str
    """Which sign of fraud it is: docs/fraud.md."""
    effect: Effect
    rule: str
    """The version of the rules that saw it."""
    influencer: str | None
    """Whose credits it is about; `null`: the whole order."""
    touch: str | None
    """The one touch it is about; `null`: all of the influencer's."""
    inputs: dict[str, Any]
    """What it looked at, by name."""
    sentence: str
    until: Moment | None
    word: Verdict | None
    """What the merchant said of it."""
    decided_at: Moment | None


def decision_answer(decision: Decision, order: OrderHead) -> DecisionAnswer:
    amounts = {
        name: money(order.amount(decision.inputs[name]))
        for name in _AMOUNTS
        if name in decision.inputs
    }
    return {
        "id": decision.id,
        "sign": decision.rule,
        "effect": decision.effect,
        "rule": decision.version,
        "influencer": decision.influencer,
        "touch": decision.touch,
        "inputs": {**decision.inputs, **amounts},
        "sentence": decision.sentence,
        "until": iso(decision.until) if decision.until else None,
        "word": decision.verdict,
        "decided_at": iso(decision.decided_at) if decision.decided_at else None,
    }
