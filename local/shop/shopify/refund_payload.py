"""Shopify's bodies of refunds/create and orders/cancelled. Pure.

An order's payload is also the order's state: `after_refund` and `cancel_payload` answer a new one.
"""

from collections.abc import Mapping
from datetime import datetime

from local.shop.shopify.shapes import Payload, money_set, price_fields, time_text, totals
from sharetrail import money
from sharetrail.money import Amount


def refund_payload(
    *,
    id: int,  # noqa: A002
    order: Payload,
    created_at: datetime,
    quantities: Mapping[int, int] | None = None,
    goodwill: int = 0,
    note: str | None = None,
) -> Payload:
    """The body of refunds/create: `quantities` by line item id, `goodwill` paid on top of them.

    As Shopify sends them, a line's `subtotal` and `total_tax` are numbers, not strings.
    """
    currency = order["currency"]
    items = {item["id"]: item for item in order["line_items"]}
    lines = [
        _refund_line(id * 100 + n, items[number], count, currency)
        for n, (number, count) in enumerate((quantities or {}).items())
    ]
    amount = sum(_amount_back(line, order) for line in lines) + goodwill
    return {
        "id": id,
        "admin_graphql_api_id": f"gid://shopify/Refund/{id}",
        "order_id": order["id"],
        "created_at": time_text(created_at),
        "processed_at": time_text(created_at),
        "note": note,
        "user_id": None,
        "restock": False,
        "return": None,
        "duties": [],
        "total_duties_set": money_set(0, currency),
        "refund_line_items": lines,
        "refund_shipping_lines": [],
        "order_adjustments": _adjustments(id, order["id"], goodwill, currency),
        "transactions": [_transaction(id, order, created_at, amount)] if amount else [],
    }


def after_refund(order: Payload, refund: Payload) -> Payload:
    """The order as it stands after a refund of its items."""
    back = {line["line_item_id"]: line["quantity"] for line in refund["refund_line_items"]}
    items = [
        {**item, "current_quantity": item["current_quantity"] - back.get(item["id"], 0)}
        for item in order["line_items"]
    ]
    currency = order["currency"]
    goods = sum(_minor(line["subtotal_set"]) for line in refund["refund_line_items"])
    paid = sum(money.minor(each["amount"], currency) for each in refund["transactions"])
    subtotal = max(0, _minor(order["current_subtotal_price_set"]) - goods)
    total = max(0, _minor(order["current_total_price_set"]) - paid)
    is_over = not any(item["current_quantity"] for item in items)
    return {
        **order,
        **price_fields("current_subtotal_price", subtotal, currency),
        **price_fields("current_total_price", total, currency),
        "financial_status": "refunded" if is_over else "partially_refunded",
        "line_items": items,
        "refunds": [*order["refunds"], refund],
        "updated_at": refund["created_at"],
    }


def cancel_payload(
    *, order: Payload, cancelled_at: datetime, cancel_reason: str = "customer"
) -> Payload:
    """The body of orders/cancelled: the order with nothing left of it."""
    currency = order["currency"]
    return {
        **order,
        **totals(currency, "current_", 0, 0, 0, 0),
        "cancel_reason": cancel_reason,
        "cancelled_at": time_text(cancelled_at),
        "closed_at": time_text(cancelled_at),
        "financial_status": "refunded",
        "line_items": [{**item, "current_quantity": 0} for item in order["line_items"]],
        "updated_at": time_text(cancelled_at),
    }


def _refund_line(number: int, item: Payload, count: int, currency: str) -> Payload:
    """Parts of a line sum to the line exactly, whatever the rounding of each."""
    before = item["quantity"] - item["current_quantity"]
    net = _line_total(item, currency)
    tax = sum(money.minor(each["price"], currency) for each in item["tax_lines"])
    subtotal = _between(net, before, before + count, item["quantity"])
    taxed = _between(tax, before, before + count, item["quantity"])
    return {
        "id": number,
        "line_item_id": item["id"],
        "location_id": None,
        "quantity": count,
        "restock_type": "no_restock",
        "subtotal": float(Amount(subtotal, currency)),
        "subtotal_set": money_set(subtotal, currency),
        "total_tax": float(Amount(taxed, currency)),
        "total_tax_set": money_set(taxed, currency),
        "line_item": item,
    }


def _line_total(item: Payload, currency: str) -> int:
    off = sum(money.minor(each["amount"], currency) for each in item["discount_allocations"])
    quantity: int = item["quantity"]
    return money.minor(item["price"], currency) * quantity - off


def _between(whole: int, start: int, end: int, count: int) -> int:
    """What falls to the pieces from `start` up to `end` of `count`."""
    return whole * end // count - whole * start // count


def _amount_back(line: Payload, order: Payload) -> int:
    tax = 0 if order["taxes_included"] else _minor(line["total_tax_set"])
    return _minor(line["subtotal_set"]) + tax


def _minor(amounts: Payload) -> int:
    shop = amounts["shop_money"]
    return money.minor(shop["amount"], shop["currency_code"])


def _adjustments(refund_id: int, order_id: int, goodwill: int, currency: str) -> list[Payload]:
    """Negative: the buyer got more than the items' price."""
    if not goodwill:
        return []
    return [
        {
            "id": refund_id + 20_000_000_000_000,
            "order_id": order_id,
            "refund_id": refund_id,
            "kind": "refund_discrepancy",
            "reason": "Refund discrepancy",
            **price_fields("amount", -goodwill, currency),
            **price_fields("tax_amount", 0, currency),
        }
    ]


def _transaction(refund_id: int, order: Payload, at: datetime, amount: int) -> Payload:
    number = refund_id + 10_000_000_000_000
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/OrderTransaction/{number}",
        "order_id": order["id"],
        "amount": Amount(amount, order["currency"]),
        "created_at": time_text(at),
        "processed_at": time_text(at),
        "currency": order["currency"],
        "gateway": "shopify_payments",
        "kind": "refund",
        "status": "success",
        "test": order["test"],
    }


def items_left(order: Payload) -> dict[int, int]:
    """What may still be refunded, by line item id."""
    quantities = {item["id"]: item["current_quantity"] for item in order["line_items"]}
    return {number: quantity for number, quantity in quantities.items() if quantity}
