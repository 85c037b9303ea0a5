"""A language of tests, in which every sentence of ours has wide letters: ⟦Ｎｏｔｅ⟧. It takes the
place of Japanese, whose numbers and dates have no Latin letters either: a Latin word that is left
in what a reader of it sees was never said, or is a name."""

import re
from collections.abc import Iterator
from functools import cache
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest

from local.artifacts import catalogues
from sharetrail.words import speech

LANGUAGE = "ja_JP"
_KEPT = re.compile(r"<[^>]*>|&\w+;|\{[^}]*\}")
"""Tags and gaps of a sentence."""
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*[A-Za-z]")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_WIDE = {n: n + 0xFEE0 for n in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}
_TOLD = ("alt", "title", "aria-label", "placeholder", "data-label", "summary", "label")
"""Attributes that are read out or shown."""


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> str:
    """The locale of a reader of it: `speaking(pseudo)`, or a merchant's language."""
    catalogue = speech._catalogue
    monkeypatch.setattr(speech, "_catalogue", lambda of: _Wide() if of == "ja" else catalogue(of))
    return LANGUAGE


def wide(text: str) -> str:
    """The sentence as the language has it."""
    kept = [*_KEPT.findall(text), ""]
    said = (part.translate(_WIDE) for part in _KEPT.split(text))
    return f"⟦{''.join(part + tag for part, tag in zip(said, kept, strict=True))}⟧"


def unsaid(text: str, *names: str) -> list[str]:
    """The Latin words that are left in a text, but for those of `names`, in lines of those that
    stand together."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    lines = (_WORD.findall(line) for line in _ADDRESS.sub(" ", text).splitlines())
    return [" ".join(words) for words in lines if words]


def unsaid_html(html: str, *names: str) -> list[str]:
    """The same of what a page or a mail shows."""
    return unsaid("\n".join(_Reader.of(html.replace("<wbr>", ""))), *names)


class _Wide(NullTranslations):
    """What is not found for the catalogues stays English, as it would for people."""

    def gettext(self, message: str) -> str:
        return wide(message) if message in _sentences() else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return wide(msgid2) if msgid1 in _sentences() else msgid2


@cache
def _sentences() -> frozenset[str]:
    ids = (message.id for message in catalogues.said())
    return frozenset(each if isinstance(each, str) else each[0] for each in ids)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unseen = ""

    @classmethod
    def of(cls, html: str) -> Iterator[str]:
        reader = cls()
        reader.feed(html)
        return iter(reader.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script"):
            self.unseen = tag
        self.texts += [value for name, value in attrs if name in _TOLD and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unseen:
            self.unseen = ""

    def handle_data(self, data: str) -> None:
        if not self.unseen and data.strip():
            self.texts.append(" ".join(data.split()))
