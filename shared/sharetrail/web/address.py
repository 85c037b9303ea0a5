"""Addresses on the web, by a grammar stricter than any browser's. Pure.

`urllib.parse` and browsers disagree on hostile addresses, so nothing here parses leniently: what
the grammar does not allow is refused, and what it allows reads the same everywhere.
"""

import re

MAX_LENGTH = 2_048
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{0,58}}[a-z0-9])"
"""A name with a top-level domain, in lower case: `shop.example`, `xn--80aa.xn--p1ai`."""
LOOPBACK = r"(?:localhost|127\.0\.0\.1):\d{1,5}"  # which leads somewhere on the local stage alone
_PATH = r"(?:[/?#][!$-;=?-\[\]_a-z~#]*)?"
_SECURE = re.compile(rf"https://({HOST})(?::443)?{_PATH}", re.ASCII | re.IGNORECASE)
_LOCAL = re.compile(rf"http://({LOOPBACK}){_PATH}", re.ASCII | re.IGNORECASE)
# What a page's address says of its host: without who asks, without the port.
_CAME_FROM = re.compile(
    rf"[a-z][a-z0-9+.-]*://(?:[^/?#@\\]*@)?({HOST})\.?(?::\d*)?(?:[/?#]|$)",
    re.ASCII | re.IGNORECASE,
)
LONGEST_HOST = 253


def host_of(url: str, *, loopback: bool) -> str | None:
    """The host the grammar finds, in lower case; None where the address does not fit it."""
    match = _SECURE.fullmatch(url) or (loopback and _LOCAL.fullmatch(url))
    return match[1].lower() if match and len(url) <= MAX_LENGTH else None


def host_in(referrer: str) -> str:
    """The host a referrer names, in lower case; empty where it names none, or one cannot tell."""
    match = _CAME_FROM.match(referrer)
    return match[1].lower() if match and len(match[1]) <= LONGEST_HOST else ""
