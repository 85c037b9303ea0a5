"""How sure one can be of a figure that rests on few orders or buyers: 80 % intervals, as a score's.
Pure."""

from collections.abc import Sequence
from math import exp, log, sqrt

from sharetrail.words.change import ORDER_VALUES

TOO_FEW = 5
"""Below so many, sentences say no figure but the count."""
_Z = 1.2816
"""Of ten of a normal law's values one lies above, and one below the negative."""
_PRIOR = 5
"""How many buyers' worth of what is usual stands beside the ones that were seen: two that spent
alike do not prove that all do. As many as a score takes (κ)."""
_USUAL = ORDER_VALUES - 1
"""cv² of order values."""


def mean_of(seen: float) -> tuple[float, float]:
    """How many might have been expected where so many came by chance.

    Garwood's limits for a Poisson mean (Biometrika 28, 1936), χ²(.1; 2n)/2 and χ²(.9; 2n + 2)/2,
    whose quantiles are Wilson and Hilferty's (PNAS 17, 1931): k(1 − 2/9k + z√(2/9k))³.
    """
    return _half_chi_squared(seen, -_Z), _half_chi_squared(seen + 1, _Z)


def _half_chi_squared(half: float, z: float) -> float:
    if half <= 0:
        return 0.0
    return max(0.0, half * (1 - 1 / (9 * half) + z / (3 * sqrt(half))) ** 3)


def revenue_of(orders: int) -> tuple[float, float]:
    """By what the revenue of so many orders may be multiplied: a compound Poisson sum, whose
    relative variance is ORDER_VALUES over the number of orders (words/change.py), so it is as
    sure as a count of orders / ORDER_VALUES."""
    effective = orders / ORDER_VALUES
    low, high = mean_of(effective)
    return low / effective, high / effective


def mean_value(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean of what each buyer spent, and its interval: log-normal, by the values' own relative
    variance and, of few, what is usual of orders."""
    mean, count = sum(values) / len(values), len(values)
    if mean <= 0:
        return mean, 0.0, 0.0
    squares = sum((value / mean - 1) ** 2 for value in values)
    spread = (squares + _PRIOR * _USUAL) / (max(0, count - 1) + _PRIOR)
    width = _Z * sqrt(log(1 + spread / count))
    return mean, mean * exp(-width), mean * exp(width)


def part_of(some: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a part (JASA 22, 1927)."""
    part, square = some / of, _Z**2 / of
    middle = (part + square / 2) / (1 + square)
    width = _Z * sqrt(part * (1 - part) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - width), min(1.0, middle + width)
