"""One of the things that an installation needs: how it stands, why, and what to do. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sharetrail.words.speech import mark

CheckState = Literal["ok", "waiting", "broken", "unknown"]
"""Seen to work; nothing seen of it yet; seen not to work; nobody can tell."""
CheckAbout = Literal[
    "script",
    "reach",
    "buttons",
    "consent",
    "trail",
    "webhook",
    "topics",
    "clock",
    "quarantine",
    "recipients",
    "connection",
]
TITLES: dict[CheckAbout, str] = {
    "script": mark("The script on your pages"),
    "reach": mark("What your pages send"),
    "buttons": mark("The share buttons"),
    "consent": mark("Consent"),
    "trail": mark("What orders say of shares"),
    "webhook": mark("The order webhook"),
    "topics": mark("What your shop tells of orders"),
    "clock": mark("Your shop’s clock"),
    "quarantine": mark("Webhooks that could not be read"),
    "recipients": mark("Who gets the report"),
    "connection": mark("The connection to your shop system"),
}
"""In the order in which they are told: each rests on those above it."""
_DOCS: dict[CheckAbout, str] = {
    "script": "the-script",
    "reach": "content-security-policy",
    "buttons": "the-buttons",
    "consent": "consent",
    "trail": "orders",
    "webhook": "orders",
    "topics": "orders",
    "clock": "orders",
    "quarantine": "orders",
    "recipients": "does-it-work",
    "connection": "orders",
}


@dataclass(frozen=True, kw_only=True)
class Check:
    about: CheckAbout
    state: CheckState
    seen: tuple[str, ...]
    """Sentences."""
    todo: tuple[str, ...] = ()
    """The same."""
    paste: str = ""
    """What belongs there, to be copied as it is."""
    at: datetime | None = None
    """When what it is about was seen last."""
    since: datetime | None = None
    """Of what is broken: since when, as far as we know."""

    @property
    def docs(self) -> str:
        return f"docs/install.md#{_DOCS[self.about]}"


def ok(about: CheckAbout, *seen: str, at: datetime | None = None) -> Check:
    return Check(about=about, state="ok", seen=_said(seen), at=at)


def waiting(
    about: CheckAbout,
    *seen: str,
    todo: tuple[str, ...] = (),
    paste: str = "",
    at: datetime | None = None,
) -> Check:
    return Check(about=about, state="waiting", seen=_said(seen), todo=todo, paste=paste, at=at)


def broken(
    about: CheckAbout,
    *seen: str,
    todo: tuple[str, ...],
    paste: str = "",
    at: datetime | None = None,
    since: datetime | None = None,
) -> Check:
    said = _said(seen)
    return Check(about=about, state="broken", seen=said, todo=todo, paste=paste, at=at, since=since)


def unknown(
    about: CheckAbout,
    *seen: str,
    todo: tuple[str, ...] = (),
    paste: str = "",
    at: datetime | None = None,
) -> Check:
    return Check(about=about, state="unknown", seen=_said(seen), todo=todo, paste=paste, at=at)


def _said(seen: tuple[str, ...]) -> tuple[str, ...]:
    """Without what there was nothing to say about."""
    return tuple(filter(None, seen))
