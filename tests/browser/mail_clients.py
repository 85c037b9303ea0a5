"""The weekly mail as mail programs change it before they show it, and what is then counted in it.

Who does what is in caniemail.com's tables: the Gmail app strips `<style>` and `white-space` where
the account is no Gmail account, Yahoo's strips `<style>` and `word-break`, Outlook for Windows lays
out with Word, which knows padding on cells only. Clients that force dark change colours by rule.
"""

import re
from collections.abc import Callable
from functools import partial

_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_NOT_OUTLOOK = re.compile(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", re.DOTALL)
_OUTLOOK = re.compile(r"<!--\[if mso[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_TAG = re.compile(r'<(\w+)([^>]*?)\sstyle="([^"]*)"')
_BACKGROUND = re.compile(r'background(?:-color)?:[^;}"]*;?')

_UNKNOWN = ("white-space", "word-break", "overflow-wrap", "max-width", "border-radius", "position")
_UNKNOWN_TO_WORD = (*_UNKNOWN, "display", "overflow", "float")


def as_sent(html: str) -> str:
    return html


def stripped(html: str) -> str:
    return _STYLE.sub("", html)


def without_media_queries(html: str) -> str:
    return _MEDIA.sub("", html)


def in_the_gmail_app(html: str) -> str:
    """With an account that is none of Gmail's: break-word comes out as break-all."""
    return _ignoring(("white-space",), stripped(html)).replace(":break-word", ":break-all")


def bare(html: str) -> str:
    """All that any of the phones' and webmail's programs refuses, refused at once."""
    return _ignoring(_UNKNOWN, stripped(html))


def in_word(html: str) -> str:
    """Outlook for Windows: its conditional comments read, and few properties known."""
    read = _OUTLOOK.sub(r"\1", _NOT_OUTLOOK.sub("", without_media_queries(html)))
    return _ignoring(_UNKNOWN_TO_WORD, read)


def in_its_own_dark(html: str) -> str:
    return html.replace("@media (prefers-color-scheme: dark)", "@media all")


def without_backgrounds(html: str) -> str:
    return _BACKGROUND.sub("", re.sub(r'\sbgcolor="[^"]*"', "", html))


def bare_without_backgrounds(html: str) -> str:
    return without_backgrounds(bare(html))


CLIENTS: dict[str, Callable[[str], str]] = {
    each.__name__: each
    for each in (
        as_sent,
        stripped,
        in_the_gmail_app,
        without_media_queries,
        bare,
        in_word,
        in_its_own_dark,
        without_backgrounds,
        bare_without_backgrounds,
    )
}


def _ignoring(properties: tuple[str, ...], html: str) -> str:
    return _TAG.sub(partial(_without, properties), html)


def _without(properties: tuple[str, ...], tag: re.Match[str]) -> str:
    name, attributes, style = tag.groups()
    ignored = properties if name == "td" or "float" not in properties else (*properties, "padding")
    left = [
        each
        for each in style.split(";")
        if each == "display:none" or not each.strip().startswith(ignored)
    ]
    return f'<{name}{attributes} style="{";".join(left)}"'
