"""Whose cart a request speaks of, and which page their visit began on."""

import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from local.shop.carts import COOKIE, Cart
from local.shop.shops import Shop
from local.web.http import Request

_CAMPAIGN = re.compile(r"(?:^|&)(?:st|utm_source)=")


def cart_of(shop: Shop, request: Request) -> Cart:
    """The visitor's cart; a new one for whoever has none."""
    return shop.carts.of(_token(request)) or shop.carts.open()


def cookie_of(cart: Cart) -> str:
    return f"{COOKIE}={cart.token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600"


def land(cart: Cart, request: Request) -> None:
    """A visit begins with a first page, one reached from elsewhere, or a campaign's address."""
    came_from = request.headers.get("referer", "")
    is_inside = urlsplit(came_from).netloc == request.headers.get("host", "")
    is_outside = bool(came_from) and not is_inside
    if cart.landing_site is None or is_outside or _CAMPAIGN.search(request.raw_query):
        cart.landing_site = request.path + (f"?{request.raw_query}" if request.raw_query else "")
        cart.referring_site = came_from if is_outside else None


def _token(request: Request) -> str:
    try:
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""
