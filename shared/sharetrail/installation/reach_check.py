"""Whether what the shop's pages tell reaches us: their key, their origin, their policy, and the way
of a share's visitor to them. Pure.

Who can cause it is told in page_checks.py. `secret` alone is believed: whoever sends the shop's
secret key has it.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from sharetrail.installation import check
from sharetrail.installation.check import Check
from sharetrail.installation.inspection import Inspection
from sharetrail.installation.page_checks import FEW, MANY, line
from sharetrail.installation.script_silence import can_tell
from sharetrail.merchants.refusal import Refusal
from sharetrail.words import names
from sharetrail.words.speech import say, say_n
from sharetrail.words.writing import Writing

_FOLLOWED = 5
"""Clicks of which one arrives, where nobody is asked: programs follow links, too."""
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+)(?::\d{1,5})?")


def reach(of: Inspection) -> Check:
    heard, refused = of.pages.last, _refused(of)
    if (secret := of.refused("secret")) and not _is_replaced(of, secret):
        return _secret_shown(of, secret)
    if refused and (heard is None or refused.at > heard):
        return _wrong_key(of, refused) if refused.kind == "key" else _elsewhere(of, refused)
    if _is_stripped(of):
        return check.unknown(
            "reach", _visitors_told(of), _none_arrived(of), todo=(_keep_st(),), at=heard
        )
    if of.are_pages_heard:
        return check.ok("reach", _visitors_told(of), _earlier(of, refused), at=heard)
    if followers := _followers(of):
        tell = check.broken if followers >= FEW or heard is None else check.unknown
        seen = say("Shoppers came by share links and bought, and no page told us of their visit.")
        return tell("reach", seen, todo=(_let_through(),), paste=policy(of.base), at=heard)
    return check.waiting("reach", say("This is known once somebody is on your pages."))


def _followers(of: Inspection) -> int:
    """Paid orders of late that name share clicks: the script tells of such a visit by itself."""
    named = (each for each in filter(can_tell, of.signs.orders) if each.trail_state == "ids")
    return sum(of.is_recent(each.placed_at) for each in named)


def _refused(of: Inspection) -> Refusal | None:
    refusals = filter(None, (of.refused("key"), of.refused("origin")))
    return max(refusals, key=lambda each: each.at, default=None)


def _is_replaced(of: Inspection, refused: Refusal) -> bool:
    return of.secret_key_made is not None and of.secret_key_made > refused.at


def _secret_shown(of: Inspection, refused: Refusal) -> Check:
    """Whoever can cause that has the key."""
    seen = say(
        "A page sends your secret key (sk_…), last on {at}. All that it tells is refused, and"
        " whoever looks at the page can read the key.",
        at=_at(of, refused.at),
    )
    todo = (
        say("Put the publishable key (pk_…) into the script’s line."),
        say("Have a new secret key made, so that the one on the page ends."),
    )
    return check.broken("reach", seen, todo=todo, paste=line(of), at=of.pages.last)


def _is_stripped(of: Inspection) -> bool:
    """Whether people follow links, and no page that may tell of it says that one of them came."""
    held = of.pages.consent
    due = MANY if held["given"] or held["denied"] else _FOLLOWED
    return bool(held["given"] + held["unasked"]) and of.followed >= due


def _none_arrived(of: Inspection) -> str:
    return say(
        "Times that share links were followed lately: {clicks}. Visitors by them that your pages"
        " told us of: none.",
        clicks=Writing.of(of.merchant).number(of.followed),
    )


def _keep_st() -> str:
    return say(
        "Mostly a redirect (to www, to a language, to a slash at the end) or a page cache drops"
        " what stands behind the ? of the address before the page loads: let it keep st. Or the"
        " page that links lead to lacks the script."
    )


def _wrong_key(of: Inspection, refused: Refusal) -> Check:
    seen = say(
        "A page of your shop sends a key that is not in use, last on {at}: all that it tells is"
        " refused.",
        at=_at(of, refused.at),
    )
    todo = say(
        "Compare the key in the script’s line (key=pk_…) with your publishable key. If that is"
        " lost, whoever runs Sharetrail for you can make a new one."
    )
    tell = check.unknown if of.are_pages_heard else check.broken
    return tell("reach", seen, todo=(todo,), at=of.pages.last)


def _elsewhere(of: Inspection, refused: Refusal) -> Check:
    origin = names.name(refused.named.partition("://")[2] or refused.named)
    own = ", ".join(of.merchant.origins)
    seen = say(
        "A page at {origin} uses your key, which works at {own} alone.", origin=origin, own=own
    )
    todo = say(
        "Is {origin} yours? Then have it added to your shop’s hosts and origins by whoever runs"
        " Sharetrail for you. If not, somebody copied the line, and there is nothing to do.",
        origin=origin,
    )
    is_near = _is_near(refused.named, of.merchant.origins)
    return check.unknown("reach", seen, todo=(todo,) if is_near else (), at=of.pages.last)


def _is_near(named: str, origins: Sequence[str]) -> bool:
    """Whether it is a host of the merchant's, one below it, or the same without `www`. Anybody can
    name any other, and who admits that gives its pages the key: so nobody is asked to."""
    host, own = _host(named), [_host(each) for each in origins]
    return bool(host) and any(
        host == each or host.endswith(f".{each}") or each == f"www.{host}" for each in own
    )


def _host(origin: str) -> str:
    match = _ORIGIN.fullmatch(origin)
    return match[1] if match else ""


def _visitors_told(of: Inspection) -> str:
    return say_n(
        of.pages.visitors,
        "{n} visitor’s browser told us of your pages lately.",
        "{n} visitors’ browsers told us of your pages lately.",
    )


def _earlier(of: Inspection, refused: Refusal | None) -> str:
    if refused is None:
        return ""
    return say(
        "Something was refused on {at}: a key that is not in use, or a page that is not yours.",
        at=_at(of, refused.at),
    )


def _let_through() -> str:
    return say(
        "Mostly the page’s rules for scripts (its content security policy) stop it: connect-src has"
        " to name the script’s own address. The browser’s console says so."
    )


def policy(base: str) -> str:
    """What a page's content security policy has to allow for us, and no more."""
    return f"script-src {base}; connect-src {base}"


def _at(of: Inspection, at: datetime) -> str:
    return Writing.of(of.merchant).instant(at)
