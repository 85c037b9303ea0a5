"""The line items of Shopify's orders, and the tax lines of items and orders alike. Pure."""

from collections.abc import Mapping

from local.shop.catalogue import Product
from local.shop.prices import Tax
from local.shop.shopify.shapes import Payload, money_set, pairs, price_fields
from sharetrail.money import Amount


def line_item(
    number: int,
    line: tuple[Product, int, Mapping[str, str]],
    off: int,
    tax_amount: int,
    tax: Tax,
    currency: str,
    vendor: str | None,
) -> Payload:
    product, quantity, properties = line
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
        **price_fields("price", product.price, currency),
        "product_exists": True,
        "product_id": product.id,
        "properties": pairs(properties),
        "quantity": quantity,
        "requires_shipping": True,
        "sku": product.sku,
        "taxable": True,
        "title": product.title,
        **price_fields("total_discount", 0, currency),
        "variant_id": product.variant,
        "variant_inventory_management": "shopify",
        "variant_title": None,
        "vendor": vendor,
        "tax_lines": tax_lines(tax_amount, tax, currency),
        "duties": [],
        "discount_allocations": _allocations(off, currency),
    }


def _allocations(off: int, currency: str) -> list[Payload]:
    if not off:
        return []
    amounts = {"amount": Amount(off, currency), "amount_set": money_set(off, currency)}
    return [{**amounts, "discount_application_index": 0}]


def tax_lines(tax_amount: int, tax: Tax, currency: str) -> list[Payload]:
    if not tax_amount:
        return []
    line = {**price_fields("price", tax_amount, currency), "rate": float(tax.rate), "title": "Tax"}
    return [{**line, "channel_liable": False}]
