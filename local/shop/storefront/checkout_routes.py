"""/checkout: a page to pay on, and one for each order that was paid."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from local.shop import buyers, carts, checkout
from local.shop.carts import Cart, CartError
from local.shop.orders import Order
from local.shop.prices import Line
from local.shop.shops import Shop
from local.shop.storefront import fields, visits
from local.shop.storefront.views import Views
from local.web.http import Request, Response, redirect

_ACTIONS: dict[tuple[str, str], Callable[[Shop, Order], None]] = {
    ("refund", "one"): checkout.refund_one,
    ("refund", "all"): checkout.refund_all,
    ("cancel", ""): checkout.cancel,
}


class CheckoutRoutes:
    """An application to be mounted at /checkout."""

    def __init__(self, shop: Shop, views: Views) -> None:
        self._shop = shop
        self._views = views

    def __call__(self, request: Request) -> Response:
        found = re.fullmatch(r"/checkout(?:/(\d+)(?:/(refund|cancel))?)?/?", request.path)
        if not found:
            return self._views.missing(request)
        order_id, verb = found.groups()
        reads = request.method in ("GET", "HEAD")
        if not (reads or request.method == "POST") or (order_id and reads == bool(verb)):
            return Response(status=405)
        try:
            if order_id is None:
                return self._summary(request) if reads else self._pay(request)
            return self._order(request, order_id, verb)
        except CartError as error:
            return self._summary(request, str(error), error.status)

    def _summary(self, request: Request, trouble: str = "", status: int = 200) -> Response:
        cart = visits.cart_of(self._shop, request)
        return self._views.page(
            request, "checkout.html", cart=cart, trouble=trouble, status=status, key=carts.line_key
        )

    def _pay(self, request: Request) -> Response:
        """The form of "Buy now" brings its one product; any other pays for the cart."""
        values = fields.read(request)
        cart = visits.cart_of(self._shop, request)
        if "buy_now" in values:
            properties = fields.mapping(values, "properties")
            lines = [carts.line(values.get("id"), values.get("quantity", 1), properties)]
        else:
            lines = list(cart.lines)
        order = self._place(cart, lines, values)
        if "buy_now" not in values:
            cart = self._shop.carts.reopen(cart)
        path = f"/checkout/{order.id}{self._views.language(values).suffix}"
        return Response(status=303, headers={"location": path}, cookies=(visits.cookie_of(cart),))

    def _place(self, cart: Cart, lines: Sequence[Line], values: dict[str, Any]) -> Order:
        if not lines:
            raise CartError(422, "empty")
        code = str(values.get("discount", "")).strip()
        if code and not checkout.discount(self._shop, lines, code):
            raise CartError(422, "code")
        buyer = buyers.with_email(str(values.get("email", "")).strip(), like=cart.buyer)
        return checkout.place(self._shop, cart, lines, buyer, code)

    def _order(self, request: Request, order_id: str, verb: str | None) -> Response:
        order = self._shop.orders.find(order_id)
        if order is None:
            return self._views.missing(request)
        if verb is None:
            cart = visits.cart_of(self._shop, request)
            return self._views.page(request, "order.html", cart=cart, order=order)
        values = fields.read(request)
        action = _ACTIONS.get((verb, str(values.get("what", ""))))
        if action is None:
            return Response(status=400)
        action(self._shop, order)
        return redirect(f"/checkout/{order.id}{self._views.language(values).suffix}")
