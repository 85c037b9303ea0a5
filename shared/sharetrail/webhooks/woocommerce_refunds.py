"""WooCommerce's refunds, which name no lines: what each was of, by its amount. Pure.

a = what went back, less its tax. Do whole units of the order's lines add up to it, then those were
refunded; so with the shipping beside them; is it the shipping, then nothing of net was. Where
several fit, the one without shipping counts. Where a refund names no tax, be it that WooCommerce
tells none (before 10.9) or that an amount was typed in, the same is tried with prices that carry
it. Where nothing fits, a refund that names tax was made for items and takes a of them; one without
is an amount alone, and counts pro rata of what was paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sharetrail import money
from sharetrail.orders import sale_fields
from sharetrail.orders.order_fact import Refund
from sharetrail.webhooks.payloads.woocommerce import Line, OrderPayload, RefundOnOrder

_MOST_BITS = 10**9
"""How much is tried for an order before its amounts count as fitting nothing: a tenth of a second.
"""
_MOST_UNITS = 1_000


def refunds(order: OrderPayload) -> tuple[Refund, ...]:
    """Those beyond the most that are kept one by one are kept as one."""
    told, rest = order.refunds[: sale_fields.MAX_REFUNDS], order.refunds[sale_fields.MAX_REFUNDS :]
    most = max((abs(money.minor(each.total, order.currency)) for each in told), default=0)
    costs = [_Costs.of(order, is_gross, most) for is_gross in (False, True)] if told else []
    read = [_refund(order, each, *costs) for each in told]
    if rest:
        amount = abs(money.total((each.total for each in rest), order.currency))
        read.append(Refund(id="rest", amount=amount))
    return tuple(read)


def is_refunded_unpaid(order: OrderPayload) -> bool:
    """Whether the status says that all was given back, and no amount does: what was paid by gift
    card is given back in goods alone."""
    amounts = [money.minor(each.total, order.currency) for each in order.refunds]
    return order.status == "refunded" and not any(amounts)


def _refund(order: OrderPayload, told: RefundOnOrder, net: "_Costs", gross: "_Costs") -> Refund:
    whole = abs(money.minor(told.total, order.currency))
    tax = abs(money.minor(told.total_tax or "0", order.currency))
    for costs in _tried(told, tax, net, gross):
        items = costs.items_in(whole - tax)
        if items is not None:
            return Refund(id=told.id, items=items, read_as="lines" if items else "shipping")
    if tax:
        return Refund(id=told.id, items=whole - tax, read_as="items")
    return Refund(id=told.id, amount=whole, read_as="amount")


def _tried(told: RefundOnOrder, tax: int, net: "_Costs", gross: "_Costs") -> tuple["_Costs", ...]:
    """Prices with tax are tried first where the refund's tax is not told, and last where none was
    typed in beside the amount."""
    if told.total_tax is None:
        return (gross, net)
    return (net,) if tax else (net, gross)


# ── what the order's units cost ──────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class _Costs:
    """In minor units, all of it without tax or all with."""

    sums: int
    """Bit n says whether some of the order's units cost n together."""
    shipping: int
    of_net: Fraction
    """What of a cost is net."""

    @classmethod
    def of(cls, order: OrderPayload, is_gross: bool, most: int) -> "_Costs":
        """With sums up to the most that is asked for."""
        costs = [_cost(line, order.currency, is_gross) for line in order.line_items]
        net = sum(_cost(line, order.currency, False) for line in order.line_items)
        taxes = [order.shipping_tax] if is_gross else []
        return cls(
            sums=_sums([*map(_prices, order.line_items, costs)], most),
            shipping=money.total([order.shipping_total, *taxes], order.currency),
            of_net=Fraction(net, sum(costs)) if sum(costs) > 0 else Fraction(1),
        )

    def items_in(self, amount: int) -> int | None:
        """What an amount took of the items' net, where whole units add up to it; else None."""
        if self._fits(amount):
            return round(amount * self.of_net)
        if amount and amount == self.shipping:
            return 0
        if self.shipping and self._fits(amount - self.shipping):
            return round((amount - self.shipping) * self.of_net)
        return None

    def _fits(self, amount: int) -> bool:
        return amount > 0 and bool(self.sums >> amount & 1)


def _cost(line: Line, currency: str, is_gross: bool) -> int:
    return money.total([line.total, *([line.total_tax] if is_gross else [])], currency)


def _prices(line: Line, cost: int) -> list[int]:
    """What one unit of the line cost, two, … all of them: WooCommerce rounds each such price."""
    quantity = max(1, line.quantity)
    counts = range(1, quantity + 1) if quantity <= _MOST_UNITS else (quantity,)
    return [(2 * cost * n + quantity) // (2 * quantity) for n in counts] if cost > 0 else []


def _sums(units: Sequence[Sequence[int]], most: int) -> int:
    """What one price of each line, or none, adds up to."""
    if most * sum(map(len, units)) > _MOST_BITS:
        return 0
    sums, within = 1, (1 << (most + 1)) - 1
    for prices in units:
        reached = sums
        for price in prices:
            if price <= most:
                reached |= sums << price
        sums = reached & within
    return sums
