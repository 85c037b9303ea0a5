"""How mails are written out: HTML for programs that know little of it, and text in short lines."""

import re
import textwrap
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from sharetrail.report import templates
from sharetrail.words import speech

FOLDER = Path(__file__).parent / "templates"
# Gmail cuts a mail off behind 102 KB; a test keeps the largest report below.
_TOO_LONG = re.compile(r"\S{21,}")  # wider than a phone's column, at worst
_SIGNS = r"\u3000-\u30ff\u3400-\u9fff\uff01-\uff60"
"""Of Chinese and Japanese, which break anywhere but behind what opens and before what closes."""
_WORD = rf"[（「『【〔〈《]*[^ {_SIGNS}](?:[^ {_SIGNS}]|(?<=\d)[年月日件])*"
_CLOSING = r"[）」』】〕〉》、。，．：；！？～]*"
_PIECES = re.compile(rf"({_WORD}{_CLOSING})|( |[{_SIGNS}]+?(?={_WORD}| |$))")
_UNBROKEN = re.compile(rf"{_WORD}{_CLOSING}|[（「『【〔〈《]*[{_SIGNS}]{_CLOSING}| ")
_PIECE = 6
_LONGEST_FIGURE, _MOST_LETTERS = 28, 14
_FIGURE = '<span class="n" style="display:inline-block;white-space:nowrap">{}</span>'
# Outlook for Windows knows neither, and breaks a line behind a minus sign.
_NEGATIVE = _FIGURE.format("<!--[if mso]><nobr><![endif]-->{}<!--[if mso]></nobr><![endif]-->")
_MARKS = ("Mn", "Mc", "Me", "Cf", "Sk")
_JOINER = "\u200d"
_COLUMNS = 78
_BEGINNING = re.compile(r"\s*(?:- |\d+\. )?")  # what a line of a list begins with


def html(name: str, words: dict[str, Any]) -> str:
    return speech.closed_up(_templates().get_template(f"{name}.html").render(words))


def text(name: str, words: dict[str, Any]) -> str:
    return _wrapped(speech.closed_up(_templates().get_template(f"{name}.txt").render(words)))


def direction() -> dict[str, str]:
    """In which language it stands, and which way that is written: several mail programs know no
    style that turns by itself."""
    turned = speech.direction()
    start, end = ("right", "left") if turned == "rtl" else ("left", "right")
    return {"lang": speech.tag(), "direction": turned, "start": start, "end": end}


def _wrapped(text: str) -> str:
    """The text with no line longer than a terminal's, but one of a single long word: programs that
    wrap by themselves count columns and would part an amount from its currency."""
    return "\n".join(map(_wrapped_line, text.split("\n")))


def _wrapped_line(line: str) -> str:
    if _width(line) <= _COLUMNS:
        return line
    beginning = _BEGINNING.match(line)
    indent = " " * (beginning.end() if beginning else 0)
    if re.search(f"[{_SIGNS}]", line):
        return _wrapped_signs(line, indent)
    if " " not in line.strip():
        return line
    return textwrap.fill(
        line,
        _COLUMNS,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _wrapped_signs(line: str, indent: str) -> str:
    """Of Chinese or Japanese, which have no blanks."""
    lines = [""]
    for unit in _UNBROKEN.findall(line):
        if lines[-1].strip() and _width(lines[-1] + unit) > _COLUMNS:
            lines.append(indent)
        lines[-1] += unit if lines[-1].strip() or len(lines) == 1 else unit.lstrip()
    return "\n".join(each.rstrip() for each in lines)


def _width(line: str) -> int:
    """In columns, of which a wide sign takes two."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "FW") for letter in line)


@cache
def _templates() -> Environment:
    environment = templates.in_folders(FOLDER)
    environment.globals["filled"] = _filled
    environment.filters["breakable"] = _breakable
    environment.filters["whole"] = _whole
    return environment


def _filled(sentence: str, **gaps: str) -> Markup:
    """A sentence with HTML in its gaps."""
    return escape(sentence).format(**gaps)


def _breakable(text: str) -> Markup:
    """A name or address as HTML whose overlong words may break: by <wbr>, since several mail
    programs know no style for it, and one word as wide as the page would push the figures out."""
    words = re.split(f"({_TOO_LONG.pattern})", text)
    return Markup("").join(
        _in_pieces(word) if _TOO_LONG.fullmatch(word) else escape(word) for word in words
    )


def _whole(sentence: str) -> Markup:
    """A sentence as HTML whose figures stay in one piece: within an amount blanks are no-break
    spaces, so each is what stands between two others, or between signs that are written without any
    (Chinese and Japanese), with what is counted, and the brackets and stops that no line may end or
    begin with. It stands inline, since some mail programs know no <style>, and others ignore
    white-space: so it is a box that moves as a whole."""
    pieces = _PIECES.findall(sentence)
    return Markup("").join(_word(word) if word else escape(rest) for word, rest in pieces)


def _word(word: str) -> Markup:
    is_figure = any(map(str.isdigit, word)) and sum(map(str.isalpha, word)) <= _MOST_LETTERS
    if is_figure and len(word) <= _LONGEST_FIGURE:
        return Markup(_NEGATIVE if "-" in word else _FIGURE).format(word)  # noqa: S704 - a constant, and it escapes
    return _breakable(word)


def _in_pieces(word: str) -> Markup:
    letters = _letters(word)
    pieces = ["".join(letters[at : at + _PIECE]) for at in range(0, len(letters), _PIECE)]
    return Markup("<wbr>").join(pieces)


def _letters(word: str) -> list[str]:
    """Each with its marks, and a joined emoji as one."""
    letters = [""]
    for letter in word:
        if letters[-1].endswith(_JOINER) or unicodedata.category(letter) in _MARKS:
            letters[-1] += letter
        else:
            letters.append(letter)
    return letters[not letters[0] :]
