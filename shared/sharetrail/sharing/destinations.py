"""Where a link may lead, the merchant's own hosts and never ours, and what is added on the way."""

import re
from collections.abc import Collection
from urllib.parse import quote, unquote_plus, urlencode

from sharetrail.aws import environment
from sharetrail.problems import Problem
from sharetrail.sharing import shop_actions
from sharetrail.web import address

_OUR_TAG = re.compile(r"st|utm_(?:source|medium|campaign|content)")
MAX_PASSED = 4_096
"""Characters of what a visitor adds: the answer's headers may have 10,240 bytes, and the address
itself and our tags take some three thousand.
"""
_AS_IT_CAME = "!$%&'()*+,-./:;=?@[\\]^_`{|}~"
"""What a query may hold as it is. All else (blanks, quotes, angle brackets, letters beyond ASCII)
is written in percent signs, so that it can end neither the address nor the header."""


class BadDestination(Problem):
    """An address that links of this merchant must not lead to."""

    status = 422
    title = "A link cannot lead there"


def check(url: str, hosts: Collection[str], *, loopback: bool) -> None:
    """BadDestination unless `url` is https (on loopback: http) to one of `hosts`, and not to us.

    `hosts` are lower case; a loopback one carries its port (`localhost:8080`) and counts on the
    local stage alone.
    """
    found = address.host_of(url, loopback=loopback)
    if found is None:
        raise BadDestination(
            "Give a full https:// address of the shop, in plain printable ASCII.",
            errors={"url": "is not an address a link can lead to"},
        )
    if found not in hosts or is_own(found):
        raise BadDestination(
            f"{found} is not one of this shop's hosts.",
            errors={"url": "leads outside the shop's hosts"},
        )


def harmless(url: str) -> str:
    """An address that fits the grammar without what acts in its query (see shop_actions.py), for
    links that anybody can make. BadDestination where its path acts, or the one behind a `#`.
    """
    before, query, fragment = _cut(url)
    path = before.partition("//")[2].partition("/")[2]
    route = fragment.lstrip("#!").partition("?")[0]
    if shop_actions.path_acts(path) or (route[:1] == "/" and shop_actions.path_acts(route)):
        raise BadDestination(
            "A link to where the shop does something (a cart, an account, a discount) is made with "
            "the secret key.",
            errors={"url": "leads to where the shop acts"},
        )
    parts = query.split("&")
    left = [part for part in parts if not shop_actions.part_acts(part)]
    return url if left == parts else _joined(before, left, fragment)


def is_own(host: str) -> bool:
    """Whether our links live at this host, and nothing of a shop's. On loopback they share one."""
    return host == address.host_of(environment.public_base_url(), loopback=False)


def leads_out(url: str) -> bool:
    """Whether an address may be kept and led to, wherever it is: it fits the grammar, and it is not
    one of ours.
    """
    host = address.host_of(url, loopback=environment.is_local())
    return host is not None and not is_own(host)


def tagged(url: str, tags: dict[str, str], visitor_query: str = "") -> str:
    """`url` with our tags; ours win over the address's and the visitor's, the address's over
    the visitor's. What a visitor adds is passed on as it came, as far as it fits, and but for what
    would make the shop act.
    """
    before, query, fragment = _cut(url)
    kept = _others(query)
    passed = _passable(visitor_query, {_name(part) for part in kept}) if visitor_query else []
    added = [urlencode(tags, quote_via=quote, errors="replace")] if tags else []
    return _joined(before, [*kept, *passed, *added], fragment)


def _cut(url: str) -> tuple[str, str, str]:
    """What stands before the query, the query, and the fragment with its sign."""
    before, hash_sign, fragment = url.partition("#")
    path, _, query = before.partition("?")
    return path, query, hash_sign + fragment


def _joined(before: str, parts: list[str], fragment: str) -> str:
    whole = "&".join(parts)
    return f"{before}{'?' if whole else ''}{whole}{fragment}"


def _others(query: str) -> list[str]:
    """The parts of a query that are not for us to write."""
    return [part for part in query.split("&") if part and not _OUR_TAG.fullmatch(_name(part))]


def _name(part: str) -> str:
    """As the shop's page reads it: `%73t` is `st`."""
    return unquote_plus(part.partition("=")[0])


def _passable(query: str, taken: Collection[str]) -> list[str]:
    """A part that no longer fits is left out, and those after it are tried."""
    passed: list[str] = []
    left = MAX_PASSED
    for part in _others(query):
        written = quote(part, safe=_AS_IT_CAME, errors="replace")
        if len(written) < left and _name(part) not in taken and not shop_actions.part_acts(part):
            passed.append(written)
            left -= len(written) + 1
    return passed
