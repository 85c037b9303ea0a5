"""Where the shop's applications are mounted."""

from collections.abc import Callable

from local.shop.shops import Shop
from local.shop.storefront.cart_routes import CartRoutes
from local.shop.storefront.checkout_routes import CheckoutRoutes
from local.shop.storefront.product_routes import ProductRoutes
from local.shop.storefront.views import Views
from local.web import addresses
from local.web.http import Request, Response, redirect

Application = Callable[[Request], Response]


def mounts(shop: Shop) -> dict[str, Application]:
    """Applications by path prefix."""
    views = Views(shop)
    cart = CartRoutes(shop)
    applications: dict[str, Application] = {
        "/shop": ProductRoutes(shop, views),
        "/cart": cart,
        "/cart.js": cart,
        "/checkout": CheckoutRoutes(shop, views),
    }
    return {prefix: _at_home(each, shop, views) for prefix, each in applications.items()}


def _at_home(application: Application, shop: Shop, views: Views) -> Application:
    """The application, for who asks at the shop's own origin: elsewhere its pages would be of no
    merchant's, and their buttons refused. Files are everyone's, and programs post where they like.
    """
    home = shop.origin.partition("://")[2]

    def answer(request: Request) -> Response:
        host = request.headers.get("host", home).lower()
        is_page = request.method in ("GET", "HEAD") and "." not in request.path
        if host == home or not is_page:
            return application(request)
        if addresses.is_alias(host, home):
            query = f"?{request.raw_query}" if request.raw_query else ""
            return redirect(f"{shop.origin}{request.path}{query}", 307)
        return views.elsewhere(request)

    return answer
