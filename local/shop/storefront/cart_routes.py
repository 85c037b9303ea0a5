"""/cart: Shopify's Ajax cart for scripts, and its forms for people."""

import re
from collections.abc import Callable
from typing import Any

from local.shop import carts
from local.shop.carts import Cart, CartError
from local.shop.shops import Shop
from local.shop.storefront import fields, visits
from local.shop.storefront.cart_json import cart_json, line_json
from local.web.http import Request, Response, answer_json, redirect

_CHECKOUT = "/checkout"
Fields = dict[str, Any]


class CartRoutes:
    """An application to be mounted at /cart and at /cart.js."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._actions: dict[str, Callable[[Cart, Fields], Any]] = {
            "add": self._add,
            "update": self._update,
            "change": self._change,
            "clear": self._clear,
        }

    def __call__(self, request: Request) -> Response:
        try:
            return self._answer(request)
        except CartError as error:
            said = {"status": error.status, "message": "Cart Error", "description": str(error)}
            return answer_json(said, error.status)

    def _answer(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            if request.path in ("/cart.js", "/cart.json"):
                return self._json(request, lambda cart: cart_json(cart, self._shop))
            return redirect(_CHECKOUT, 302)
        found = re.fullmatch(r"/cart/(\w+)(\.js|\.json)?", request.path)
        action = self._actions.get(found[1]) if found else None
        if action is None or found is None:
            raise CartError(404, f"Nothing is at {request.path}")
        if request.method != "POST":
            raise CartError(405, "POST it")
        values = fields.read(request)
        if found[2]:
            return self._json(request, lambda cart: action(cart, values))
        if "buy_now" in values:
            # To the checkout with the same form: the cart's other lines stay where they are.
            return redirect(_CHECKOUT, 307)
        cart = visits.cart_of(self._shop, request)
        action(cart, values)
        return _with(cart, redirect(fields.own_path(values, "return_to", _CHECKOUT)))

    def _json(self, request: Request, act: Callable[[Cart], Any]) -> Response:
        cart = visits.cart_of(self._shop, request)
        return _with(cart, answer_json(act(cart)))

    def _add(self, cart: Cart, values: Fields) -> Any:
        """One line, or several as `items`; all or none."""
        several = values.get("items")
        wanted = several if isinstance(several, list) else [values]
        if not all(isinstance(each, dict) for each in wanted):
            raise CartError(422, "items must be objects")
        lines = [
            carts.line(each.get("id"), each.get("quantity", 1), fields.mapping(each, "properties"))
            for each in wanted
        ]
        added = [line_json(cart.add(line), self._shop) for line in lines]
        return {"items": added} if isinstance(several, list) else added[0]

    def _update(self, cart: Cart, values: Fields) -> Any:
        cart.attribute(fields.mapping(values, "attributes"))
        if "note" in values:
            cart.note = str(values["note"] or "") or None
        for key, count in fields.mapping(values, "updates").items():
            cart.change(cart.find(str(key)), carts.whole(count, "quantity"))
        return cart_json(cart, self._shop)

    def _change(self, cart: Cart, values: Fields) -> Any:
        """`line` counts from 1; `id` is a line's key or its variant."""
        if "line" in values:
            index = carts.whole(values["line"], "line") - 1
            if not 0 <= index < len(cart.lines):
                raise CartError(404, "no valid id or line parameter")
        else:
            index = cart.find(str(values.get("id")))
        cart.change(index, carts.whole(values.get("quantity"), "quantity"))
        return cart_json(cart, self._shop)

    def _clear(self, cart: Cart, _: Fields) -> Any:
        """The attributes stay, as they do at Shopify."""
        cart.lines.clear()
        return cart_json(cart, self._shop)


def _with(cart: Cart, response: Response) -> Response:
    headers = {**response.headers, "cache-control": "no-store"}
    return Response(
        status=response.status,
        headers=headers,
        body=response.body,
        cookies=(visits.cookie_of(cart),),
    )
