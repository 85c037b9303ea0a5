"""Where the shop's applications are mounted."""

from collections.abc import Callable

from local.shop.shops import Shop
from local.shop.storefront.cart_routes import CartRoutes
from local.shop.storefront.checkout_routes import CheckoutRoutes
from local.shop.storefront.product_routes import ProductRoutes
from local.shop.storefront.views import Views
from local.web.http import Request, Response


def mounts(shop: Shop) -> dict[str, Callable[[Request], Response]]:
    """Applications by path prefix."""
    views = Views(shop)
    cart = CartRoutes(shop)
    return {
        "/shop": ProductRoutes(shop, views),
        "/cart": cart,
        "/cart.js": cart,
        "/checkout": CheckoutRoutes(shop, views),
    }
