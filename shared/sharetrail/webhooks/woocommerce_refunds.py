"""WooCommerce's refunds, which name no lines: what each was of, by its amount. Pure.

a = what went back, less its tax. Do whole units of the order's lines add up to it, then those were
refunded; so with the shipping beside them; is it the shipping, then nothing of net was. Where
several fit, the one without shipping counts. Where a refund names no tax, be it that WooCommerce
tells none (before 10.9) or that an amount was typed in, the same is tried with prices that carry
it. Where nothing fits, a refund that names tax was made for items and takes a of them; one without
is an amount alone, and counts pro rata of what was paid.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sharetrail import money
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import Refund
from sharetrail.webhooks.woocommerce_payloads import Line, OrderPayload, RefundOnOrder

_MOST_BITS = 10**9
"""How much is tried before an amount counts as fitting nothing: a tenth of a second."""
_MOST_UNITS = 1_000


def refunds(order: OrderPayload) -> tuple[Refund, ...]:
    """Those beyond the most that are kept one by one are kept as one."""
    told, rest = order.refunds[: sale_fields.MAX_REFUNDS], order.refunds[sale_fields.MAX_REFUNDS :]
    read = [_refund(order, each) for each in told]
    if rest:
        amount = abs(money.total((each.total for each in rest), order.currency))
        read.append(Refund(id="rest", amount=amount))
    return tuple(read)


def is_refunded_unpaid(order: OrderPayload) -> bool:
    """Whether the status says that all was given back, and no amount does: what was paid by gift
    card is given back in goods alone."""
    amounts = [money.minor(each.total, order.currency) for each in order.refunds]
    return order.status == "refunded" and not any(amounts)


def _refund(order: OrderPayload, told: RefundOnOrder) -> Refund:
    whole = abs(money.minor(told.total, order.currency))
    tax = abs(money.minor(told.total_tax or "0", order.currency))
    for is_gross in _prices_tried(told, tax):
        items = _items(order, whole - tax, is_gross)
        if items is not None:
            return Refund(id=told.id, items=items, read_as="lines" if items else "shipping")
    if tax:
        return Refund(id=told.id, items=whole - tax, read_as="items")
    return Refund(id=told.id, amount=whole, read_as="amount")


def _prices_tried(told: RefundOnOrder, tax: int) -> tuple[bool, ...]:
    """Whether prices with tax are tried: first where the refund's tax is not told, and last where
    none was typed in beside the amount."""
    if told.total_tax is None:
        return (True, False)
    return (False,) if tax else (False, True)


def _items(order: OrderPayload, amount: int, is_gross: bool) -> int | None:
    """What an amount took of the items' net, where whole units add up to it; else None."""
    shipping = _shipping(order, is_gross)
    if _fits(order, amount, is_gross):
        return _net(order, amount, is_gross)
    if amount and amount == shipping:
        return 0
    if shipping and _fits(order, amount - shipping, is_gross):
        return _net(order, amount - shipping, is_gross)
    return None


def _shipping(order: OrderPayload, is_gross: bool) -> int:
    taxes = [order.shipping_tax] if is_gross else []
    return money.total([order.shipping_total, *taxes], order.currency)


def _cost(line: Line, currency: str, is_gross: bool) -> int:
    return money.total([line.total, *([line.total_tax] if is_gross else [])], currency)


def _net(order: OrderPayload, amount: int, is_gross: bool) -> int:
    """Without the tax in it, which is the lines' together."""
    if not is_gross:
        return amount
    gross, net = (
        sum(_cost(line, order.currency, each) for line in order.line_items)
        for each in (True, False)
    )
    return round(Fraction(amount * net, gross)) if gross else amount


# ── do lines add up to it? ───────────────────────────────────────────────────────────────────────
def _fits(order: OrderPayload, amount: int, is_gross: bool) -> bool:
    """Whether some of the order's units, at least one of them, cost exactly this."""
    if amount <= 0:
        return False
    units = [
        [each for each in _prices(line, order.currency, is_gross) if each <= amount]
        for line in order.line_items
    ]
    if amount * sum(map(len, units)) > _MOST_BITS:
        return False
    return _reaches(units, amount)


def _prices(line: Line, currency: str, is_gross: bool) -> Iterator[int]:
    """What one unit of the line cost, two, … all of them: WooCommerce rounds each such price."""
    cost, quantity = _cost(line, currency, is_gross), max(1, line.quantity)
    counts = range(1, quantity + 1) if quantity <= _MOST_UNITS else (quantity,)
    return (int(Fraction(cost * n, quantity) + Fraction(1, 2)) for n in counts if cost > 0)


def _reaches(units: Sequence[Sequence[int]], amount: int) -> bool:
    """Whether one price of each line, or none, adds up to the amount: bit n of `sums` says whether
    n can be reached."""
    sums, most = 1, (1 << (amount + 1)) - 1
    for prices in units:
        reached = sums
        for price in prices:
            reached |= sums << price
        sums = reached & most
    return bool(sums >> amount & 1)
