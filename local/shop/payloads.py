"""Shopify's webhook bodies of API version 2024-10: orders, refunds, cancellations. Pure.

Amounts come in as minor units and leave as decimal strings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from local.shop.buyers import Buyer
from local.shop.catalogue import Product
from local.shop.refunds import cancel_payload, refund_payload, refunded
from local.shop.shapes import Payload, decimal, money_set, pairs, priced, time_text, totals
from sharetrail import money

__all__ = [
    "Discount",
    "Line",
    "Tax",
    "cancel_payload",
    "order_payload",
    "refund_payload",
    "refunded",
]


class Line(NamedTuple):
    product: Product
    quantity: int = 1
    properties: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Discount:
    """`amount` off the whole order, in minor units."""

    code: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Tax:
    """`rate` such as Fraction(19, 100); `included` where the prices contain it."""

    rate: Fraction
    included: bool = False

    def of(self, amount: int) -> int:
        share = self.rate / (1 + self.rate) if self.included else self.rate
        return round(amount * share)


NO_TAX = Tax(rate=Fraction(0))


def order_payload(
    *,
    id: int,  # noqa: A002 - Shopify's name for it
    name: str,
    created_at: datetime,
    lines: Sequence[tuple[Product, int, Mapping[str, str]]],
    customer: Buyer | None,
    currency: str = "USD",
    note_attributes: Mapping[str, str] | None = None,
    landing_site: str | None = None,
    referring_site: str | None = None,
    discount: Discount | None = None,
    tax: Tax = NO_TAX,
    shipping: int = 0,
    test: bool = False,
    vendor: str | None = None,
) -> Payload:
    """The body of orders/create and of orders/paid. Line items are numbered from the order's id."""
    gross = [product.price * quantity for product, quantity, _ in lines]
    off = money.share_out(discount.amount, gross) if discount else [0] * len(lines)
    taxes = [tax.of(price - less) for price, less in zip(gross, off, strict=True)]
    items = [
        _line_item(id * 100 + n, line, off[n], taxes[n], tax, currency, vendor)
        for n, line in enumerate(lines)
    ]
    subtotal, taxed = sum(gross) - sum(off), sum(taxes)
    total = subtotal + shipping + (0 if tax.included else taxed)
    number = "".join(filter(str.isdigit, name))
    return {
        "id": id,
        "admin_graphql_api_id": f"gid://shopify/Order/{id}",
        "app_id": 580111,
        "browser_ip": None,
        "buyer_accepts_marketing": False,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": None,
        "checkout_id": id + 30_000_000_000_000,
        "checkout_token": f"{id:032x}",
        "client_details": None,
        "closed_at": None,
        "confirmation_number": f"{id:X}"[-9:],
        "confirmed": True,
        "contact_email": customer and customer.email,
        "created_at": time_text(created_at),
        "currency": currency,
        **totals(currency, "current_", subtotal, sum(off), taxed, total),
        "customer_locale": "en",
        "discount_codes": _codes(discount, currency),
        "email": customer and customer.email,
        "estimated_taxes": False,
        "financial_status": "paid",
        "fulfillment_status": None,
        "landing_site": landing_site,
        "landing_site_ref": None,
        "location_id": None,
        "name": name,
        "note": None,
        "note_attributes": pairs(note_attributes or {}),
        "number": int(number or 0) - 1_000,
        "order_number": int(number or 0),
        "payment_gateway_names": ["shopify_payments"],
        "phone": None,
        "presentment_currency": currency,
        "processed_at": time_text(created_at),
        "referring_site": referring_site,
        "source_name": "web",
        **totals(currency, "", subtotal, sum(off), taxed, total),
        "tags": "",
        "tax_exempt": False,
        "tax_lines": _tax_lines(taxed, tax, currency),
        "taxes_included": tax.included,
        "test": test,
        "token": f"{id:032x}",
        **priced("total_line_items_price", sum(gross), currency),
        "total_outstanding": decimal(0, currency),
        "total_shipping_price_set": money_set(shipping, currency),
        "total_tip_received": decimal(0, currency),
        "total_weight": sum(product.grams * quantity for product, quantity, _ in lines),
        "updated_at": time_text(created_at),
        "user_id": None,
        "customer": customer and _customer(customer, currency),
        "discount_applications": _applications(discount, currency),
        "fulfillments": [],
        "line_items": items,
        "payment_terms": None,
        "refunds": [],
        "shipping_lines": _shipping_lines(id, shipping, currency),
    }


def _line_item(
    number: int,
    line: tuple[Product, int, Mapping[str, str]],
    off: int,
    taxed: int,
    tax: Tax,
    currency: str,
    vendor: str | None,
) -> Payload:
    product, quantity, properties = line
    allocation = {
        "amount": decimal(off, currency),
        "amount_set": money_set(off, currency),
        "discount_application_index": 0,
    }
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{number}",
        "attributed_staffs": [],
        "current_quantity": quantity,
        "fulfillable_quantity": quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "grams": product.grams,
        "name": product.title,
        **priced("price", product.price, currency),
        "product_exists": True,
        "product_id": product.id,
        "properties": pairs(properties),
        "quantity": quantity,
        "requires_shipping": True,
        "sku": product.sku,
        "taxable": True,
        "title": product.title,
        **priced("total_discount", 0, currency),
        "variant_id": product.variant,
        "variant_inventory_management": "shopify",
        "variant_title": None,
        "vendor": vendor,
        "tax_lines": _tax_lines(taxed, tax, currency),
        "duties": [],
        "discount_allocations": [allocation] if off else [],
    }


def _customer(buyer: Buyer, currency: str) -> Payload:
    return {
        "id": buyer.id,
        "admin_graphql_api_id": f"gid://shopify/Customer/{buyer.id}",
        "email": buyer.email,
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "state": "disabled",
        "note": None,
        "verified_email": True,
        "tax_exempt": False,
        "phone": None,
        "tags": "",
        "currency": currency,
    }


def _codes(discount: Discount | None, currency: str) -> list[Payload]:
    if not discount:
        return []
    amount = decimal(discount.amount, currency)
    return [{"code": discount.code, "amount": amount, "type": "fixed_amount"}]


def _applications(discount: Discount | None, currency: str) -> list[Payload]:
    if not discount:
        return []
    return [
        {
            "target_type": "line_item",
            "type": "discount_code",
            "value": decimal(discount.amount, currency),
            "value_type": "fixed_amount",
            "allocation_method": "across",
            "target_selection": "all",
            "code": discount.code,
        }
    ]


def _tax_lines(taxed: int, tax: Tax, currency: str) -> list[Payload]:
    if not taxed:
        return []
    line = {**priced("price", taxed, currency), "rate": float(tax.rate), "title": "Tax"}
    return [{**line, "channel_liable": False}]


def _shipping_lines(order_id: int, shipping: int, currency: str) -> list[Payload]:
    return [
        {
            "id": order_id + 70_000_000_000_000,
            "code": "Standard",
            "title": "Standard",
            "source": "shopify",
            **priced("price", shipping, currency),
            **priced("discounted_price", shipping, currency),
            "tax_lines": [],
            "discount_allocations": [],
        }
    ]
