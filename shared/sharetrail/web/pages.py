"""The small pages that people, not programs, get to see."""

from html import escape
from pathlib import Path
from string import Template

_PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
_RIGHT_TO_LEFT = ("ar", "he")
"""Of the languages that pages are in."""


def message(title: str, text: str, way_on: str = "", *, lang: str = "en") -> str:
    """A page that says one thing, in the language that HTML's `lang` names."""
    direction = "rtl" if lang.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
    told = {"title": escape(title), "text": escape(text), "way_on": way_on}
    return _PAGE.substitute(told, lang=escape(lang), direction=direction)


def way_on(words: str, address: str) -> str:
    """A link to where one goes from here."""
    return f'<a class="button" href="{escape(address)}">{escape(words)}</a>'


def question(title: str, text: str, button: str, address: str = "", *, lang: str = "en") -> str:
    """A page that asks for one press of a button, posted to the page's own address or another."""
    action = f' action="{escape(address)}"' if address else ""
    form = f'<form method="post"{action}><button>{escape(button)}</button></form>'
    return message(title, text, form, lang=lang)
