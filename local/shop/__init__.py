"""The demo shop: a storefront that speaks Shopify's cart and sends Shopify's signed webhooks."""

from local.shop.applications import mounts
from local.shop.catalogue import PRODUCTS
from local.shop.shops import Shop

__all__ = ["PRODUCTS", "Shop", "mounts"]
