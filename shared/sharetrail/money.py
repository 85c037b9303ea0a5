"""Money: whole minor units of one currency. Decimal text in, never a float."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import lcm

from sharetrail.problems import Problem

# ISO 4217's exponents, where they are not 2.
_NO_DECIMALS = frozenset(re.findall("...", "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF"))
_THREE_DECIMALS = frozenset(re.findall("...", "BHDIQDJODKWDLYDOMRTND"))
# Those of ISO 4217's list one that people pay in, as of January 2026: no funds, metals, bonds and
# tests. ANG and BGN were withdrawn in 2025 and 2026, and their orders are still refunded.
CURRENCIES = tuple(
    re.findall(
        "...",
        "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCLPCNY"
        "COPCRCCUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINR"
        "IQDIRRISKJMDJODJPYKESKGSKHRKMFKPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMUR"
        "MVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDOMRPABPENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEKSGD"
        "SHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZSUAHUGXUSDUYUUZSVEDVESVNDVUVWSTXAFXCD"
        "XCGXOFXPFYERZARZMWZWG",
    )
)
_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class BadMoney(Problem):
    """An amount or a currency that is none."""

    status = 422
    title = "The amount cannot be read"


def digits(currency: str) -> int:
    """How many decimals the currency has. BadMoney for what is no ISO code."""
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise BadMoney(f"{currency!r} is not an ISO 4217 currency.")
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def minor(amount: str, currency: str) -> int:
    """`"12.50", "USD"` → 1250. What is finer than the currency is rounded half up.

    BadMoney for anything but plain decimal text: no comma, exponent, float or null.
    """
    return total([amount], currency)


def total(amounts: Iterable[str], currency: str) -> int:
    """The sum of amounts as `minor` reads them, rounded once."""
    scaled = sum(map(exact, amounts), Decimal(0)).scaleb(digits(currency))
    return int(scaled.quantize(Decimal(1), ROUND_HALF_UP))


def exact(amount: str) -> Decimal:
    """BadMoney as `minor` raises it, where the currency is not known yet."""
    if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
        raise BadMoney(f'{str(amount)[:40]!r} is not a decimal amount such as "12.50".')
    return Decimal(amount)


def is_zero(amount: str) -> bool:
    """Whether decimal text is nothing, in whatever currency."""
    return Decimal(amount) == 0


class Amount(str):
    """Money on its way out: `Amount(1250, "USD")` is `"12.50"`, wherever text goes (JSON, CSV, a
    sentence), and still knows its minor units and its currency. Rules add minor units; what was
    expected, and so is no whole number, is rounded here.
    """

    minor: int
    currency: str

    def __new__(cls, minor: float, currency: str) -> "Amount":
        amount = super().__new__(cls, _decimal_text(round(minor), currency))
        amount.minor, amount.currency = round(minor), currency
        return amount


def _decimal_text(amount: int, currency: str) -> str:
    places = digits(currency)
    return str(Decimal(amount).scaleb(-places).quantize(Decimal(1).scaleb(-places)))


def share_out(total: int, weights: Sequence[float | Fraction]) -> list[int]:
    """`total` (not negative) in whole parts by weight, by largest remainder; ties to the earlier.

    The parts sum to `total` exactly. Weights are not negative and one is positive.
    """
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(denominator for _, denominator in ratios))
    exact = [numerator * (common // denominator) for numerator, denominator in ratios]
    divided = [divmod(total * each, sum(exact)) for each in exact]
    parts = [part for part, _ in divided]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-divided[i][1], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
