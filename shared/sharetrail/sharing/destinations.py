"""Where a link may lead: the merchant's own hosts, by a grammar stricter than any browser's.

`urllib.parse` and browsers disagree on hostile addresses, so nothing here parses leniently: what
the grammar does not allow is refused, and what it allows reads the same everywhere.
"""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode

from sharetrail.merchants.profile import HOST
from sharetrail.problems import Problem

MAX_LENGTH = 2_048
_PATH = r"(?:[/?#][!$-;=?-\[\]_a-z~#]*)?"
_SECURE = re.compile(rf"https://({HOST})(?::443)?{_PATH}", re.ASCII | re.IGNORECASE)
_LOOPBACK = re.compile(rf"http://((?:localhost|127\.0\.0\.1):\d{{1,5}}){_PATH}", re.ASCII | re.I)
_OUR_TAG = re.compile(r"st|utm_(?:source|medium|campaign|content)")
_PASSED_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_PASSED_VALUE = 200
_PASSED_MOST = 10


class BadDestination(Problem):
    """An address that links of this merchant must not lead to."""

    status = 422
    title = "A link cannot lead there"


def check(url: str, hosts: Collection[str], *, loopback: bool) -> None:
    """BadDestination unless `url` is https (on loopback: http) to one of `hosts`.

    `hosts` are lower case; a loopback one carries its port (`localhost:8080`) and counts on the
    local stage alone.
    """
    found = host_of(url, loopback=loopback)
    if found is None or len(url) > MAX_LENGTH:
        raise BadDestination(
            "Give a full https:// address of the shop, in plain printable ASCII.",
            errors={"url": "is not an address a link can lead to"},
        )
    if found not in hosts:
        raise BadDestination(
            f"{found} is not one of this shop's hosts.",
            errors={"url": "leads outside the shop's hosts"},
        )


def host_of(url: str, *, loopback: bool) -> str | None:
    """The host the grammar finds, in lower case; None where the address does not fit it."""
    match = _SECURE.fullmatch(url) or (loopback and _LOOPBACK.fullmatch(url))
    return match[1].lower() if match else None


def tagged(url: str, tags: dict[str, str], visitor_query: str = "") -> str:
    """`url` with our tags; ours win over the address's and the visitor's, the address's over
    the visitor's. What a visitor adds is passed on only in a plain, short form.
    """
    address, hash_sign, fragment = url.partition("#")
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not _is_ours(part)]
    taken = {_name(part) for part in kept}
    passed = [pair for pair in _passable(visitor_query) if pair[0] not in taken]
    added = urlencode([*passed, *tags.items()], quote_via=quote, errors="replace")
    return f"{path}?{'&'.join([*kept, added])}{hash_sign}{fragment}"


def _is_ours(part: str) -> bool:
    return _OUR_TAG.fullmatch(_name(part)) is not None


def _name(part: str) -> str:
    """As the shop's page reads it: `%73t` is `st`."""
    return unquote_plus(part.partition("=")[0])


def _passable(query: str) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(query, max_num_fields=_PASSED_MOST)
    except ValueError:
        return []
    return [
        (name, value)
        for name, value in pairs
        if _PASSED_NAME.fullmatch(name) and not _is_ours(name) and len(value) <= _PASSED_VALUE
    ]
