"""/checkout: a page to pay on, and one for each order that was paid."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from local.http import Request, Response, redirect
from local.shop import buyers, carts, checkout, fields, visits
from local.shop.carts import Cart, CartError
from local.shop.orders import Order
from local.shop.payloads import Line
from local.shop.shops import Shop
from local.shop.views import Views

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
        said = fields.read(request)
        cart = visits.cart_of(self._shop, request)
        if "buy_now" in said:
            properties = fields.mapping(said, "properties")
            lines = [carts.line(said.get("id"), said.get("quantity", 1), properties)]
        else:
            lines = list(cart.lines)
        order = self._place(cart, lines, said)
        if "buy_now" not in said:
            cart = self._shop.carts.reopen(cart)
        path = f"/checkout/{order.id}{self._views.language(said).suffix}"
        return Response(status=303, headers={"location": path}, cookies=(visits.cookie_of(cart),))

    def _place(self, cart: Cart, lines: Sequence[Line], said: dict[str, Any]) -> Order:
        if not lines:
            raise CartError(422, "empty")
        code = str(said.get("discount", "")).strip()
        if code and not checkout.discount(self._shop, lines, code):
            raise CartError(422, "code")
        buyer = buyers.named(str(said.get("email", "")).strip(), like=cart.buyer)
        return checkout.place(self._shop, cart, lines, buyer, code)

    def _order(self, request: Request, order_id: str, verb: str | None) -> Response:
        order = self._shop.orders.find(order_id)
        if order is None:
            return self._views.missing(request)
        if verb is None:
            cart = visits.cart_of(self._shop, request)
            return self._views.page(request, "order.html", cart=cart, order=order)
        said = fields.read(request)
        action = _ACTIONS.get((verb, str(said.get("what", ""))))
        if action is None:
            return Response(status=400)
        action(self._shop, order)
        return redirect(f"/checkout/{order.id}{self._views.language(said).suffix}")
