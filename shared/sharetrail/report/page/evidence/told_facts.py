"""What a shop told of an order, a sentence for each fact. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sharetrail.attribution import refund_sentences
from sharetrail.attribution.refund_sentences import Write
from sharetrail.money import Amount
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import Chargeback, Fact, Refund, Sale
from sharetrail.words import formats
from sharetrail.words.speech import mark, say, say_n, spoken

MOST = 100
"""Facts that are told: shops tell an order anew with every change."""
_MOST_LINES = 20
_KINDS = {
    # For translators: what happened to an order, before a colon: "Placed: 3 items for $50.00."
    "placed": mark("Placed"),
    "paid": mark("Paid for"),
    "fulfilled": mark("Sent to the buyer"),
    # For translators: the shop told of the order again, with changes or without.
    "updated": mark("Told anew"),
    "snapshot": mark("Told as it stands"),
    "cancelled": mark("Cancelled"),
    "deleted": mark("Deleted in the shop"),
    "restored": mark("Restored"),
}
_STATES = {
    "pending": mark("Told as it stands, not paid or promised yet"),
    "placed": _KINDS["snapshot"],
    "cancelled": mark("Told as it stands, cancelled"),
}
_DISPUTES = {
    "open": mark("The buyer's bank took {amount} back; the dispute is open."),
    "won": mark("The dispute about {amount} was won: the money is the shop's again."),
    "lost": mark("The dispute about {amount} was lost."),
}
_DISPUTES_OF_UNKNOWN = {
    "open": mark("The buyer's bank took money back; the dispute is open."),
    "won": mark("The dispute about money was won: it is the shop's again."),
    "lost": mark("The dispute about money was lost."),
}
"""Of an order whose currency was not told yet."""


@dataclass(frozen=True, kw_only=True)
class ToldFact:
    at: datetime
    sentence: str
    items: tuple[str, ...] = ()
    """`2 × Mug`, where they differ from what was told before."""
    more_items: int = 0
    test: bool = False


def tell(facts: Iterable[Fact], order: Order | None, write: Write) -> list[ToldFact]:
    """In the shop's own order; of hundreds the last. `order` is what they come to, if anything."""
    told: list[ToldFact] = []
    lines: tuple[object, ...] = ()
    for fact in sorted(facts, key=lambda each: each.in_order):
        is_new = fact.sale is not None and fact.sale.lines != lines
        lines = fact.sale.lines if fact.sale else lines
        told += _of_fact(fact, order, write, shows_items=is_new)
    return told[-MOST:]


def _of_fact(fact: Fact, order: Order | None, write: Write, *, shows_items: bool) -> list[ToldFact]:
    refunds = [*fact.refunds, *([fact.refund] if fact.refund else [])]
    refunds += fact.snapshot.refunds if fact.snapshot else ()
    told = []
    if fact.kind in _KINDS:
        items = _items(fact.sale) if fact.sale and shows_items else []
        told.append(
            ToldFact(
                at=fact.at,
                sentence=_sentence(fact, write),
                items=tuple(items[:_MOST_LINES]),
                more_items=max(0, len(items) - _MOST_LINES),
                test=fact.sale is not None and fact.sale.test,
            )
        )
    for refund in refunds:
        told.append(ToldFact(at=fact.at, sentence=_refunded(refund, order, write)))
    if fact.chargeback:
        told.append(ToldFact(at=fact.at, sentence=_dispute(fact.chargeback, order, write)))
    return told


def _refunded(refund: Refund, order: Order | None, write: Write) -> str:
    if order is None:
        return say("Refunded. Its order was not told yet.")
    what = say("Refunded.")
    return f"{what} {refund_sentences.how_read(refund, order, write)[1]}"


def _sentence(fact: Fact, write: Write) -> str:
    """`Placed: 3 items for $50.00, $58.20 with tax and shipping (from an export).`"""
    what = say(_STATES[fact.snapshot.state] if fact.snapshot else _KINDS[fact.kind])
    if fact.sale is None:
        return say(_WHENCE[fact.source], what=what)
    return say(_WHENCE_SOLD[fact.source], what=what, sale=_sale(fact.sale, write))


_WHENCE = {
    None: mark("{what}."),
    # For translators: an order was loaded from a file that the shop wrote.
    "export": mark("{what} (from an export)."),
    # For translators: an order was read from the shop's own system.
    "connection": mark("{what} (from the shop)."),
}
"""By what told it, where that was no webhook."""
_WHENCE_SOLD = {
    # For translators: "Placed: 3 items for $50.00."
    None: mark("{what}: {sale}."),
    # For translators: "Placed: 3 items for $50.00 (from an export)."
    "export": mark("{what}: {sale} (from an export)."),
    "connection": mark("{what}: {sale} (from the shop)."),
}


def _sale(sale: Sale, write: Write) -> str:
    number = sum(line.quantity for line in sale.lines)
    gaps = {
        "net": write(Amount(sale.net, sale.currency)),
        "total": write(Amount(sale.total, sale.currency)),
    }
    has_more = sale.total != sale.net
    if not sale.lines:
        return say("{net}, {total} with tax and shipping", **gaps) if has_more else gaps["net"]
    if not has_more:
        return say_n(number, "{n} item for {net}", "{n} items for {net}", **gaps)
    return say_n(
        number,
        "{n} item for {net}, {total} with tax and shipping",
        "{n} items for {net}, {total} with tax and shipping",
        **gaps,
    )


def _items(sale: Sale) -> list[str]:
    language = spoken()
    return [
        f"{formats.number(line.quantity, language)} × {line.title or line.product}"
        for line in sale.lines
    ]


def _dispute(dispute: Chargeback, order: Order | None, write: Write) -> str:
    currency = dispute.currency or (order.sale.currency if order else None)
    if currency is None:
        return say(_DISPUTES_OF_UNKNOWN[dispute.state])
    return say(_DISPUTES[dispute.state], amount=write(Amount(dispute.amount, currency)))
