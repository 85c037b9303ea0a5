"""What refunds and disputes take from an order's net revenue. Pure.

A shop that tells lines and money apart (Shopify) is read by both, whatever it calls things. All its
refunds together took what their lines are worth, less what the shop kept of that: the lines' price,
less the money that went back for them (without shipping and duties), less what lines cost that the
order gained in exchange; never below nothing. Money beyond the lines is taken too; money that names
no line counts pro rata of what was paid. Together, since an item may be taken out of the order in
one refund and paid back in another.

Money is compared with lines in one currency alone. Where the buyer paid in another, the shop's
books say what was kept; a bare amount is converted by the order's own two totals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from sharetrail import money
from sharetrail.orders.order_fact import Chargeback, Fact, Refund, ReturnedLines, Sale

_SAME_DEED = timedelta(minutes=1)
"""By how much a refund may be later than the update that it belongs to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyBack:
    """Amounts in minor units of the sale's currency."""

    refunded: int
    """What refunds took from net."""
    charged_back: int
    """What disputes that the shop did not win took of the rest."""
    refunds: tuple[Refund, ...]
    """As they were told last; of sums the one that counts, without those that it settles."""
    apart: tuple[str, ...]
    """Refunds and disputes in a currency that the order does not know, by id: they took nothing."""


def take_back(sale: Sale, newest: Fact, facts: Sequence[Fact]) -> MoneyBack:
    """`newest` is the fact that `sale` is of; `facts` are all of the order, in their order."""
    refunds, chargebacks = _refunds(facts), _chargebacks(facts)
    taken = sum(max(0, each) for each in _since(sale, newest, facts).values())
    told = taken if sale.after_refunds else _taken(sale, refunds, facts)
    told += _sum_share(sale, newest, facts)
    is_all = newest.snapshot is not None and newest.snapshot.is_refunded
    is_all = is_all and not _is_settled(newest, facts)
    refunded = sale.net if is_all else min(sale.net, max(0, told))
    disputed = sum(_of_amount(sale, each.amount, each.currency) for each in chargebacks)
    takers: list[Refund | Chargeback] = [*refunds, *chargebacks]
    return MoneyBack(
        refunded=refunded,
        charged_back=min(sale.net - refunded, disputed),
        refunds=_shown(sale, newest, facts),
        apart=tuple(each.id for each in takers if _is_apart(sale, each)),
    )


def as_sold(sale: Sale, newest: Fact, facts: Sequence[Fact]) -> Sale:
    """An edited order's items as sold: with those that refunds took which are told by themselves
    alone, and which are gone from the order as it stands; and with what failed since of refunds
    that its amounts are after."""
    if sale.after_refunds:
        given = sum(max(0, -each) for each in _since(sale, newest, facts).values())
        net = sale.net + given
        total = round(Fraction(sale.total * net, sale.net)) if sale.net else sale.total + given
        return replace(sale, net=net, total=total)
    listed, left, back = {each.id for each in newest.refunds}, sale.taken_out, 0
    for fact in facts:
        refund = fact.refund
        if not refund or not refund.returned or refund.id in listed:
            continue
        if fact.at - newest.at > _SAME_DEED:
            continue
        lines = money.minor(refund.returned.lines, sale.currency)
        if lines <= left - back:
            back += lines
    return replace(sale, net=sale.net + back, cost=sale.cost + back) if back else sale


def _since(sale: Sale, newest: Fact, facts: Sequence[Fact]) -> dict[str, int]:
    """Of a sale that is told after its refunds: what each takes more, or less, than it did then."""
    if not sale.after_refunds:
        return {}
    before = _refunds(fact for fact in facts if fact.at <= newest.at)
    then = {each.id: _share(sale, each) for each in before}
    now = {each.id: _share(sale, each) for each in _refunds(facts)}
    return {name: share - then.get(name, 0) for name, share in now.items()}


# ── what was told last ───────────────────────────────────────────────────────────────────────────
def _refunds(facts: Iterable[Fact]) -> list[Refund]:
    """Each refund as it was told last, sums left out. The newest snapshot knows them all."""
    told: dict[str, Refund] = {}
    snapshot: tuple[Refund, ...] = ()
    for fact in facts:
        if fact.refund and not fact.refund.sum:
            told[fact.refund.id] = _after(told.get(fact.refund.id), fact.refund)
        told |= {each.id: each for each in fact.refunds if _tells_more(each, told.get(each.id))}
        snapshot = fact.snapshot.refunds if fact.snapshot else snapshot
    return [*(told | {refund.id: refund for refund in snapshot}).values()]


def _shown(sale: Sale, newest: Fact, facts: Sequence[Fact]) -> tuple[Refund, ...]:
    """The refunds that the order's figures rest on."""
    whole = _last_sum(sale, newest, facts)
    refunds = _refunds(facts)
    if whole is None or whole.refund is None:
        return tuple(refunds)
    until = _refunds(each for each in facts if each.in_order <= whole.in_order)
    settled = until if whole.refund.settles else []
    return (*(each for each in refunds if each not in settled), whole.refund)


def _tells_more(refund: Refund, before: Refund | None) -> bool:
    """A refund that came with a sale may be told without its money."""
    return before is None or refund.returned is None or refund.returned.money is not None


def _after(before: Refund | None, refund: Refund) -> Refund:
    """A refund as a further telling leaves it: told anew, or less what failed of it since. Of sums
    of one second the larger is the newer, by its telling."""
    if before and before.whole and refund.whole and before.telling > refund.telling:
        return before
    if not refund.failed:
        return refund
    amount = (before.amount if before else None) or 0
    return replace(before or refund, amount=max(0, amount - refund.failed))


_OF_STATE = {"open": 0, "won": 1, "lost": 1}


def _chargebacks(facts: Iterable[Fact]) -> list[Chargeback]:
    """The disputes that the shop has not won, each as it stands last: it may turn again."""
    told = [(fact.at, _OF_STATE[fact.chargeback.state], fact) for fact in facts if fact.chargeback]
    told.sort(key=lambda each: (each[0], each[1], each[2].in_order))
    last = {fact.chargeback.id: fact.chargeback for _, _, fact in told if fact.chargeback}
    return [each for each in last.values() if each.state != "won"]


def _sum_share(sale: Sale, newest: Fact, facts: Sequence[Fact]) -> int:
    """What the newest sum of all refunds took beyond those of its time that were told by
    themselves, be it before or after it. A newer state that knows every refund outdoes it.
    """
    fact = _last_sum(sale, newest, facts)
    if fact is None or fact.refund is None:
        return 0
    until = [each for each in facts if each.in_order <= fact.in_order]
    beyond = _taken(sale, [fact.refund], facts) - _taken(sale, _refunds(until), facts)
    return beyond if fact.refund.settles else max(0, beyond)


def _last_sum(sale: Sale, newest: Fact, facts: Iterable[Fact]) -> Fact | None:
    """The newest sum of all refunds, unless a newer state knows every refund itself."""
    sums = [fact for fact in facts if fact.refund and fact.refund.sum]
    knows_all = sale.after_refunds or newest.snapshot is not None
    is_outdone = bool(sums) and knows_all and newest.in_order > sums[-1].in_order
    return sums[-1] if sums and not is_outdone else None


def _is_settled(newest: Fact, facts: Iterable[Fact]) -> bool:
    """Whether a sum tells all refunds after the newest state did."""
    return any(
        fact.refund and fact.refund.settles and fact.in_order > newest.in_order for fact in facts
    )


# ── what it took ─────────────────────────────────────────────────────────────────────────────────
def _taken(sale: Sale, refunds: Iterable[Refund], facts: Sequence[Fact]) -> int:
    """What these refunds took from net; never negative."""
    refunds = list(refunds)
    returned = {each.id: each.returned for each in refunds if each.returned}
    alone = sum(_share(sale, each) for each in refunds if not each.returned)
    return alone + (_of_lines(sale, returned, facts) if returned else 0)


def _share(sale: Sale, refund: Refund) -> int:
    if refund.items is not None:
        tax = refund.tax if sale.tax_included else 0
        return 0 if _is_foreign(sale, refund.currency) else max(0, refund.items - tax)
    if refund.whole and not _is_apart(sale, refund):
        return round(Fraction(max(0, refund.amount or 0) * sale.net, refund.whole))
    return _of_amount(sale, refund.amount or 0, refund.currency)


def _of_amount(sale: Sale, paid: int, currency: str | None) -> int:
    """The part of net in a part of what was paid, in the shop's currency or the buyer's."""
    whole = sale.total if not _is_foreign(sale, currency) else _paid_total(sale, currency)
    return round(Fraction(max(0, paid) * sale.net, whole)) if whole > 0 else 0


def _is_foreign(sale: Sale, currency: str | None) -> bool:
    """Whether it is in another currency than the sale's, as it is not where nobody says."""
    return currency not in (None, sale.currency)


def _paid_total(sale: Sale, currency: str | None) -> int:
    return (sale.paid_total or 0) if currency == sale.paid_in else 0


def _is_apart(sale: Sale, taker: Refund | Chargeback) -> bool:
    if isinstance(taker, Refund) and taker.returned:
        told = taker.returned
        return _is_by_money(told) and not _paid_in_known(sale, told.currency)
    of_items = isinstance(taker, Refund) and taker.items is not None
    is_foreign = _is_foreign(sale, taker.currency)
    return is_foreign and (of_items or not _paid_total(sale, taker.currency))


def _paid_in_known(sale: Sale, currency: str | None) -> bool:
    return not _is_foreign(sale, currency) or _paid_total(sale, currency) > 0


# ── lines and money ──────────────────────────────────────────────────────────────────────────────
class _Parts(NamedTuple):
    """What refunds of lines and money tell together. In minor units of the sale's currency."""

    cost: int = 0
    """Of the lines, tax included."""
    net: int = 0
    """Of the lines, without."""
    back: Fraction = Fraction(0)
    """The money for them."""
    alone: Fraction = Fraction(0)
    """The money of refunds that name no line."""
    waiting: int = 0
    """What went back for lines as far as nobody tells of money: it makes up what is missing."""
    beyond: int = 0
    """By how much more than the lines' cost went back, by the books alone."""


def _of_lines(sale: Sale, refunds: Mapping[str, ReturnedLines], facts: Sequence[Fact]) -> int:
    """The rule at the top of this file."""
    told = _sum(_parts(sale, each) for each in refunds.values())
    alone, waiting = max(Fraction(0), told.alone), Fraction(max(0, told.waiting))
    arrived = min(alone, waiting)  # what waits comes first, whatever was gained since
    missing = max(Fraction(0), told.cost - _gained(sale, {*refunds}, facts) - told.back - arrived)
    filled = min(missing, alone - arrived)
    kept = max(Fraction(0), missing - filled - (waiting - arrived))
    if not _is_paid(facts, {*refunds}) and all(each.money is None for each in refunds.values()):
        kept = Fraction(0)  # whom nobody paid has nothing to keep
    beyond = max(Fraction(0), told.back - told.cost) + told.beyond
    of_cost = Fraction(told.net, told.cost) if told.cost else Fraction(1)
    rest = alone - arrived - filled
    pro_rata = rest * sale.net / sale.total if sale.total > 0 else Fraction(0)
    if beyond in _unnamed(sale, refunds.values()):
        beyond = Fraction(0)
    return max(0, round(told.net - (kept - beyond) * of_cost + pro_rata))


def _sum(parts: Iterable[_Parts]) -> _Parts:
    return _Parts(*map(sum, zip(*parts, strict=True)))  # type: ignore[arg-type]  # or whole numbers


def _unnamed(sale: Sale, refunds: Iterable[ReturnedLines]) -> tuple[int, int]:
    """What may have gone back beside the lines and is not told of apart: the tip; and the tax of
    shipping, where prices carry tax and the shop tells shipping without."""
    taxes = money.total((told.beside_tax for told in refunds), sale.currency)
    return sale.tip, taxes if sale.tax_included else 0


def _parts(sale: Sale, told: ReturnedLines) -> _Parts:
    lines, tax = (money.minor(text, sale.currency) for text in (told.lines, told.tax))
    adjusted, arrived = (money.minor(text, sale.currency) for text in (told.adjusted, told.arrived))
    cost = lines + (0 if sale.tax_included else tax)
    net = max(0, lines - (tax if sale.tax_included else 0))
    paid = _money(sale, told)
    if paid is not None and told.names_lines:
        return _Parts(cost=cost, net=net, back=paid, waiting=-arrived)
    if paid is not None:
        return _Parts(alone=paid, waiting=-arrived)
    short = 0 if told.is_on_its_way else max(0, adjusted - money.minor(told.waiting, sale.currency))
    waiting, more = max(0, cost - short) - arrived, max(0, -adjusted)
    if told.names_lines:
        return _Parts(cost=cost, net=net, waiting=waiting, beyond=more)
    return _Parts(alone=Fraction(more), waiting=waiting)


def _money(sale: Sale, told: ReturnedLines) -> Fraction | None:
    """The money for the lines, or for whatever a refund without any was for; None where the shop's
    books have to tell it."""
    if told.money is None:
        return None
    on_top = [] if sale.tax_included else [told.beside_tax]
    beside = money.total([told.beside, *on_top], sale.currency)
    if not _is_foreign(sale, told.currency):
        is_beside = beside and not told.names_lines and money.is_zero(told.adjusted)
        whole = money.minor(told.money, sale.currency)
        return Fraction(0 if is_beside else whole - beside)
    if not _is_by_money(told):
        return None
    whole = _paid_total(sale, told.currency)
    paid = money.minor(told.money, told.currency or sale.currency)
    return Fraction(paid * sale.total, whole) if whole else Fraction(0)


def _is_by_money(told: ReturnedLines) -> bool:
    """Whether money is all that it tells."""
    rest = (told.lines, told.beside, told.adjusted)
    return told.money is not None and all(money.is_zero(text) for text in rest)


def _is_paid(facts: Sequence[Fact], refunds: set[str]) -> bool:
    """Whether the order was paid for before any of these refunds."""
    first = _first_of(refunds, facts)
    told = [fact.sale.paid_at for fact in facts if fact.sale and fact.sale.paid_at]
    paid = [*told, *(fact.at for fact in facts if fact.kind == "paid")]
    return any(first is None or at <= first for at in paid)


def _gained(sale: Sale, refunds: set[str], facts: Sequence[Fact]) -> int:
    """What lines cost that the order gained in exchange for those that came back: since it was paid
    for in full the last time before, or since it was placed."""
    first = _first_of(refunds, facts)
    before = [
        fact.sale.cost
        for fact in facts
        if fact.sale and first and fact.at < first and _is_paid_up(fact)
    ]
    return max(0, sale.cost - before[-1]) if before else sale.gained


def _is_paid_up(fact: Fact) -> bool:
    """Whether nothing is owed of it, and nothing was given back."""
    is_settled = fact.sale is not None and fact.sale.owing == 0 and not fact.refunds
    return fact.kind in ("placed", "paid") or is_settled


def _first_of(refunds: set[str], facts: Iterable[Fact]) -> datetime | None:
    """When the first of these refunds was told of."""
    return min((fact.at for fact in facts if _names(fact) & refunds), default=None)


def _names(fact: Fact) -> set[str]:
    return {each.id for each in (*fact.refunds, *([fact.refund] if fact.refund else []))}
