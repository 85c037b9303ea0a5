"""Entering what somebody, or the programme as a whole, cost; and taking it back."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from babel.core import Locale
from babel.numbers import NumberFormatError, format_decimal, parse_decimal

from sharetrail import calendars, money
from sharetrail.costs import costs
from sharetrail.costs.cost import KINDS, LONGEST, LONGEST_NOTE, WHOM, Cost, CostKind
from sharetrail.costs.costs import ID_PATTERN, UnknownCost
from sharetrail.problems import Malformed
from sharetrail.report import page_paths
from sharetrail.report.page.acts import name_influencer
from sharetrail.report.page.acts.act import Act, ActKind
from sharetrail.report.page.acts.act_words import Words
from sharetrail.report.page.acts.deed import Deed, NotThere, asked
from sharetrail.report.page.spending import cost_words
from sharetrail.report.page.spending.cost_words import NO_COST
from sharetrail.report.page.visit import Visit
from sharetrail.words import formats, names
from sharetrail.words.speech import say
from sharetrail.words.writing import Writing

_AGAIN = 20
"""How often one may be taken back and entered again."""
_VALUE = re.compile(r"(\w+) (\d{1,15}) ([A-Z]{3}) (\S{10}) (\S{10}) ?(.*)", re.ASCII | re.DOTALL)
_LONGEST_ID = 100


@dataclass(frozen=True, kw_only=True)
class EnterCost(Deed):
    """`about` names the cost, and whom it is for. A fact is not changed, so what was taken back and
    is entered again is another one: its id has a number behind it."""

    kind: ClassVar[ActKind] = "cost"
    last: Cost | None
    """As it was entered last, be it taken back."""
    next_id: str
    """Of one that is entered."""

    @classmethod
    def read(cls, visit: Visit) -> Self:
        who = visit.query.get("influencer", "")
        label = name_influencer.profile(visit, who)["name"] if who else ""
        base = asked(visit, "cost", _LONGEST_ID)
        if not re.fullmatch(ID_PATTERN, base):
            raise Malformed(say("The address of this page names no cost."))
        last, next_id = _last(visit, base)
        if last and last.influencer != who:
            raise NotThere(say("It is a cost for somebody else."))
        return cls(
            visit=visit,
            about={"cost": base, **({"influencer": who} if who else {})},
            label=label,
            before=said(last) if last and not last.taken_back_at else NO_COST,
            after=_after(visit),
            last=last,
            next_id=next_id,
        )

    @property
    def back(self) -> str:
        who = self.about.get("influencer")
        return page_paths.person(who) if who else "costs"

    @property
    def back_label(self) -> str:
        return super().back_label if self.label else say("Costs")

    def shown(self, value: str) -> str:
        if value == NO_COST:
            return say("It is entered no more.")
        return cost_words.named(cost_of(value), Writing.of(self.visit.merchant))

    @property
    def ways(self) -> tuple[str, ...]:
        return () if self.before == NO_COST else (NO_COST,)

    def words(self) -> Words:
        value = self.before if self.after == NO_COST else self.after or NO_COST
        whom = names.name(self.label)
        about = (
            self.shown(value),
            say("It is for {name}.", name=whom) if whom else say("It is for nobody in particular."),
        )
        if self.after == NO_COST:
            gone = say("It will be no cost any more, of no day. What was mailed stays as it was.")
            title, button = say("Take a cost back"), say("Take it back")
            return Words(title=title, sentences=(*about, gone), button=button, warns=True)
        pays = say("It is written down and pays nobody. No credit and no score changes.")
        title, button = say("Enter a cost"), say("Enter it")
        return Words(title=title, sentences=(*about, pays), button=button)

    def do(self, act: Act) -> bool:
        merchant = self.visit.merchant.id
        if self.before == act.after:
            return True
        if act.after == NO_COST:
            costs.take_back(merchant, self.last.id if self.last else "", act.at)
            return True
        costs.enter(merchant, self._entered(act))
        return True

    def _entered(self, act: Act) -> Cost:
        """For whom and what it was before, where it is entered again."""
        told = replace(cost_of(act.after), id=self.next_id, entered_at=act.at)
        if self.last is None:
            return replace(told, influencer=act.about.get("influencer", ""))
        whom = {name: getattr(self.last, name) for name in WHOM}
        return replace(told, **whom)


def _last(visit: Visit, base: str) -> tuple[Cost | None, str]:
    """A cost as it was entered last, and by which id it would be entered again."""
    last = None
    for number in range(_AGAIN):
        cost_id = f"{base}.{number}" if number else base
        try:
            last = costs.find(visit.merchant.id, cost_id)
        except UnknownCost:
            return last, cost_id
        if not last.taken_back_at:
            return last, cost_id
    raise Malformed(say("It was entered and taken back too often. Enter it as a new one."))


def said(cost: Cost) -> str:
    """What it says in a line, as an address has it: `fee 50000 USD 2026-11-01 2026-11-30 lamp`."""
    days = f"{cost.first} {cost.last}"
    return f"{cost.kind} {cost.amount} {cost.currency} {days} {cost.note}".rstrip()


def cost_of(value: str) -> Cost:
    """Malformed where it is nothing that `said` says."""
    match = _VALUE.fullmatch(value)
    if match is None:
        raise _no_cost()
    kind, amount, currency, first, last, note = match.groups()
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
        money.digits(currency)
    except ValueError as error:
        raise _no_cost() from error
    return _checked(kind, int(amount), currency, *days, note)


def _no_cost() -> Malformed:
    return Malformed(say("That is no cost."))


def _checked(kind: str, amount: int, currency: str, first: date, last: date, note: str) -> Cost:
    if kind not in KINDS or currency not in money.CURRENCIES:
        raise _no_cost()
    if amount <= 0:
        raise Malformed(say("Enter an amount of more than nothing."))
    if not first <= last < first + LONGEST:
        raise Malformed(say("Enter the first day and the last, at most a year."))
    return Cost(
        id="",
        kind=_kind(kind),
        amount=amount,
        currency=currency,
        first=first,
        last=last,
        note=" ".join(note.split())[:LONGEST_NOTE],
        entered_at=calendars.moment("2000-01-01T00:00:00Z"),  # its act says when
    )


def _kind(text: str) -> CostKind:
    return next(kind for kind in KINDS if kind == text)


def _after(visit: Visit) -> str | None:
    """What shall be: as the address says it in one line, or as a form does field by field."""
    query = visit.query
    if value := query.get("value"):
        return NO_COST if value == NO_COST else said(cost_of(value))
    if "amount" not in query:
        return None  # only what stands can be taken back then
    try:
        first = date.fromisoformat(query.get("first", ""))
        last = date.fromisoformat(query.get("last") or query.get("first", ""))
    except ValueError as error:
        raise Malformed(say("Enter the days as 2026-11-01.")) from error
    currency = visit.merchant.currency
    amount = _minor(query["amount"], currency, visit.merchant.language)
    note = query.get("note", "")
    return said(_checked(query.get("kind", ""), amount, currency, first, last, note))


def _minor(text: str, currency: str, language: str) -> int:
    """As the merchant's language writes it, with or without thousands parted."""
    locale = formats.locale_of(language)
    try:
        plain = f"{parse_decimal(text.strip(), locale=locale, strict=True):f}"
        return money.minor(plain, currency)
    except (NumberFormatError, money.BadMoney) as error:
        raise _no_amount(text, locale) from error


def _no_amount(text: str, locale: Locale) -> Malformed:
    example = format_decimal(120.5, "#,##0.00", locale=locale)
    return Malformed(
        say("“{entry}” is no amount. Write it as {example}.", entry=text[:20], example=example)
    )


def new_id(visit: Visit) -> str:
    """Of a cost that is entered on the page: by when its form was shown."""
    return f"page-{round(visit.now.timestamp() * 1_000)}"
