"""What is said to people, in their own language: sentences are English where they stand, and
gettext's catalogues have them in the others. Pure, but for the catalogues, which are read once.

The language is the reader's and no matter of what is decided: rules return values, and sentences
are made of them inside `speaking(language)`, as Django and others do. A sentence stands whole, with
named gaps; what is put into one was written for the same reader (words/writing.py). Babel is read
with the first number: a page of few words has no use for it.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from sharetrail.words.languages import ENGLISH, LANGUAGES, is_ours, tongue

CATALOGUES = Path(__file__).with_name("catalogues")
_RIGHT_TO_LEFT = ("ar", "he")
_PREFERRED = re.compile(
    r"([a-z]{2,3})\b[\w-]*(?:\s*;\s*q\s*=\s*([01](?:\.\d{0,3})?))?", re.IGNORECASE
)
_MOST_PREFERRED = 500
"""Characters of Accept-Language that are looked at."""
_OF_WIDE_SIGNS = ("ja", "zh")
_WIDE_STOP = re.compile(
    r"([。！？：；、，）」』](?:<[^>]*>)*) +(?=\S)|(?<=\S) +((?:<[^>]*>)*[（「『])"
)
_ENDS = ".…!?。！？؟"
_TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Whatever is said within is said in this language (a CLDR locale: `de_AT`), and in English
    where we do not speak it. Threads begun within speak English again."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def spoken() -> str:
    """The language in which we speak here: a CLDR locale."""
    return _language.get()


def say(text: str, **gaps: Any) -> str:
    """`say("{name} brought {amount}.", name=…, amount=…)`. The text is a constant, so that it is
    found for the catalogues; KeyError for a gap that is not given."""
    return sentence(text).format(**gaps)


def say_n(n: int, one: str, many: str, **gaps: Any) -> str:
    """By how many there are: `say_n(3, "{n} order", "{n} orders")`. `n` is written as the reader
    writes it."""
    return sentence_of(n, one, many).format(n=written(n), **gaps)


def written(n: int) -> str:
    """A number, as the reader writes it."""
    from sharetrail.words import formats

    return formats.number(n, spoken())


def mark(text: str) -> str:
    """A text that is a constant here and said elsewhere, by `say`: found for the catalogues."""
    return text


def mark_n(one: str, many: str) -> tuple[str, str]:
    """The same by how many there are: `say_n(n, *WAYS[way])`."""
    return one, many


def sentence(text: str) -> str:
    """The text as the reader's language has it, its gaps still open."""
    return _catalogue(tongue(spoken())).gettext(text) if text else ""


def sentence_of(n: int, one: str, many: str) -> str:
    """The same of texts that differ by how many there are."""
    return _catalogue(tongue(spoken())).ngettext(one, many, n)


def listed(texts: Iterable[str]) -> str:
    """`Ana, Ben and Cy`, as the reader lists."""
    from babel.lists import format_list

    from sharetrail.words import formats

    language = spoken() if tongue(spoken()) in spoken() else ENGLISH
    return format_list([*texts], locale=formats.locale_of(language))


def labelled(label: str, text: str) -> str:
    """`Best network: Instagram`, with the colon as the reader writes it."""
    # For translators: a label and what it is of.
    return say("{label}: {what}", label=label, what=text)


def ended(text: str) -> str:
    """A sentence with its stop, if it has none: what stands in a line of its own often has not."""
    if not text or text[-1] in _ENDS:
        return text
    # For translators: the stop of a sentence.
    return say("{sentence}.", sentence=text)


def preferred(accept_language: str) -> str:
    """Which of LANGUAGES the header asks for, of equals the first; English where it names none."""
    asked = _PREFERRED.finditer(accept_language[:_MOST_PREFERRED])
    weights = {each[1].lower(): float(each[2] or 1) for each in asked}
    ours = [each for each in weights if each in LANGUAGES and weights[each]]
    return max(ours, key=lambda each: weights[each], default=ENGLISH)


# ── how it stands on a page or in a mail ─────────────────────────────────────────────────────────
def tag() -> str:
    """What is spoken here, as HTML's `lang` has it: `de-AT`, and `en-SE` for Swedes."""
    language = spoken()
    if language in LANGUAGES:  # of no region: what it says itself, wherever Babel is not
        return language
    from sharetrail.words import formats

    return formats.tag(language) if is_ours(language) else formats.english_tag(language)


def direction() -> str:
    """As HTML's `dir` has it."""
    return "rtl" if tongue(spoken()) in _RIGHT_TO_LEFT else "ltr"


def closed_up(text: str) -> str:
    """A page or a mail in which no blank stands beside a stop or bracket that is as wide as a sign
    and has its own room, as Chinese and Japanese have them: ours follow one another with one."""
    return _WIDE_STOP.sub(r"\1\2", text) if tongue(spoken()) in _OF_WIDE_SIGNS else text


def way(text: str) -> str:
    """Which way a sentence of ours or a name is written that stands by itself, for HTML's `dir`: in
    a language from right to left a sentence may begin with a name that is not."""
    return "rtl" if direction() == "rtl" and _TURNED.search(text) else "auto"


def isolated(text: str) -> str:
    """A name on its way into a sentence as plain text, where either is written from right to left:
    neither turns the other's signs round (UAX 9)."""
    is_turned = direction() == "rtl" or _TURNED.search(text)
    return f"\u2068{text}\u2069" if text and is_turned else text


@cache
def _catalogue(language: str) -> NullTranslations:
    """Of one of LANGUAGES. FileNotFoundError where `make setup` did not compile it."""
    if language == ENGLISH:
        return NullTranslations()
    with (CATALOGUES / f"{language}.mo").open("rb") as file:
        return GNUTranslations(file)
