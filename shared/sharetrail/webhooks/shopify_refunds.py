"""A refund of Shopify's: what it says of lines, shipping and money, whatever its labels. Pure.

Its adjustments are negative where the buyer got more than the lines cost. Refunded shipping stood
among them before API version 2024-10, and has lines of its own since.
"""

from collections.abc import Iterable
from decimal import Decimal

from sharetrail.orders.order_fact import Refund, ReturnedLines
from sharetrail.webhooks.shopify_payloads import Adjustment, RefundPayload

_ON_ITS_WAY = ("success", "pending")


def refund(told: RefundPayload) -> Refund:
    moved = [each for each in told.transactions if each.kind == "refund"]
    went = [each for each in moved if each.status in _ON_ITS_WAY]
    is_waiting = any(each.status == "pending" for each in went)
    of_lines = [each for each in told.order_adjustments if not _is_shipping(each)]
    adjusted = _sum(_whole(each) for each in of_lines)
    pending = _sum(_whole(each) for each in of_lines if "pending" in each.reason.lower())
    returned = ReturnedLines(
        lines=_text(_sum(Decimal(each.subtotal) for each in told.refund_line_items)),
        tax=_text(_sum(Decimal(each.total_tax) for each in told.refund_line_items)),
        beside=_text(_beside(told)),
        adjusted=_text(adjusted),
        # A pair that cancels out cancels out, and what a transaction tells is told already.
        pending=_text(pending if adjusted and not is_waiting else Decimal(0)),
        money=_text(_sum(Decimal(each.amount) for each in went)) if moved else None,
        currency=next((each.currency for each in moved if each.currency), None),
        is_waiting=is_waiting,
    )
    return Refund(id=told.id, returned=returned)


def _is_shipping(adjustment: Adjustment) -> bool:
    return "shipping" in (adjustment.kind or adjustment.reason).lower()


def _whole(adjustment: Adjustment) -> Decimal:
    return Decimal(adjustment.amount) + Decimal(adjustment.tax_amount)


def _beside(told: RefundPayload) -> Decimal:
    """What went back for shipping and duties, tax included."""
    amounts = [-_whole(each) for each in told.order_adjustments if _is_shipping(each)]
    for line in told.refund_shipping_lines:
        parts = (line.subtotal_amount_set, line.tax_amount_set)
        amounts += [Decimal(each.shop_money.amount) for each in parts]
    amounts += [Decimal(each.amount_set.shop_money.amount) for each in told.duties]
    return _sum(amounts)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _text(amount: Decimal) -> str:
    return f"{amount:f}"
