"""A cart as Shopify's Ajax API shows it: amounts in minor units."""

from typing import Any

from local.shop.carts import Cart, line_key
from local.shop.prices import Line
from local.shop.shops import Shop


def cart_json(cart: Cart, shop: Shop) -> dict[str, Any]:
    return {
        "token": cart.token,
        "note": cart.note,
        "attributes": cart.attributes,
        "original_total_price": cart.total,
        "total_price": cart.total,
        "total_discount": 0,
        "total_weight": sum(line.product.grams * line.quantity for line in cart.lines),
        "item_count": cart.count,
        "items": [line_json(line, shop) for line in cart.lines],
        "requires_shipping": bool(cart.lines),
        "currency": shop.currency,
        "items_subtotal_price": cart.total,
        "cart_level_discount_applications": [],
    }


def line_json(line: Line, shop: Shop) -> dict[str, Any]:
    product, price = line.product, line.product.price
    total = price * line.quantity
    return {
        "id": product.variant,
        "properties": dict(line.properties),
        "quantity": line.quantity,
        "variant_id": product.variant,
        "key": line_key(line),
        "title": product.title,
        "price": price,
        "original_price": price,
        "discounted_price": price,
        "line_price": total,
        "original_line_price": total,
        "final_price": price,
        "final_line_price": total,
        "total_discount": 0,
        "discounts": [],
        "sku": product.sku,
        "grams": product.grams,
        "vendor": shop.name,
        "taxable": True,
        "product_id": product.id,
        "gift_card": False,
        "url": f"{product.path}?variant={product.variant}",
        "image": f"{shop.origin}{product.art}",
        "handle": product.slug,
        "requires_shipping": True,
        "product_title": product.title,
        "product_description": product.note,
        "variant_title": None,
        "product_has_only_default_variant": True,
    }
