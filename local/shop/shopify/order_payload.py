"""Shopify's bodies of orders/create and orders/paid, of API version 2024-10. Pure.

Amounts come in as minor units and leave as decimal strings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from local.shop.buyers import Buyer
from local.shop.catalogue import Product
from local.shop.prices import NO_TAX, Discount, Tax
from local.shop.shopify.line_items import line_item, tax_lines
from local.shop.shopify.shapes import (
    Payload,
    money_set,
    pairs,
    price_fields,
    time_text,
    totals,
)
from sharetrail import money
from sharetrail.money import Amount

_Lines = Sequence[tuple[Product, int, Mapping[str, str]]]


@dataclass(frozen=True, kw_only=True)
class _Sums:
    """Of an order, in minor units; `discounts` and `taxes` by line."""

    gross: int
    discounts: list[int]
    taxes: list[int]
    shipping: int
    tax: Tax
    currency: str

    @property
    def subtotal(self) -> int:
        return self.gross - sum(self.discounts)

    @property
    def total(self) -> int:
        return self.subtotal + self.shipping + (0 if self.tax.included else sum(self.taxes))

    def payload(self, prefix: str) -> Payload:
        discounts, taxes = sum(self.discounts), sum(self.taxes)
        return totals(self.currency, prefix, self.subtotal, discounts, taxes, self.total)


def order_payload(
    *,
    id: int,  # noqa: A002 - Shopify's name for it
    name: str,
    created_at: datetime,
    lines: _Lines,
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
    sums = _sums(lines, discount, tax, shipping, currency)
    return {
        **_identity(id),
        **_state(customer, created_at, discount, sums),
        **_origin(name, created_at, currency, note_attributes or {}, landing_site, referring_site),
        **sums.payload(""),
        **_amounts(id, created_at, lines, sums, test=test),
        "customer": customer and _customer(customer, currency),
        "discount_applications": _applications(discount, currency),
        "fulfillments": [],
        "line_items": _line_items(id, lines, sums, vendor),
        "payment_terms": None,
        "refunds": [],
        "shipping_address": customer and _address(customer),
        "shipping_lines": _shipping_lines(id, shipping, currency),
    }


def _sums(
    lines: _Lines, discount: Discount | None, tax: Tax, shipping: int, currency: str
) -> _Sums:
    gross = [product.price * quantity for product, quantity, _ in lines]
    discounts = money.share_out(discount.amount, gross) if discount else [0] * len(lines)
    return _Sums(
        gross=sum(gross),
        discounts=discounts,
        taxes=[tax.of(price - off) for price, off in zip(gross, discounts, strict=True)],
        shipping=shipping,
        tax=tax,
        currency=currency,
    )


def _identity(order_id: int) -> Payload:
    return {
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        "app_id": 580111,
        "browser_ip": None,
        "buyer_accepts_marketing": False,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": None,
        "checkout_id": order_id + 30_000_000_000_000,
        "checkout_token": f"{order_id:032x}",
        "client_details": None,
        "closed_at": None,
        "confirmation_number": f"{order_id:X}"[-9:],
        "confirmed": True,
    }


def _state(
    customer: Buyer | None, created_at: datetime, discount: Discount | None, sums: _Sums
) -> Payload:
    return {
        "contact_email": customer and customer.email,
        "created_at": time_text(created_at),
        "currency": sums.currency,
        **sums.payload("current_"),
        "customer_locale": "en",
        "discount_codes": _codes(discount, sums.currency),
        "email": customer and customer.email,
        "estimated_taxes": False,
        "financial_status": "paid",
        "fulfillment_status": None,
    }


def _origin(
    name: str,
    created_at: datetime,
    currency: str,
    note_attributes: Mapping[str, str],
    landing_site: str | None,
    referring_site: str | None,
) -> Payload:
    number = int("".join(filter(str.isdigit, name)) or 0)
    return {
        "landing_site": landing_site,
        "landing_site_ref": None,
        "location_id": None,
        "name": name,
        "note": None,
        "note_attributes": pairs(note_attributes),
        "number": number - 1_000,
        "order_number": number,
        "payment_gateway_names": ["shopify_payments"],
        "phone": None,
        "presentment_currency": currency,
        "processed_at": time_text(created_at),
        "referring_site": referring_site,
        "source_name": "web",
    }


def _amounts(
    order_id: int, created_at: datetime, lines: _Lines, sums: _Sums, *, test: bool
) -> Payload:
    currency = sums.currency
    return {
        "tags": "",
        "tax_exempt": False,
        "tax_lines": tax_lines(sum(sums.taxes), sums.tax, currency),
        "taxes_included": sums.tax.included,
        "test": test,
        "token": f"{order_id:032x}",
        **price_fields("total_line_items_price", sums.gross, currency),
        "total_outstanding": Amount(0, currency),
        "total_shipping_price_set": money_set(sums.shipping, currency),
        "total_tip_received": Amount(0, currency),
        "total_weight": sum(product.grams * quantity for product, quantity, _ in lines),
        "updated_at": time_text(created_at),
        "user_id": None,
    }


def _line_items(order_id: int, lines: _Lines, sums: _Sums, vendor: str | None) -> list[Payload]:
    parts = zip(lines, sums.discounts, sums.taxes, strict=True)
    return [
        line_item(order_id * 100 + n, line, off, tax, sums.tax, sums.currency, vendor)
        for n, (line, off, tax) in enumerate(parts)
    ]


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


def _address(buyer: Buyer) -> Payload:
    return {
        "first_name": buyer.first_name,
        "last_name": buyer.last_name,
        "name": f"{buyer.first_name} {buyer.last_name}",
        "company": None,
        "address1": buyer.street,
        "address2": None,
        "city": "Baltimore",
        "zip": "21230",
        "province": "Maryland",
        "province_code": "MD",
        "country": "United States",
        "country_code": "US",
        "phone": None,
        "latitude": None,
        "longitude": None,
    }


def _codes(discount: Discount | None, currency: str) -> list[Payload]:
    if not discount:
        return []
    amount = Amount(discount.amount, currency)
    return [{"code": discount.code, "amount": amount, "type": "fixed_amount"}]


def _applications(discount: Discount | None, currency: str) -> list[Payload]:
    if not discount:
        return []
    return [
        {
            "target_type": "line_item",
            "type": "discount_code",
            "value": Amount(discount.amount, currency),
            "value_type": "fixed_amount",
            "allocation_method": "across",
            "target_selection": "all",
            "code": discount.code,
        }
    ]


def _shipping_lines(order_id: int, shipping: int, currency: str) -> list[Payload]:
    return [
        {
            "id": order_id + 70_000_000_000_000,
            "code": "Standard",
            "title": "Standard",
            "source": "shopify",
            **price_fields("price", shipping, currency),
            **price_fields("discounted_price", shipping, currency),
            "tax_lines": [],
            "discount_allocations": [],
        }
    ]
