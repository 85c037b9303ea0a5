"""The shop's pages: templates, the words of two languages, and money as people write it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.shop.carts import Cart
from local.shop.catalogue import Product
from local.shop.shops import Shop
from local.shop.storefront import visits
from local.web.http import Request, Response
from sharetrail import money

_HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Language:
    code: str
    direction: str
    words: Mapping[str, Any]

    @property
    def suffix(self) -> str:
        """What keeps a link in this language."""
        return "?dir=rtl" if self.direction == "rtl" else ""

    def title(self, product: Product) -> str:
        return str(self._translation(product).get("title", product.title))

    def note(self, product: Product) -> str:
        return str(self._translation(product).get("note", product.note))

    def facts(self, product: Product) -> list[str]:
        return list(self._translation(product).get("facts", product.facts))

    def _translation(self, product: Product) -> Mapping[str, Any]:
        return dict(self.words["products"].get(product.slug, {}))


def _language(code: str, direction: str) -> Language:
    words = json.loads((_HERE / "texts" / f"{code}.json").read_text("utf-8"))
    return Language(code=code, direction=direction, words=words)


ENGLISH = _language("en", "ltr")
ARABIC = _language("ar", "rtl")


class Views:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._templates.filters.update(money=self._money, decimal=self._decimal)

    def language(self, values: Mapping[str, Any]) -> Language:
        return ARABIC if values.get("dir") == "rtl" else ENGLISH

    def page(
        self, request: Request, template: str, *, cart: Cart, status: int = 200, **values: Any
    ) -> Response:
        language = self.language(request.query)
        text = self._templates.get_template(template).render(
            shop=self._shop, cart=cart, language=language, t=language.words, **values
        )
        return Response(
            status=status,
            headers={"content-type": "text/html; charset=utf-8", "cache-control": "no-store"},
            body=text,
            cookies=(visits.cookie_of(cart),),
        )

    def missing(self, request: Request) -> Response:
        cart = visits.cart_of(self._shop, request)
        return self.page(request, "missing.html", cart=cart, status=404)

    def elsewhere(self, request: Request) -> Response:
        """To who asks under a name of this machine that is not the shop's."""
        cart = visits.cart_of(self._shop, request)
        return self.page(request, "elsewhere.html", cart=cart, status=421)

    def _money(self, amount: int | str) -> str:
        """1800 → $18.00; decimal text is taken as it is."""
        text = amount if isinstance(amount, str) else self._decimal(amount)
        return str(format_currency(text, self._shop.currency, locale="en_US"))

    def _decimal(self, amount: int) -> str:
        return money.Amount(amount, self._shop.currency)
