"""The five factors that multiply to a score. Pure."""

from math import prod
from typing import NamedTuple


class Factors(NamedTuple):
    """A score's own; or what sets it apart from another, or from what is usual."""

    clicks: float
    """Expected in the coming four weeks."""
    rate: float
    """Orders a click, with the doubted ones in; `fraud` takes them out again."""
    order_value: float
    closer: float
    fraud: float

    def over(self, other: "Factors") -> "Factors":
        """What multiplies the other's to these. What is zero there sets nothing apart: it is 1."""
        pairs = zip(self, other, strict=True)
        return Factors(*(mine / theirs if theirs else 1.0 for mine, theirs in pairs))


Waterfall = dict[str, float]
"""From the merchant's median influencer to one score: the `baseline` and the five factors, by name.
They multiply to the score."""


def waterfall(own: Factors, usual: Factors) -> Waterfall:
    """A factor whose median is zero is zero for everyone: it is 1, the baseline is zero."""
    return {"baseline": prod(usual), **own.over(usual)._asdict()}
