"""Where the shop's applications are mounted."""

from collections.abc import Callable

from local.http import Request, Response
from local.shop.cart_routes import CartRoutes
from local.shop.checkout_routes import CheckoutRoutes
from local.shop.shops import Shop
from local.shop.storefront import Storefront
from local.shop.views import Views


def mounts(shop: Shop) -> dict[str, Callable[[Request], Response]]:
    """Applications by path prefix."""
    views = Views(shop)
    cart = CartRoutes(shop)
    return {
        "/shop": Storefront(shop, views),
        "/cart": cart,
        "/cart.js": cart,
        "/checkout": CheckoutRoutes(shop, views),
    }
