"""Which of a shop's addresses do something to whoever opens them, or send them on elsewhere. Pure.

shop_actions.txt says it of usual platforms, a line each: words, the platform, and what it does.

- `path`: at the beginning of a path, behind folders, locales (`/de`, `/en-gb`) and numbers;
- `step`: anywhere in a path. A path that begins on a `shelf` is harmless: products are called
  anything;
- `does`: parameters that act, whatever they say;
- `leads`: parameters that act where their value looks like an address or a path;
- `page`: parameters that name a page; the last column has the names that act.

Words are compared by letters and digits alone, without case, percent signs and what stands behind a
full stop or semicolon: `/Wp-Login.php;x` is `wp_login`, `return-To[]` is `return_to`.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

_DEEPEST = 4
"""How often over an address may be in percent signs: servers take off one layer, some two."""
_LOCALE_OR_NUMBER = re.compile(r"[a-z]{2}(?:[-_][a-z]{2,4})?|\d+", re.ASCII)
_BETWEEN_PAIRS, _BRACKETS = re.compile("[&;]"), re.compile(r"[\[\]]")
_NO_LETTERS = re.compile(r"[\W_]+")
_LOOKS_LIKE_A_WAY = re.compile(r"[/\\:]|\.[a-z]", re.IGNORECASE)


def path_acts(path: str) -> bool:
    """Whether any reading of a path, `/` to `?`, acts, as it stands and decoded. One with a step up
    (`..`) does: browsers show none in a page's address, and servers differ in where it leads.
    """
    return any(
        _is_act([_decoded(each) for each in re.split(r"[/\\]", reading)])
        for reading in _readings(path)
    )


def part_acts(part: str) -> bool:
    """Whether a part of a query, between two `&`, acts in any reading."""
    return any(
        _is_acting_pair(*pair.partition("=")[::2])
        for reading in _readings(part.replace("+", " "))
        for pair in _BETWEEN_PAIRS.split(reading)
    )


# ── paths ────────────────────────────────────────────────────────────────────────────────────────
def _is_act(segments: list[str]) -> bool:
    if any(each.partition(";")[0] == ".." for each in segments):
        return True
    named = [(each, word) for each in segments if (word := _word(re.split("[.;]", each)[0]))]
    words = [word for _, word in named]
    for n, (segment, word) in enumerate(named):
        if word in _WORDS["shelf"]:
            return False
        if not _WORDS["path"].isdisjoint((word, "/".join(words[n : n + 2]))):
            return True
        if word not in _WORDS["folder"] and not _LOCALE_OR_NUMBER.fullmatch(segment.lower()):
            break
    return not _WORDS["step"].isdisjoint(words)


# ── queries ──────────────────────────────────────────────────────────────────────────────────────
def _is_acting_pair(name: str, value: str) -> bool:
    """`options[return_to][]` names both."""
    words = _NAMES.intersection(map(_word, _BRACKETS.split(_decoded(name))))
    return any(_is_acting(word, _decoded(value)) for word in words)


def _is_acting(word: str, value: str) -> bool:
    if word in _WORDS["does"]:
        return True
    if word in _WORDS["leads"]:
        return _LOOKS_LIKE_A_WAY.search(value) is not None
    steps = [step for each in re.split(r"[/\\|.]", value) if (step := _word(each))]
    return not _PAGES[word].isdisjoint(("/".join(steps[:1]), "/".join(steps[:2])))


# ── readings ─────────────────────────────────────────────────────────────────────────────────────
def _readings(text: str) -> Iterator[str]:
    """As it stands, and with each layer of percent signs taken off."""
    yield text
    for _ in range(_DEEPEST):
        if (once := unquote(text)) == text:
            return
        text = once
        yield text


def _decoded(text: str) -> str:
    *_, last = _readings(text)
    return last


def _word(text: str) -> str:
    """As it is compared. PHP reads a name up to its first NUL."""
    return _NO_LETTERS.sub("", text.partition("\0")[0]).casefold()


# ── the list ─────────────────────────────────────────────────────────────────────────────────────
def _read() -> list[list[str]]:
    """The list's lines, without pathlib: the redirect would load it for this alone."""
    with open(f"{__file__.rpartition('.')[0]}.txt", encoding="utf-8") as text:
        return [[*map(str.strip, line.split("|", 3))] for line in text]


def _compared(texts: Iterable[str]) -> frozenset[str]:
    return frozenset("/".join(map(_word, text.split("/"))) for text in texts)


_LINES = _read()
_WORDS = {
    kind: _compared(word for each, words, *_ in _LINES if each == kind for word in words.split())
    for kind in ("folder", "shelf", "path", "step", "does", "leads")
}
_PAGES = {
    _word(name): _compared(names.split()) for kind, name, _, names in _LINES if kind == "page"
}
_NAMES = _WORDS["does"] | _WORDS["leads"] | _PAGES.keys()
