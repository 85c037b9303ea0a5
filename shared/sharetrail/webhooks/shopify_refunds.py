"""A refund of Shopify's: what it says of lines, shipping and money, whatever its labels. Pure.

Its adjustments are negative where the buyer got more than the lines cost. Refunded shipping stood
among them before API version 2024-10, and has lines of its own since.
"""

from collections.abc import Iterable
from decimal import Decimal

from sharetrail import money
from sharetrail.orders.order_fact import Refund, ReturnedLines
from sharetrail.webhooks.payloads.shopify import Adjustment, PriceSet, RefundPayload

_ON_ITS_WAY = ("success", "pending")


def refund(told: RefundPayload) -> Refund:
    lines = [each for each in told.refund_line_items if not each.line_item.is_tip]
    moved = [each for each in told.transactions if each.kind == "refund"]
    went = [each for each in moved if each.status in _ON_ITS_WAY]
    of_lines = [each for each in told.order_adjustments if not _is_shipping(each)]
    adjusted = _sum(_whole(each) for each in of_lines)
    pending = _sum(_whole(each) for each in of_lines if "pending" in each.reason.lower())
    returned = ReturnedLines(
        lines=_text(_sum(Decimal(each.subtotal) for each in lines)),
        tax=_text(_sum(Decimal(each.total_tax) for each in lines)),
        beside=_text(_beside(told)),
        beside_tax=_text(_beside_tax(told)),
        adjusted=_text(adjusted),
        # A pair that cancels out cancels out, and what a transaction tells is told already.
        waiting=_text(max(Decimal(0), pending) if adjusted and not moved else Decimal(0)),
        arrived=_text(max(Decimal(0), -pending) if adjusted else Decimal(0)),
        money=_text(_sum(Decimal(each.amount) for each in went)) if moved else None,
        currency=next((each.currency for each in moved if each.currency), None),
        is_on_its_way=any(each.status == "pending" for each in went),
    )
    return Refund(id=told.id, returned=returned)


def _is_shipping(adjustment: Adjustment) -> bool:
    return "shipping" in (adjustment.kind or adjustment.reason).lower()


def _whole(adjustment: Adjustment) -> Decimal:
    return Decimal(adjustment.amount) + Decimal(adjustment.tax_amount)


def _beside(told: RefundPayload) -> Decimal:
    """What went back for shipping, duties, fees and tips."""
    amounts = [-Decimal(each.amount) for each in told.order_adjustments if _is_shipping(each)]
    amounts += [_of_set(each.subtotal_amount_set) for each in told.refund_shipping_lines]
    amounts += [_of_set(each.amount_set) for each in told.duties]
    amounts += [Decimal(each.subtotal) for each in told.refund_line_items if each.line_item.is_tip]
    return _sum([*amounts, _of_set(told.total_additional_fees_set)])


def _beside_tax(told: RefundPayload) -> Decimal:
    taxes = [-Decimal(each.tax_amount) for each in told.order_adjustments if _is_shipping(each)]
    return _sum([*taxes, *(_of_set(each.tax_amount_set) for each in told.refund_shipping_lines)])


def _of_set(prices: PriceSet) -> Decimal:
    return Decimal(prices.shop_money.amount)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _text(amount: Decimal) -> str:
    """BadMoney for a sum that is more than an amount can be: no fold could read it."""
    text = f"{amount:f}"
    money.exact(text)
    return text
