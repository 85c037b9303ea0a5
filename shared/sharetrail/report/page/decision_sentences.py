"""What a rule of fraud says of an order, with amounts and days as the merchant writes them. Pure.

A decision is stored with its sentence, which the API tells as it is; what it was made of stands
beside it.
"""

import re
from dataclasses import replace
from datetime import date
from typing import TypeVar

from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.money import Amount
from sharetrail.words.writing import Writing

O = TypeVar("O", bound=OrderFigures)  # noqa: E741


def reworded(order: O, writing: Writing) -> O:
    """The order, whose decisions say it in the merchant's writing."""
    told = (replace(each, sentence=_sentence(each, order, writing)) for each in order.decisions)
    return replace(order, decisions=tuple(told))


def _sentence(decision: Decision, order: OrderFigures, writing: Writing) -> str:
    inputs = decision.inputs
    match decision.rule:
        case "repeat_buyer" if "earlier_orders" in inputs:
            return _ordered_before(inputs["earlier_orders"], inputs.get("since", ""), writing)
        case "thin_evidence":
            amounts = [inputs[name] for name in ("told", "brought") if name in inputs]
            return _with_amounts(decision.sentence, amounts, order.currency, writing)
    return decision.sentence


def _ordered_before(count: int, since: str, writing: Writing) -> str:
    times = "once" if count == 1 else f"{writing.number(count)} times"
    try:
        day = writing.day(date.fromisoformat(since))
    except ValueError:
        return f"The buyer had ordered before, {times}."
    return f"The buyer had ordered before, {times} since {day}."


def _with_amounts(sentence: str, amounts: list[int], currency: str, writing: Writing) -> str:
    for minor in amounts:
        plain = re.escape(f"{Amount(minor, currency)} {currency}")
        # Not the end of a larger one: 2.00 of 82.00.
        sentence = writing.money(minor, currency).join(re.split(rf"(?<![\d.]){plain}", sentence))
    return sentence
