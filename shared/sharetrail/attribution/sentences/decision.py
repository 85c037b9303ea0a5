"""What a rule of fraud says of an order, made of what is stored of it when it is read. Pure.

Until 2026-12 decisions were stored with a sentence in English: it stands where what is stored
beside it does not suffice to say it anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol, TypeVar

from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.money import Amount
from sharetrail.words.names import called
from sharetrail.words.speech import say, say_n

O = TypeVar("O", bound=OrderFigures)  # noqa: E741


class Write(Protocol):
    """How whoever reads it writes amounts and days."""

    def money(self, minor: int, currency: str, /) -> str: ...
    def number(self, value: int, /) -> str: ...
    def day(self, at: date, /) -> str: ...


class Plain:
    """As the API writes them: `10.00 USD`, `2026-11-22`."""

    def money(self, minor: int, currency: str) -> str:
        return f"{Amount(minor, currency)} {currency}"

    def number(self, value: int) -> str:
        return f"{value}"

    def day(self, at: date) -> str:
        return at.isoformat()


def reworded(order: O, write: Write) -> O:
    """The order, whose decisions have their sentences."""
    if not order.decisions:
        return order
    names = _names(order)
    sentences = (_sentence(each, names, order.currency, write) for each in order.decisions)
    pairs = zip(order.decisions, sentences, strict=True)
    return replace(order, decisions=tuple(replace(each, sentence=it) for each, it in pairs))


def told(decision: Decision, order: OrderFigures) -> str:
    """Its sentence where it has one, be it of an order that was reworded; else the API's."""
    return decision.sentence or _sentence(decision, _names(order), order.currency, Plain())


def _names(order: OrderFigures) -> dict[str, str]:
    """What the influencers of its touches are called."""
    return {touch.influencer: touch.name for touch in order.details.touches}


def _sentence(decision: Decision, names: Mapping[str, str], currency: str, write: Write) -> str:
    """In the language that is spoken here."""
    name = names.get(decision.influencer or "", decision.influencer or "")
    it = _Said(decision, called(name), currency, write)
    try:
        return (_of_order(it) or _of_buyer(it) or _of_click(it) or _of_week(it)) or _as_stored(it)
    except (KeyError, ValueError):  # an input that an older version did not keep
        return _as_stored(it)


@dataclass(frozen=True)
class _Said:
    decision: Decision
    name: str
    """Of the influencer whom it is about."""
    currency: str
    write: Write

    @property
    def inputs(self) -> Mapping[str, Any]:
        return self.decision.inputs

    def money(self, name: str) -> str:
        return self.write.money(self.inputs[name], self.currency)

    def number(self, name: str) -> str:
        return self.write.number(self.inputs[name])


def _as_stored(it: _Said) -> str:
    return it.decision.sentence or say("It is in doubt.")


def _of_order(it: _Said) -> str:
    match it.decision.rule:
        case "test_order":
            return say("A test order is stored and never counted.")
        case "paid_ad":
            advertised = it.inputs["parameter"]
            return say("The buyer's visit began with a paid ad ({sign}).", sign=advertised)
        case "repeat_buyer":
            return _ordered_before(it.inputs["earlier_orders"], it.inputs.get("since", ""), it)
        case "repeat_email":
            return say_n(
                it.inputs["namesakes"],
                "{n} earlier order has this buyer's e-mail address or account, and another delivery"
                " address or none: it need not be the same person's.",
                "{n} earlier orders have this buyer's e-mail address or account, and another"
                " delivery address or none: they need not be the same person's.",
            )
    return ""


def _ordered_before(count: int, since: str, it: _Said) -> str:
    try:
        day = it.write.day(date.fromisoformat(since))
    except ValueError:
        return say_n(
            count,
            "The buyer had ordered before, once.",
            "The buyer had ordered before, {n} times.",
        )
    return say_n(
        count,
        "The buyer had ordered before, once since {day}.",
        "The buyer had ordered before, {n} times since {day}.",
        day=day,
    )


def _of_buyer(it: _Said) -> str:
    match it.decision.rule, it.decision.effect:
        case "self_customer", "reject":
            return say(
                "{name} bought this order: the customer account is theirs.",
                name=it.name,
            )
        case "self_customer", _:
            return say(
                "The order's customer account is {name}'s own; whoever types their e-mail address"
                " may have ordered under it.",
                name=it.name,
            )
        case "self_email", _ if it.inputs["address"] == "now":
            return say("The order's e-mail address is {name}'s own.", name=it.name)
        case "self_email", _:
            return say("A name that the order told before is {name}'s own.", name=it.name)
        case "self_address", _:
            return say("The order's delivery address is {name}'s own.", name=it.name)
    return ""


def _of_click(it: _Said) -> str:
    match it.decision.rule:
        case "last_second":
            return say_n(
                round(it.inputs["seconds"]),
                "Only {n} second from {name}'s click to the order.",
                "Only {n} seconds from {name}'s click to the order.",
                name=it.name,
            )
        case "shared_click":
            return say(
                "Another buyer's paid order carried this very click of {name}'s before.",
                name=it.name,
            )
        case "thin_evidence":
            return _thin_evidence(it)
        case "coupon_leak" if "referrer" in it.inputs:
            site = it.inputs["referrer"]
            return say(
                "{name}'s code was used by a buyer who came from {site}.", name=it.name, site=site
            )
    return ""


def _thin_evidence(it: _Said) -> str:
    if it.inputs["told"]:
        return say(
            "{name}'s click is known only from orders of {told} by the buyer, beside {brought}"
            " ordered since: somebody may have placed the small order to earn on the large one.",
            name=it.name,
            told=it.money("told"),
            brought=it.money("brought"),
        )
    return say(
        "{name}'s click is known only from another currency's orders by the buyer, beside {brought}"
        " ordered since: somebody may have placed the small order to earn on the large one.",
        name=it.name,
        brought=it.money("brought"),
    )


def _of_week(it: _Said) -> str:
    """What a history showed of all orders or clicks of an influencer's."""
    rule = it.decision.rule
    if rule not in ("coupon_leak", "refund_rate", "bot_ratio"):
        return ""
    part, whole = it.number("part"), it.inputs["whole"]
    match rule:
        case "coupon_leak":
            return say_n(
                whole,
                "{part} of {n} order with their code came without a click: it may have leaked.",
                "{part} of {n} orders with their code came without a click: it may have leaked.",
                part=part,
            )
        case "refund_rate":
            return say_n(
                whole,
                "{part} of {n} of their orders was refunded, cancelled or charged back.",
                "{part} of {n} of their orders were refunded, cancelled or charged back.",
                part=part,
            )
        case _:
            return say_n(
                whole,
                "{part} of {n} click on their links was a bot's.",
                "{part} of {n} clicks on their links were bots'.",
                part=part,
            )
