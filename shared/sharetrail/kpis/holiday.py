"""Holidays that move from year to year and that shops feel, where they are kept. Pure.

What stands on the same date each year needs no word: comparison.py sees to it that the days a year
ago have it, too.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sharetrail.words.speech import mark

_SUNDAY, _MONDAY, _THURSDAY = 6, 0, 3


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    holiday: str
    """Its id: see NAMES."""
    day: date


NAMES: Mapping[str, str] = {
    "black_friday": mark("Black Friday"),
    "thanksgiving": mark("Thanksgiving"),
    "cyber_monday": mark("Cyber Monday"),
    "lunar_new_year": mark("Lunar New Year"),
    "eid_al_fitr": mark("Eid al-Fitr"),
    "diwali": mark("Diwali"),
    "easter": mark("Easter"),
    "orthodox_easter": mark("Orthodox Easter"),
    "ramadan": mark("the beginning of Ramadan"),
    "mothers_day": mark("Mother’s Day"),
    "hanukkah": mark("Hanukkah"),
    "eid_al_adha": mark("Eid al-Adha"),
}
"""By how much shops feel them, about: of several that moved one is named."""
_WEAKER = (*NAMES,)[[*NAMES].index("ramadan") :]


@dataclass(frozen=True, kw_only=True)
class Feast:
    """On the same date each year."""

    month: int
    day: int
    outweighs: tuple[str, ...]
    """The moving holidays that shops feel less: for the sake of them it is not lost."""

    def days(self, first: date, last: date) -> list[date]:
        found = (date(year, self.month, self.day) for year in range(first.year, last.year + 1))
        return [day for day in found if first <= day <= last]


FEASTS = (
    Feast(month=12, day=25, outweighs=(*NAMES,)),
    Feast(month=1, day=1, outweighs=_WEAKER),
    Feast(month=2, day=14, outweighs=_WEAKER),
)
"""Christmas, New Year and Valentine’s Day, the first the weightiest."""


def of_years(first: int, last: int, country: str) -> list[Occurrence]:
    """Those that are kept in the country (ISO 3166; of one that nobody told, those of most), in
    both years and all between."""
    return sorted(
        (each for year in range(first, last + 1) for each in _of_year(year, country)),
        key=lambda each: (each.day, each.holiday),
    )


def _of_year(year: int, country: str) -> Iterator[Occurrence]:
    for name, rule in _RULES.items():
        if day := rule(year, country):
            yield Occurrence(holiday=name, day=day)
    for name, countries in _BY_THE_MOON.items():
        if country in countries.split():
            days = (date.fromisoformat(each) for each in _told()[name]["days"])
            yield from (Occurrence(holiday=name, day=day) for day in days if day.year == year)


@cache
def _told() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("holidays.toml").read_text("utf-8"))


# ── rules ────────────────────────────────────────────────────────────────────────────────────────
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the algorithm in Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the Julian calendar as the Gregorian has it, from 1900 to 2099 (Meeus,
    Astronomical Algorithms, chapter 8)."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def thanksgiving(year: int, country: str = "US") -> date:
    """The fourth Thursday of November; in Canada the second Monday of October."""
    if country == "CA":
        return _nth(year, 10, _MONDAY, 2)
    return _nth(year, 11, _THURSDAY, 4)


def black_friday(year: int) -> date:
    return thanksgiving(year) + timedelta(days=1)


def mothers_day(year: int, country: str) -> date | None:
    """None where it stands on the same date each year, or is not known here."""
    if country in ("GB", "IE"):
        return easter(year) - timedelta(days=21)
    if country in _FIRST_SUNDAY_OF_MAY.split():
        return _nth(year, 5, _SUNDAY, 1)
    if country in _LAST_SUNDAY_OF_MAY.split():
        return _last_sunday_of_may(year, country)
    return _nth(year, 5, _SUNDAY, 2) if not country or country in _SECOND_SUNDAY.split() else None


def _last_sunday_of_may(year: int, country: str) -> date:
    """In France the first of June where Pentecost falls on it."""
    fourth = _nth(year, 5, _SUNDAY, 4)
    last = fourth + timedelta(days=7) if (fourth + timedelta(days=7)).month == 5 else fourth
    is_pentecost = country == "FR" and last == easter(year) + timedelta(days=49)
    return last + timedelta(days=7) if is_pentecost else last


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


# ── where they are kept ──────────────────────────────────────────────────────────────────────────
_ORTHODOX = "BG BY CY ET GE GR MD ME MK RO RS RU UA"
_NO_EASTER = (
    "AE AF AZ BD BH BN CN DZ EG HK ID IL IN IQ IR JO JP KH KR "
    " KW KZ LA LB LK LY MA MM MV MY NP OM PK QA SA SG SY TH TN TR TW UZ VN YE"
)
_SECOND_SUNDAY = (
    "US CA AT AU BE BR CH CL CN CO CY CZ DE DK EE FI GR HK HR IN IT "
    " JP LV MT MY NL NZ PE PH SG SK TR TW UA ZA"
)
_FIRST_SUNDAY_OF_MAY = "ES HU LT PT RO"
_LAST_SUNDAY_OF_MAY = "DZ FR MA SE TN"
_ISLAMIC = (
    "AE AF AZ BA BD BH BN DZ EG ID IQ IR JO KW KZ LB LY MA MV MY OM PK QA SA SY TN TR UZ XK YE"
)
_BY_THE_MOON: Mapping[str, str] = {
    "lunar_new_year": "CN HK KR MO MY SG TW VN",
    "ramadan": _ISLAMIC,
    "eid_al_fitr": _ISLAMIC,
    "eid_al_adha": _ISLAMIC,
    "hanukkah": "IL",
    "diwali": "FJ IN LK MU MY NP SG",
}


def _easter_there(year: int, country: str) -> date | None:
    return None if country in f"{_ORTHODOX} {_NO_EASTER}".split() else easter(year)


def _orthodox_there(year: int, country: str) -> date | None:
    return orthodox_easter(year) if country in _ORTHODOX.split() else None


def _thanksgiving_there(year: int, country: str) -> date | None:
    return thanksgiving(year, country) if country in ("US", "CA") else None


_RULES: Mapping[str, Callable[[int, str], date | None]] = {
    "easter": _easter_there,
    "orthodox_easter": _orthodox_there,
    "mothers_day": mothers_day,
    "thanksgiving": _thanksgiving_there,
    "black_friday": lambda year, _: black_friday(year),
    "cyber_monday": lambda year, _: black_friday(year) + timedelta(days=3),
}
