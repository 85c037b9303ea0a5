"""What a shop told of an order, a sentence for each fact. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sharetrail.attribution import refund_sentences
from sharetrail.attribution.refund_sentences import Write
from sharetrail.money import Amount
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import Chargeback, Fact, Sale

MOST = 100
"""Facts that are told: shops tell an order anew with every change."""
_MOST_LINES = 20
_KINDS = {
    "placed": "Placed",
    "paid": "Paid for",
    "fulfilled": "Sent to the buyer",
    "updated": "Told anew",
    "snapshot": "Told as it stands",
    "cancelled": "Cancelled",
    "deleted": "Deleted in the shop",
    "restored": "Restored",
}
_STATES = {"pending": ", not paid or promised yet", "placed": "", "cancelled": ", cancelled"}
_DISPUTES = {
    "open": "The buyer's bank took {} back; the dispute is open.",
    "won": "The dispute about {} was won: the money is the shop's again.",
    "lost": "The dispute about {} was lost.",
}

_BEFORE = "The order itself was not told yet."

_UNTOLD = "Its order was not told yet."


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
        why = refund_sentences.how_read(refund, order, write)[1] if order else _UNTOLD
        told.append(ToldFact(at=fact.at, sentence=f"Refunded. {why}"))
    if fact.chargeback:
        told.append(ToldFact(at=fact.at, sentence=_dispute(fact.chargeback, order, write)))
    return told


def _sentence(fact: Fact, write: Write) -> str:
    """`Placed: 3 items for $50.00, $58.20 with tax and shipping (from an export).`"""
    state = _STATES[fact.snapshot.state] if fact.snapshot else ""
    whence = _WHENCE.get(fact.source or "", "")
    what = f": {_sale(fact.sale, write)}" if fact.sale else ""
    return f"{_KINDS[fact.kind]}{state}{what}{whence}."


_WHENCE = {"export": " (from an export)", "connection": " (from the shop)"}


def _sale(sale: Sale, write: Write) -> str:
    number = sum(line.quantity for line in sale.lines)
    items = f"{number:,} item{'s' * (number != 1)} for " if sale.lines else ""
    paid = write(Amount(sale.total, sale.currency))
    rest = f", {paid} with tax and shipping" if sale.total != sale.net else ""
    return f"{items}{write(Amount(sale.net, sale.currency))}{rest}"


def _items(sale: Sale) -> list[str]:
    return [f"{line.quantity:,} × {line.title or line.product}" for line in sale.lines]


def _dispute(dispute: Chargeback, order: Order | None, write: Write) -> str:
    currency = dispute.currency or (order.sale.currency if order else None)
    amount = write(Amount(dispute.amount, currency)) if currency else "money"
    return _DISPUTES[dispute.state].format(amount)
