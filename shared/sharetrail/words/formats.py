"""How the merchant's language and currency write things. Pure.

Nothing is said here (speech.py): numbers, amounts and dates alone. Spaces inside an amount are
no-break spaces, as CLDR has them.
"""

import re
from copy import copy
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.numbers import format_currency, format_decimal, format_percent

from sharetrail.money import Amount, digits
from sharetrail.words.languages import FALLBACK

WHOLE_FROM = 10
"""Units of the currency from which an estimate is written without decimals."""
_LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_DAY_AND_MONTH = re.compile(r"d+(?:'[^']*'|[^dMy'])*MMMM")
_LATIN_SIGN = re.compile(r"[A-Z]+[$£¥]")
_LEFT_TO_RIGHT = "\u200e"
"""A mark behind `US$`, which would else be `$US` within what is written from right to left."""


# ── Amounts and numbers ──────────────────────────────────────────────────────────────────────────
def money(amount: Amount, language: str) -> str:
    """An amount to the cent, so that a reader finds it again: `$1,240.50`, `1.240,50 €`."""
    return _money(amount, language, digits(amount.currency))


def estimate(amount: Amount, language: str) -> str:
    """What is only expected: whole units from ten up (and for nothing), where cents would
    pretend to know: `$320`, but `$4.20`."""
    is_whole = amount.minor == 0 or abs(Decimal(amount)) >= WHOLE_FROM
    return _money(amount, language, 0 if is_whole else digits(amount.currency))


def number(value: int, language: str) -> str:
    return format_decimal(value, "#,##0", locale=locale_of(language))


def ratio(part: int, whole: int, language: str) -> str:
    """`2.3`: how many of one for each of the other; empty where there is no other."""
    return format_decimal(part / whole, "#,##0.0", locale=locale_of(language)) if whole > 0 else ""


def rate(value: float, language: str) -> str:
    """A share in percent to two digits, of which none is lost: `2.4%`, `38%`, `0.31%`."""
    places = 0 if value >= 0.1 or value <= 0 else 1 if value >= 0.01 else 2
    pattern = copy(locale_of(language).percent_formats[None])
    pattern.frac_prec = (0, places)
    return format_percent(value, pattern, locale=locale_of(language))


def _money(amount: Amount, language: str, places: int) -> str:
    spoken = locale_of(language)
    # CLDR's decimals differ from ISO 4217's for some currencies; ISO's are what the amounts are in.
    pattern = copy(spoken.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    value = Decimal(amount)
    text = format_currency(value, amount.currency, pattern, locale=spoken, currency_digits=False)
    spaced = _LETTER_MEETS_DIGIT.sub("\u00a0", text)  # CLDR's currencySpacing, which Babel lacks
    if spoken.text_direction == "rtl":
        return _LATIN_SIGN.sub(rf"\g<0>{_LEFT_TO_RIGHT}", spaced)
    return spaced


# ── Days and times ───────────────────────────────────────────────────────────────────────────────
def days(first: date, last: date, language: str) -> str:
    """`November 16 – 22, 2026`, `16.–22. November 2026`; across months and years in full."""
    spoken = locale_of(language)
    differing = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    intervals = spoken.interval_formats
    # CLDR keeps an interval with full month names for few: the short one's are widened.
    pattern = intervals.get("yMMMMd", intervals["yMMMd"])[differing]
    parts = [_in_full(part, spoken.date_formats["long"].pattern) for part in pattern]
    ends = zip((first, last), parts, strict=True)
    return "".join(format_date(day, part, locale=spoken) for day, part in ends)


def day(at: date, language: str) -> str:
    """`November 22, 2026`."""
    return format_date(at, "long", locale=locale_of(language))


def short_day(at: date, language: str) -> str:
    """`Nov 22`, as charts have it."""
    return format_skeleton("MMMd", _at_midnight(at), locale=locale_of(language))


def weekday(at: date, language: str) -> str:
    """`Mon`."""
    return format_date(at, "EEE", locale=locale_of(language))


def day_of_week(at: date, language: str) -> str:
    """`Mon, Nov 16`."""
    return format_skeleton("MMMEd", _at_midnight(at), locale=locale_of(language))


def month(at: date, language: str) -> str:
    """`November 2026`."""
    return format_skeleton("yMMMM", _at_midnight(at), locale=locale_of(language))


def short_month(at: date, language: str) -> str:
    """`Nov`."""
    return format_date(at, "LLL", locale=locale_of(language))


def quarter(at: date, language: str) -> str:
    """`Q4 2026`."""
    return format_skeleton("yQQQ", _at_midnight(at), locale=locale_of(language))


def year(at: date, language: str) -> str:
    return format_skeleton("y", _at_midnight(at), locale=locale_of(language))


def hour(at: int, language: str) -> str:
    """An hour's beginning: `3:00 PM`, `15:00`."""
    return format_time(time(at), "short", locale=locale_of(language))


def country(code: str, language: str) -> str:
    """ISO 3166's `DE` by name; as it stands where CLDR knows none."""
    return str(locale_of(language).territories.get(code, code))


def _at_midnight(at: date) -> datetime:
    return datetime.combine(at, time())


def instant(at: datetime, zone: str, language: str) -> str:
    """A time on the merchant's own clock: `Nov 22, 2026, 11:48 PM`."""
    local, spoken = at.astimezone(ZoneInfo(zone)), locale_of(language)
    day, hour = format_date(local, locale=spoken), format_time(local, "short", locale=spoken)
    return str(get_datetime_format("medium", spoken)).replace("'", "").format(hour, day)


def city(zone: str, language: str) -> str:
    """`New York`, of `America/New_York`: whose clock it is; `UTC` for what is no city's."""
    cities = locale_of(language).time_zones
    alias = next((each for each, zones in get_global("zone_aliases").items() if zones == zone), "")
    name = cities.get(zone, {}).get("city") or cities.get(alias, {}).get("city") or zone
    return str(name).rpartition("/")[2].replace("_", " ")


def _in_full(part: str, alone: str) -> str:
    """A part of an interval with its month's full name, and that beside its day as in a day's own
    pattern: `2–8 novembre`, not `02–08`, and `26 באוקטובר`."""
    widened = re.sub(r"(?<![ML])([ML])\1\1(?![ML])", r"\1\1\1\1", part)
    plain = widened if "dd" in alone else widened.replace("dd", "d")
    beside = _DAY_AND_MONTH.search(alone)
    return _DAY_AND_MONTH.sub(lambda _: beside[0], plain) if beside else plain


def isolated(text: str, language: str) -> str:
    """An amount or a time on its way into a sentence: what is written from right to left would else
    pull the words and figures beside it over to its other side (UAX 9)."""
    is_turned = locale_of(language).text_direction == "rtl"
    return f"\u2068{text}\u2069" if is_turned else text


# ── Languages ────────────────────────────────────────────────────────────────────────────────────
def tag(language: str) -> str:
    """The language as HTML's `lang` has it: `pt-BR`."""
    return str(locale_of(language)).replace("_", "-")


def english_tag(language: str) -> str:
    """English as the merchant's region reads it, which is what the sentences are: `en-DE`."""
    region = locale_of(language).territory
    return f"en-{region}" if region else "en"


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The locale of `de_DE`, `de` or `pt-BR`; for what CLDR does not know, or the layer has not,
    English as it is written there, or else American English."""
    name = language.replace("-", "_")
    _, parted, region = name.rpartition("_")
    for each in (name, f"en_{region}" if parted else FALLBACK):
        try:
            return Locale.parse(each)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale.parse(FALLBACK)
