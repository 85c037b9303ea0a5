"""What the price of an order is made of: lines, a discount, tax. Amounts in minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from local.shop.catalogue import Product


class Line(NamedTuple):
    product: Product
    quantity: int = 1
    properties: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Discount:
    """`amount` off the whole order, in minor units."""

    code: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Tax:
    """`rate` such as Fraction(19, 100); `included` where the prices contain it."""

    rate: Fraction
    included: bool = False

    def of(self, amount: int) -> int:
        share = self.rate / (1 + self.rate) if self.included else self.rate
        return round(amount * share)


NO_TAX = Tax(rate=Fraction(0))
