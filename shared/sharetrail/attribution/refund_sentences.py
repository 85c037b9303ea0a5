"""How each refund of an order was read, in sentences a merchant understands. Pure."""

from collections.abc import Callable

from sharetrail.money import Amount, BadMoney, is_zero, minor
from sharetrail.orders.order import Order
from sharetrail.orders.order_fact import HowRead, Refund, ReturnedLines

_AMOUNT = "{} went back, and no item is named: it counts pro rata of what was paid."
_LINES = "It is the price of whole items: {} of net."
_ITEMS = "It includes tax, so it was for items: {} of net."
_OWN = "Items of {} were given back."
_SHIPPING = "Shipping alone: nothing of net."
_BESIDE = "Shipping, duties, fees or tips alone: nothing of net."
_NOTHING = "It failed, or was for nothing: it takes nothing."
_APART = "It is in another currency than the order, whose rate nobody told: it takes nothing."
_SUM = "An export says that {} went back in all until then."


Write = Callable[[Amount], str]


def _plain(amount: Amount) -> str:
    """`10.00 USD`: as the API writes it."""
    return f"{amount} {amount.currency}"


def how_read(refund: Refund, order: Order, write: Write = _plain) -> tuple[HowRead, str]:
    """How it was read, in a word and in a sentence; `write` says how amounts are written in it."""
    currency = refund.currency or order.sale.currency
    if refund.id in order.apart:
        return refund.read_as, _APART
    if refund.sum:
        amount = refund.amount or refund.items or 0
        return "sum", _SUM.format(write(Amount(amount, currency)))
    if refund.returned:
        return _how_returned(refund.returned, order.sale.currency, write)
    if refund.items is None:
        amount = refund.amount or 0
        sentence = _AMOUNT.format(write(Amount(amount, currency))) if amount else _NOTHING
        return "amount", sentence
    return _how_items(refund, write(Amount(refund.items, currency)))


def _how_items(refund: Refund, items: str) -> tuple[HowRead, str]:
    if refund.read_as == "shipping" or not refund.items:
        return "shipping", _SHIPPING
    if refund.read_as == "lines":
        return "lines", _LINES.format(items)
    return (
        ("items", _ITEMS.format(items))
        if refund.read_as == "items"
        else (
            "lines",
            _OWN.format(items),
        )
    )


def _how_returned(told: ReturnedLines, currency: str, write: Write) -> tuple[HowRead, str]:
    """Of a shop that tells lines and money apart."""
    paid = _written(told.money or "0", told.currency or currency, write)
    if told.names_lines:
        lines = _written(told.lines, currency, write)
        return "lines", f"Items of {lines} came back; {_of_money(told, paid)}."
    if not is_zero(told.beside) and is_zero(told.adjusted):
        return "shipping", _BESIDE
    if told.money is None or is_zero(told.money):
        return "amount", _NOTHING
    return "amount", _AMOUNT.format(paid)


def _of_money(told: ReturnedLines, paid: str) -> str:
    if told.money is None:
        return "no payment for them is told"
    if is_zero(told.money):
        return "no money reached the buyer for them"
    return f"{paid} is on its way" if told.is_on_its_way else f"{paid} was paid back"


def _written(text: str, currency: str, write: Write) -> str:
    """Decimal text as its currency is written; as it came where that is not known."""
    try:
        return write(Amount(minor(text, currency), currency))
    except BadMoney:
        return f"{text} {currency}"
