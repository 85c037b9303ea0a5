"""How each refund of an order was read, in sentences a merchant understands. Pure."""

from collections.abc import Callable

from sharetrail.money import Amount, BadMoney, is_zero, minor
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import HowRead, Refund, ReturnedLines
from sharetrail.words.speech import mark, say

_AMOUNT = mark("{amount} went back, and no item is named: it counts pro rata of what was paid.")
_LINES = mark("It is the price of whole items: {amount} of net.")
_ITEMS = mark("It includes tax, so it was for items: {amount} of net.")
_OWN = mark("Items of {amount} were given back.")
_SHIPPING = mark("Shipping alone: nothing of net.")
_BESIDE = mark("Shipping, duties, fees or tips alone: nothing of net.")
_NOTHING = mark("It failed, or was for nothing: it takes nothing.")
_APART = mark("It is in another currency than the order, whose rate nobody told: it takes nothing.")
_SUM = mark("An export says that {amount} went back in all until then.")
_UNPAID = mark("Items of {lines} came back; no payment for them is told.")
_FREE = mark("Items of {lines} came back; no money reached the buyer for them.")
_ON_ITS_WAY = mark("Items of {lines} came back; {paid} is on its way.")
_PAID = mark("Items of {lines} came back; {paid} was paid back.")


Write = Callable[[Amount], str]


def _plain(amount: Amount) -> str:
    """`10.00 USD`: as the API writes it."""
    return f"{amount} {amount.currency}"


def how_read(refund: Refund, order: Order, write: Write = _plain) -> tuple[HowRead, str]:
    """How it was read, in a word and in a sentence; `write` says how amounts are written in it."""
    currency = refund.currency or order.sale.currency
    if refund.id in order.apart:
        return refund.read_as, say(_APART)
    if refund.sum:
        amount = refund.amount or refund.items or 0
        return "sum", say(_SUM, amount=write(Amount(amount, currency)))
    if refund.returned:
        return _how_returned(refund.returned, order.sale.currency, write)
    if refund.items is None:
        amount = refund.amount or 0
        if not amount:
            return "amount", say(_NOTHING)
        return "amount", say(_AMOUNT, amount=write(Amount(amount, currency)))
    return _how_items(refund, write(Amount(refund.items, currency)))


def _how_items(refund: Refund, items: str) -> tuple[HowRead, str]:
    if refund.read_as == "shipping" or not refund.items:
        return "shipping", say(_SHIPPING)
    if refund.read_as == "lines":
        return "lines", say(_LINES, amount=items)
    if refund.read_as == "items":
        return "items", say(_ITEMS, amount=items)
    return "lines", say(_OWN, amount=items)


def _how_returned(told: ReturnedLines, currency: str, write: Write) -> tuple[HowRead, str]:
    """Of a shop that tells lines and money apart."""
    paid = _written(told.money or "0", told.currency or currency, write)
    if told.names_lines:
        lines = _written(told.lines, currency, write)
        return "lines", say(_of_money(told), lines=lines, paid=paid)
    if not is_zero(told.beside) and is_zero(told.adjusted):
        return "shipping", say(_BESIDE)
    if told.money is None or is_zero(told.money):
        return "amount", say(_NOTHING)
    return "amount", say(_AMOUNT, amount=paid)


def _of_money(told: ReturnedLines) -> str:
    if told.money is None:
        return _UNPAID
    if is_zero(told.money):
        return _FREE
    return _ON_ITS_WAY if told.is_on_its_way else _PAID


def _written(text: str, currency: str, write: Write) -> str:
    """Decimal text as its currency is written; as it came where that is not known."""
    try:
        return write(Amount(minor(text, currency), currency))
    except BadMoney:
        return f"{text} {currency}"
