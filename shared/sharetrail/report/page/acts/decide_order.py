"""Releasing a held order, rejecting it, or taking that back."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self, cast, get_args

from sharetrail.attribution import attribute_order, credits
from sharetrail.attribution.credit import OrderCredits
from sharetrail.attribution.fraud_rules import Decision, Word
from sharetrail.attribution.sentences import decision as sentences
from sharetrail.aws.items import Item
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import OrderRef
from sharetrail.problems import Malformed
from sharetrail.report import held_parts, page_paths
from sharetrail.report.page.acts import act_words, done_words, release
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import HeldCredit, HeldPart, Words
from sharetrail.report.page.acts.deed import Deed, NotThere, asked
from sharetrail.report.page.acts.release import Released
from sharetrail.report.page.visit import Visit
from sharetrail.sharing import influencers
from sharetrail.words import names
from sharetrail.words.speech import say
from sharetrail.words.writing import Writing

_LONGEST_ORDER, _LONGEST_DECISION = 1_000, 300


@dataclass(frozen=True, kw_only=True)
class Decide(Deed):
    kind: ClassVar[ActKind] = "decide"
    ref: OrderRef
    rows: list[Item]
    order: OrderCredits
    decision: Decision

    @classmethod
    def read(cls, visit: Visit) -> Self:
        ref = _ref(visit.merchant.id, asked(visit, "order", _LONGEST_ORDER))
        wanted = asked(visit, "decision", _LONGEST_DECISION)
        rows = order_facts.rows(ref)
        order = credits.find_in(rows)
        held = {each.id: each for each in order.decisions if each.is_held} if order else {}
        if order is None or wanted not in held:
            raise NotThere(
                say("Nothing of this order waits for your word, or it does not any more.")
            )
        value = visit.query.get("value")
        if value is not None and value not in get_args(Word):
            raise Malformed(say("An order is released, rejected or not decided."))
        return cls(
            visit=visit,
            about={"order": ref.own, "decision": wanted},
            label=order.name,
            part=_part(visit, order, held[wanted]),
            before=attribute_order.last_word(rows, held[wanted]),
            after=value,
            ref=ref,
            rows=rows,
            order=order,
            decision=held[wanted],
        )

    @property
    def ways(self) -> tuple[str, ...]:
        words: tuple[str, ...] = get_args(Word)
        # What was decided may be decided otherwise, or left open again; what was not may not.
        return tuple(each for each in words if each != self.before)

    @property
    def why(self) -> str:
        writing = Writing.of(self.visit.merchant)
        told = sentences.reworded(self.order, writing).decisions
        return next(each.sentence for each in told if each.id == self.decision.id)

    @property
    def back(self) -> str:
        return page_paths.order(self.ref.platform, self.ref.id)

    def shown(self, value: str) -> str:
        return done_words.of_value(self.kind, value)

    def words(self) -> Words:
        return act_words.of_verdict(cast(Word, self.after), self._held(self.visit.now))

    def do(self, act: Act) -> bool:
        if self.before == act.after:
            return True
        word = cast(Word, act.after)
        return attribute_order.decide(self.ref, self.rows, self.decision, word, act.at)

    def _held(self, now: datetime) -> HeldCredit:
        until, order = self.decision.until, self.order
        parts = release.parts_of(order, self.decision, now)
        in_all = release.with_others(order, self.decision, now)
        return HeldCredit(
            order=order.name,
            whose=self._whose(),
            effect=self.decision.effect,
            amount=self._money(sum(each.amount for each in parts)),
            with_others=None if in_all is None else self._money(in_all),
            until=self._instant(until) if until and until > now else None,
            parts=tuple(self._told(each) for each in parts),
        )

    def _told(self, part: Released) -> HeldPart:
        waits = part.waits_until
        return HeldPart(
            whose=part.name,
            amount=self._money(part.amount),
            fate=part.fate,
            until=self._instant(waits) if waits else "",
        )

    def _money(self, minor: int) -> str:
        return Writing.of(self.visit.merchant).money(minor, self.order.currency)

    def _instant(self, at: datetime) -> str:
        return Writing.of(self.visit.merchant).instant(at)

    def _whose(self) -> str | None:
        """What the influencer is called; None where the decision is about all of the order's."""
        who = self.decision.influencer
        return who and influencers.name_of(self.visit.merchant.id, who)


def _part(visit: Visit, order: OrderCredits, decision: Decision) -> str:
    """`Ana’s $48.00 (bought 2 seconds after the click)`."""
    who = decision.influencer
    amount = Writing.of(visit.merchant).money(order.credited_without(decision), order.currency)
    gaps = {"amount": amount, "why": held_parts.why(decision)}
    if not who:
        # For translators: of an order; {why} is "the buyer had ordered before".
        return say("{amount} ({why})", **gaps)
    called = names.in_sentence(influencers.name_of(visit.merchant.id, who))
    # For translators: somebody's part of an order; {why} is "the buyer had ordered before".
    return say("{name}’s {amount} ({why})", name=called, **gaps)


def _ref(merchant_id: str, own: str) -> OrderRef:
    """Of `shopify#1001`."""
    platform, separator, order_id = own.partition("#")
    if not separator or not order_id or "#" in platform:
        raise NotThere(say("There is no such order."))
    return OrderRef(merchant=merchant_id, platform=platform, id=order_id)
