"""An order's journey in sentences: what the shop told, every touch, every model's credits, and what
the rules of fraud say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sharetrail.attribution import credits, explanations
from sharetrail.attribution.credit import CreditDetails, CreditLine, OrderCredits
from sharetrail.attribution.explanations import MODEL_NAMES, MODEL_WORDS
from sharetrail.attribution.fraud_rules import Decision, Effect
from sharetrail.attribution.models import Model
from sharetrail.attribution.sentences import decision as sentences
from sharetrail.attribution.sentences.touch import reason_of
from sharetrail.attribution.touch import CODE_PREFIX
from sharetrail.aws.items import Item
from sharetrail.costs import costs
from sharetrail.money import Amount
from sharetrail.orders import order_facts
from sharetrail.orders.order import Order, fold_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.report import held_parts, page_paths
from sharetrail.report.held import HeldOrder
from sharetrail.report.page.evidence import order_lines, sheet, told_facts
from sharetrail.report.page.evidence.orders_page import PLATFORMS
from sharetrail.report.page.spending import cost_words
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.sharing.link import is_link_code
from sharetrail.web.http import Answer
from sharetrail.words import names
from sharetrail.words.speech import isolated, mark, say
from sharetrail.words.writing import Writing

MAILED: Model = "linear"
"""The model that mail and page credit by."""
_MOST_PEOPLE = 6
"""Columns of the table of models; who has least by the mail's model is told together."""


def show(visit: Visit, platform: str, order_id: str) -> Answer:
    ref = OrderRef(merchant=visit.merchant.id, platform=platform, id=order_id)
    rows = order_facts.rows(ref) if platform in PLATFORMS else []
    facts = order_facts.among(rows)
    if not facts:
        raise NoSuchPage(say("Nothing was heard of this order."))
    order, credited, writing = fold_facts(facts), credits.find_in(rows), Writing.of(visit.merchant)
    name = order_lines.name_of(order.sale.name if order else "", order_id)
    return sheet.render(
        "journey",
        visit,
        say("Order {name}", name=isolated(name)),
        at=page_paths.order(platform, order_id),
        way=[("orders", say("Orders"))],
        platform=platform,
        order_id=order_id,
        order=order,
        original=order and _original(order),
        evidence_words=explanations.EVIDENCE_WORDS,
        reason_of=reason_of,
        is_code=is_link_code,
        why_unknown=_why_unknown(order, credited, rows),
        costs=_costs(visit, f"{platform}/{order_id}", credited, writing),
        facts=told_facts.tell(facts, order, partial(sheet.written, visit.merchant)),
        journey=credited
        and _journey(sentences.reworded(credited, writing), order, visit.now, writing),
    )


def _costs(
    visit: Visit, order: str, credited: OrderCredits | None, writing: Writing
) -> list[tuple[str, str]]:
    """What influencers' codes took off it, and what was entered about it; each with its note."""
    taken_off = credited.taken_off if credited else {}
    off = [
        say(
            "The code {code} took {amount} off.",
            code=isolated(names.name(touch.removeprefix(CODE_PREFIX))),
            amount=writing.money(amount),
        )
        for touch, amount in taken_off.items()
    ]
    entered = costs.of_order(visit.merchant.id, order)
    told = [(cost_words.named(each, writing), each.note) for each in entered]
    return [*((sentence, "") for sentence in off), *told]


def _original(order: Order) -> Amount | None:
    """What it was before it was converted."""
    return Amount(order.original.net, order.original.currency) if order.original else None


def _why_unknown(order: Order | None, credited: OrderCredits | None, rows: list[Item]) -> str:
    """Why nothing is said of its credits; empty where something is."""
    if order is None:
        is_known = any("sale" in row for row in rows)
        if is_known:
            return say("It is not paid for yet.")
        return say("The order itself was not told yet.")
    return "" if credited else say("Its credits are being worked out, normally within seconds.")


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a model gives somebody."""

    amount: Amount
    percent: str


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    model: Model
    name: str
    words: str
    is_mailed: bool
    parts: tuple[Part | None, ...]
    """A column each of the journey's people, and one of the others."""
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionLine:
    decision: Decision
    amount: Amount | None
    """What it holds, or is about; None where that is nothing."""
    elsewhere: Amount | None
    """What of it waits for another decision too; None where nothing does."""
    state: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Journey:
    """All that the page tells of an order's credits."""

    credited: OrderCredits
    headline: str
    why_none: str | None
    trail_note: str | None
    steps: tuple[explanations.JourneyStep, ...]
    people: tuple[tuple[str, str], ...]
    """Who is credited by the mail's model, id and name: most first."""
    others: int
    """How many more."""
    models: tuple[ModelRow, ...]
    decisions: tuple[DecisionLine, ...]
    held: tuple[HeldOrder, ...]
    """All that is held of it, in parts that add up."""

    @property
    def is_to_decide(self) -> bool:
        """Whether anything is the merchant's to decide, or to decide anew."""
        return any(each.decision.is_held and each.amount for each in self.decisions)


def _journey(
    credited: OrderCredits, order: Order | None, now: datetime, writing: Writing
) -> Journey:
    details, trail = credited.details, order.sale.trail if order else None
    people = _people(details.lines(MAILED))
    shown = people[:_MOST_PEOPLE]
    held = held_parts.of_order(credited, credited, now)
    return Journey(
        credited=credited,
        headline=say(_HEADLINES[credited.influence]),
        why_none=explanations.why_none(credited, trail),
        trail_note=explanations.trail_note(credited, trail),
        steps=tuple(explanations.steps_of(credited, details)),
        people=tuple(shown),
        others=len(people) - len(shown),
        models=tuple(_row(credited, details, model, shown, writing) for model in details.parts),
        decisions=tuple(
            _decision(credited, each, held, now, writing) for each in credited.decisions
        ),
        held=held,
    )


_HEADLINES = {
    "last_click": mark("Its own visit began with a share click: it counts as last-click revenue."),
    "assisted": mark(
        "A share brought the buyer before, and the order came on another visit: it counts as"
        " assisted revenue."
    ),
    "none": mark("No share is known to have brought this order."),
}


def _people(lines: tuple[CreditLine, ...]) -> list[tuple[str, str]]:
    amounts: dict[tuple[str, str], int] = {}
    names = {line.touch.influencer: line.touch.name for line in lines}
    for line in lines:
        who = (line.touch.influencer, names[line.touch.influencer])
        amounts[who] = amounts.get(who, 0) + line.amount
    return sorted(amounts, key=lambda who: -amounts[who])


def _row(
    order: OrderCredits,
    details: CreditDetails,
    model: Model,
    people: list[tuple[str, str]],
    writing: Writing,
) -> ModelRow:
    told = explanations.lines_of(order, details, model, writing.part)
    ids = [who for who, _ in people]
    sums: dict[str | None, list[CreditLine]] = {}
    for line, _ in told:
        who = line.touch.influencer
        sums.setdefault(who if who in ids else None, []).append(line)
    return ModelRow(
        model=model,
        name=say(MODEL_NAMES[model]),
        words=say(MODEL_WORDS[model]),
        is_mailed=model == MAILED,
        parts=tuple(_part(order, sums.get(who, []), writing) for who in (*ids, None)),
        sentences=tuple(sentence for _, sentence in told),
    )


def _part(order: OrderCredits, lines: list[CreditLine], writing: Writing) -> Part | None:
    """None where the model gives nothing."""
    share = sum(line.share for line in lines)
    amount = order.amount(sum(line.amount for line in lines))
    return Part(amount=amount, percent=writing.part(share)) if share else None


def _decision(
    order: OrderCredits,
    decision: Decision,
    held: tuple[HeldOrder, ...],
    now: datetime,
    writing: Writing,
) -> DecisionLine:
    is_open, is_credited = decision.is_open(now), bool(order.details.lines(MAILED))
    parts = [each for each in held if decision.id in each.decisions]
    if is_open:
        amount = sum(each.amount for each in parts)
    else:
        amount = order.credited_without(decision) if decision.is_held else 0
    elsewhere = sum(each.amount for each in parts if each.also)
    return DecisionLine(
        decision=decision,
        amount=order.amount(amount) if amount else None,
        elsewhere=order.amount(elsewhere) if elsewhere else None,
        state=_nothing(is_credited=is_credited)
        if is_open and not amount
        else _state(decision, now, writing),
        is_open=is_open and bool(amount),
    )


def _nothing(*, is_credited: bool) -> str:
    """Of what would wait, were there anything to wait for."""
    if is_credited:
        return say("Noted. What it is about was rejected already.")
    return say("Noted. Nobody is credited of this order, so nothing waits.")


def _state(decision: Decision, now: datetime, writing: Writing) -> str:
    """What became of it, or will, in words; `decided_at` stands beside it."""
    if decision.verdict:
        return say(_VERDICTS[decision.verdict])
    if decision.until is None:
        return say(_EFFECTS[decision.effect])
    is_over = decision.is_held and not decision.is_open(now)
    words = _OVER[decision.effect] if is_over else _UNTIL.get(decision.effect)
    return say(words or _EFFECTS[decision.effect], until=writing.instant(decision.until))


_VERDICTS = {
    "released": mark("Released by you: the credit is earned."),
    "upheld": mark("Rejected by you: the credit is not earned."),
}
_OVER: Mapping[Effect, str] = {
    "wait": mark("It ended on {until} by itself."),
    "doubt": mark("Nobody decided until {until}: it is asked no more, and stays unearned."),
    "withhold": mark("Nobody decided until {until}: it is asked no more, and stays withheld."),
}
_UNTIL: Mapping[Effect, str] = {
    "wait": mark(
        "It waits until {until}, and ends by itself then, unless you decide before: whoever bought"
        " before may have come back without a share."
    ),
    "doubt": mark(
        "In doubt: it waits until you decide, at latest {until}, and is left out of the score."
    ),
    "withhold": mark(
        "Withheld until you decide, at latest {until}: others have it meanwhile, if anybody."
    ),
}
_EFFECTS: Mapping[Effect, str] = {
    "flag": mark("Noted. It moves nothing."),
    "wait": mark(
        "It waits for its date, and ends by itself then, unless you decide before: whoever bought"
        " before may have come back without a share."
    ),
    "doubt": mark("In doubt: it waits until you decide, and is left out of the score."),
    "withhold": mark("Withheld until you decide: others have it meanwhile, if anybody."),
    "reject": mark("Not credited: it takes no part in the models."),
    "exclude": mark("It is stored, and never counted."),
}
