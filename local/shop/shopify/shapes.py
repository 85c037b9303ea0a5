"""The small shapes that Shopify's payloads repeat."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sharetrail.money import Amount

Payload = dict[str, Any]


def totals(
    currency: str, prefix: str, subtotal: int, discounts: int, tax: int, total: int
) -> Payload:
    return {
        **price_fields(f"{prefix}subtotal_price", subtotal, currency),
        **price_fields(f"{prefix}total_discounts", discounts, currency),
        **price_fields(f"{prefix}total_tax", tax, currency),
        **price_fields(f"{prefix}total_price", total, currency),
    }


def price_fields(name: str, amount: int, currency: str) -> Payload:
    return {name: Amount(amount, currency), f"{name}_set": money_set(amount, currency)}


def money_set(amount: int, currency: str) -> Payload:
    each = {"amount": Amount(amount, currency), "currency_code": currency}
    return {"shop_money": each, "presentment_money": each}


def pairs(values: Mapping[str, str]) -> list[Payload]:
    return [{"name": name, "value": value} for name, value in values.items()]


def time_text(at: datetime) -> str:
    """Whole seconds with the offset, as Shopify writes them."""
    return at.isoformat(timespec="seconds")
