"""/shop: the home page, a page for each product, and their artwork."""

import re
from pathlib import Path

from local.shop import catalogue
from local.shop.catalogue import Product
from local.shop.shops import Shop
from local.shop.storefront import visits
from local.shop.storefront.views import Views
from local.web.http import Request, Response, redirect

_HERE = Path(__file__).parent
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
ART = _HERE / "art"
_FILES = {
    **{f"/shop/{name}": _HERE / name for name in ("shop.css", "shop.js")},
    **{f"/shop/art/{path.name}": path for path in sorted(ART.iterdir())},
}


class ProductRoutes:
    """An application to be mounted at /shop."""

    def __init__(self, shop: Shop, views: Views) -> None:
        self._shop = shop
        self._views = views

    def __call__(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response(status=405, headers={"allow": "GET, HEAD"})
        if request.path == "/shop":
            return redirect("/shop/", 308)
        if request.path in _FILES:
            return _file(_FILES[request.path])
        if request.path == "/shop/":
            return self._page(request, catalogue.HERO)
        found = re.fullmatch(r"/shop/products/([\w-]+)", request.path)
        product = found and catalogue.by_slug(found[1])
        return self._page(request, product) if product else self._views.missing(request)

    def _page(self, request: Request, product: Product) -> Response:
        """The home page shows a product, too: it can be shared and bought at once."""
        cart = visits.cart_of(self._shop, request)
        visits.land(cart, request)
        return self._views.page(
            request,
            "product.html",
            cart=cart,
            product=product,
            is_home=request.path == "/shop/",
            card_size=catalogue.CARD_SIZE,
            canonical=f"{self._shop.origin}{request.path}",
            others=[each for each in catalogue.PRODUCTS if each is not product],
        )


def _file(path: Path) -> Response:
    headers = {"content-type": _KINDS[path.suffix], "cache-control": "no-cache"}
    return Response(headers=headers, body=path.read_bytes())
