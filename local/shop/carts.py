"""Carts as Shopify keeps them: lines, attributes, and the visit that began them. In memory."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from local.shop import buyers, catalogue
from local.shop.buyers import Buyer
from local.shop.prices import Line

MOST = 99  # of one product
COOKIE = "cart"


class CartError(ValueError):
    """What Shopify answers with `description`; `status` is 404 or 422."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


@dataclass(kw_only=True)
class Cart:
    token: str
    buyer: Buyer
    lines: list[Line] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    note: str | None = None
    landing_site: str | None = None
    referring_site: str | None = None

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> int:
        """In minor units."""
        return sum(line.product.price * line.quantity for line in self.lines)

    def add(self, addition: Line) -> Line:
        """The line as it then stands: the same product with the same properties is one line."""
        for index, line in enumerate(self.lines):
            if (line.product, line.properties) == (addition.product, addition.properties):
                total = quantity(line.quantity, addition.quantity)
                self.lines[index] = addition._replace(quantity=total)
                return self.lines[index]
        self.lines.append(addition)
        return addition

    def change(self, index: int, count: int) -> None:
        """Line `index` holds `count` from now on; none takes it out."""
        if count:
            self.lines[index] = self.lines[index]._replace(quantity=quantity(count))
        else:
            del self.lines[index]

    def attribute(self, attributes: Mapping[str, object]) -> None:
        """Merged into what is there; an empty value takes an attribute away."""
        for name, value in attributes.items():
            self.attributes.pop(name, None)
            if value not in (None, ""):
                self.attributes[name] = str(value)

    def find(self, key: str) -> int:
        """The index of a line by its key or its variant."""
        for index, line in enumerate(self.lines):
            if key in (line_key(line), str(line.product.variant), str(line.product.id)):
                return index
        raise CartError(404, "no valid id or line parameter")


def line(
    variant: object, count: object = 1, properties: Mapping[str, object] | None = None
) -> Line:
    """What a request asks for. CartError where there is no such thing."""
    product = catalogue.by_variant(whole(variant, "id"))
    if product is None:
        raise CartError(404, "Cannot find variant")
    said = {name: str(value) for name, value in (properties or {}).items() if value is not None}
    return Line(product, quantity(whole(count, "quantity")), said)


def whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not str(value).isdecimal():
        raise CartError(422, f"{name} must be a whole number")
    return int(str(value))


def quantity(*counts: int) -> int:
    if not 1 <= sum(counts) <= MOST:
        raise CartError(422, f"All of one product's quantity must be from 1 to {MOST}")
    return sum(counts)


def line_key(line: Line) -> str:
    """Stays the same while the cart lives; differs for different properties."""
    said = repr(sorted(line.properties.items())).encode()
    return f"{line.product.variant}:{sha256(said).hexdigest()[:32]}"


class Carts:
    """The shop's open carts by the token in the visitor's cookie."""

    def __init__(self) -> None:
        self._by_token: dict[str, Cart] = {}

    def of(self, token: str) -> Cart | None:
        return self._by_token.get(token)

    def open(self) -> Cart:
        token = secrets.token_hex(16)
        return self._keep(Cart(token=token, buyer=buyers.of(token)))

    def reopen(self, cart: Cart) -> Cart:
        """An empty one in place of a cart that was paid for, of the same person and visit."""
        self._by_token.pop(cart.token, None)
        fresh = replace(cart, token=secrets.token_hex(16), lines=[], attributes={}, note=None)
        return self._keep(fresh)

    def _keep(self, cart: Cart) -> Cart:
        self._by_token[cart.token] = cart
        return cart
