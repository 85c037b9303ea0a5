"""How the merchant's language and currency write things, and when a change is worth a word. Pure.

The sentences are English; numbers, amounts, percentages and dates are the merchant's. Spaces inside
an amount are no-break spaces, as CLDR has them.
"""

import re
import unicodedata
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import sqrt
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent

from sharetrail import money as amounts

FALLBACK = "en_US"
WHOLE_FROM = 10
"""Units of the currency from which an estimate is written without decimals."""
NAME_LENGTH = 60
NAMELESS = "(no name)"

# ── The noise rule ───────────────────────────────────────────────────────────────────────────────
FEW = 20
"""Fewer than this in both weeks together, and nothing is said of the difference."""
NOISE = 1.96
"""Standard errors a difference must exceed: chance alone does it in one of twenty. Wider than a
score's 80 % interval, since a mail makes ten comparisons and should not cry wolf every week."""
SLIGHT = 0.05
"""A change below this part says nothing either: traffic scatters more than Poisson's law, which
would call every two percent of a hundred thousand views a change."""
ORDER_VALUES = 1.9
"""1 + cv² of order values, with the cv² = 0.9 that the score's interval takes too."""
_OFTEN = 3  # from three times as much, "up 3.4-fold" reads better than "up 240 %"

_LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_UNSPEAKABLE = re.compile(r'[<>"@]')
_JOINERS = "\u200c\u200d"  # Persian and emoji are not written without them


class Change(NamedTuple):
    """What may be said of a figure against last week's."""

    text: str = ""
    """Empty in a first week, which compares with nothing, and for none in both weeks."""
    way: str = ""
    """up or down, where the change is more than noise."""


def change(
    now: int, before: int | None, language: str, *, orders: tuple[float, float] | None = None
) -> Change:
    """A count against last week's; or an amount, judged by how many `orders` each week had.

    Two Poisson counts a and b differ if |a − b| > NOISE·√(a + b): given their sum, a is binomial
    with one half (Przyborowski and Wilenski, Biometrika 31, 1940). Revenue is a compound Poisson
    sum, whose relative variance is ORDER_VALUES over the number of orders.
    """
    if before is None or now == before == 0:
        return Change()
    seen, spread = (sum(orders), ORDER_VALUES) if orders else (now + before, 1)
    if seen < FEW:
        return Change("too few to tell")
    apart = abs(now - before)
    if apart <= max(NOISE * (abs(now) + abs(before)) * sqrt(spread / seen), SLIGHT * before):
        return Change("no clear change")
    way = "up" if now > before else "down"
    if before <= 0:
        return Change("up from nothing", way)
    if now >= _OFTEN * before:
        times = format_decimal(now / before, "#,##0.#", locale=_spoken(language))
        return Change(f"up {times}-fold", way)
    return Change(f"{way} {percent(apart, before, language)}", way)


def change_of_share(
    now: tuple[int, int], before: tuple[int, int] | None, orders: tuple[int, int]
) -> Change:
    """A (part, whole) of revenue against last week's, in percentage points: the test of two
    proportions over each week's `orders`, with the spread of order values on top.
    """
    if before is None or min(now[1], before[1]) <= 0:
        return Change()
    if min(orders) < FEW:
        return Change("too few to tell")
    share, earlier = now[0] / now[1], before[0] / before[1]
    middle = (share * orders[0] + earlier * orders[1]) / sum(orders)
    error = sqrt(ORDER_VALUES * middle * (1 - middle) * (1 / orders[0] + 1 / orders[1]))
    points = round(100 * abs(share - earlier))
    if points == 0 or abs(share - earlier) <= NOISE * error:
        return Change("no clear change")
    way = "up" if share > earlier else "down"
    return Change(f"{way} {points} point{'s' * (points != 1)}", way)


# ── Amounts and numbers ──────────────────────────────────────────────────────────────────────────
def money(minor: int, currency: str, language: str) -> str:
    """An amount to the cent, so that a reader finds it again: `$1,240.50`, `1.240,50 €`."""
    return _money(minor, currency, language, amounts.digits(currency))


def estimate(minor: int, currency: str, language: str) -> str:
    """What is only expected: whole units from ten up (and for nothing), where cents would
    pretend to know: `$320`, but `$4.20`."""
    places = amounts.digits(currency)
    whole = minor == 0 or abs(minor) >= WHOLE_FROM * 10**places
    return _money(minor, currency, language, 0 if whole else places)


def number(value: int, language: str) -> str:
    return format_decimal(value, "#,##0", locale=_spoken(language))


def ratio(part: int, whole: int, language: str) -> str:
    """`2.3`: how many of one for each of the other; empty where there is no other."""
    return format_decimal(part / whole, "#,##0.0", locale=_spoken(language)) if whole > 0 else ""


def percent(part: int, whole: int, language: str) -> str:
    """`24%`, `24 %`; what rounds to none or all and is not says so. Empty for a part of nothing."""
    if whole <= 0:
        return ""
    share = part / whole
    spoken = _spoken(language)
    if 0 < share < 0.005:
        return f"under {format_percent(0.01, locale=spoken)}"
    if 0.995 < share < 1:
        return f"over {format_percent(0.99, locale=spoken)}"
    return format_percent(round(share, 2), locale=spoken)


def _money(minor: int, currency: str, language: str, places: int) -> str:
    value = Decimal(minor).scaleb(-amounts.digits(currency))
    spoken = _spoken(language)
    # CLDR's decimals differ from ISO 4217's for some currencies; ISO's are what the amounts are in.
    pattern = copy(spoken.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    text = format_currency(value, currency, pattern, locale=spoken, currency_digits=False)
    return _LETTER_MEETS_DIGIT.sub("\u00a0", text)  # CLDR's currencySpacing, which Babel leaves out


# ── Days and times ───────────────────────────────────────────────────────────────────────────────
def days(first: date, last: date, language: str) -> str:
    """`November 16 – 22, 2026`, `16.–22. November 2026`; across months and years in full."""
    spoken = _spoken(language)
    differing = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    # CLDR keeps no interval with full month names: the short one's are widened.
    parts = [_in_full(part) for part in spoken.interval_formats["yMMMd"][differing]]
    ends = zip((first, last), parts, strict=True)
    return "".join(format_date(day, part, locale=spoken) for day, part in ends)


def instant(at: datetime, zone: str, language: str) -> str:
    """A time on the merchant's own clock: `Nov 22, 2026, 11:48 PM`."""
    local, spoken = at.astimezone(ZoneInfo(zone)), _spoken(language)
    day, hour = format_date(local, locale=spoken), format_time(local, "short", locale=spoken)
    return f"{day}, {hour}"


def _in_full(pattern: str) -> str:
    return re.sub(r"(?<![ML])([ML])\1\1(?![ML])", r"\1\1\1\1", pattern)


# ── Languages and names ──────────────────────────────────────────────────────────────────────────
def tag(language: str) -> str:
    """The language as HTML's `lang` has it: `pt-BR`."""
    return str(_spoken(language)).replace("_", "-")


def english_tag(language: str) -> str:
    """English as the merchant's region reads it, which is what the sentences are: `en-DE`."""
    region = _spoken(language).territory
    return f"en-{region}" if region else "en"


def name(text: str) -> str:
    """A name from outside, fit to be shown: without <>"@, without control characters and those
    that turn the direction of writing, in one line of at most NAME_LENGTH characters."""
    spoken = "".join(_shown(letter) for letter in _UNSPEAKABLE.sub("", text))
    line = " ".join(spoken.split())
    if len(line) > NAME_LENGTH:
        line = line[: NAME_LENGTH - 1].rstrip() + "…"
    return line if line.strip(_JOINERS) else NAMELESS


def _shown(letter: str) -> str:
    """Controls and separators become spaces; formats, surrogates and the unassigned vanish."""
    match unicodedata.category(letter):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf":
            return letter if letter in _JOINERS else ""
        case "Cs" | "Cn" | "Co":
            return ""
    return letter


@lru_cache(maxsize=64)
def _spoken(language: str) -> Locale:
    """The locale of `de_DE`, `de` or `pt-BR`; en_US for what CLDR does not know."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse(FALLBACK)


def count(n: int, one: str, many: str = "", *, language: str) -> str:
    """`1 order`, `1,200 orders`."""
    return f"{number(n, language)} {plural(n, one, many)}"


def plural(n: int, one: str, many: str = "") -> str:
    return one if n == 1 else many or f"{one}s"
