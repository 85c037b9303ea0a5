"""Whether the shop's pages do their part: script, key, buttons, consent. Pure.

Who can cause it, and who can hide it? Anybody sends page events with the publishable key, and
refusals with any other. So where paid orders can tell, they decide, and what pages say stands
beside it; what one message says is a doubt where good was heard of late; none of it goes into a
mail.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from sharetrail.attribution.credit import OrderFigures
from sharetrail.calendars import start_of
from sharetrail.clicks.page_event import PageEvent
from sharetrail.installation import check, script_silence
from sharetrail.installation.check import Check
from sharetrail.installation.inspection import Inspection
from sharetrail.installation.script_silence import can_tell
from sharetrail.merchants.refusal import Refusal
from sharetrail.words import names
from sharetrail.words.speech import say, say_n
from sharetrail.words.writing import Writing

LOOK = "?sharetrail=check"
"""Behind a page's address: its script tells what it finds there."""
_ELEMENT = '<sharetrail-buttons product="…" title="…"></sharetrail-buttons>'
FEW = 3
"""Visitors, or orders: of fewer, chance says too much."""
MANY = 10
"""Visitors, clicks or orders, of whom some would have agreed."""
_FOLLOWED = 5
"""Clicks of which one arrives, where nobody is asked: programs follow links, too."""
_ORIGIN = re.compile(r"https?://([a-z0-9.-]+)(?::\d{1,5})?")


# ── the script ───────────────────────────────────────────────────────────────────────────────────
def script(of: Inspection) -> Check:
    at = max(filter(None, (of.signs.script_seen, of.pages.last)), default=None)
    seen = (_pages_heard(of), _order_said(of))
    if runs(of):
        return check.ok("script", *seen, at=at)
    if is_silent(of):
        day = of.signs.silence.since
        since = start_of(day, of.merchant.tz) if day else None
        return check.broken(
            "script", silent(of), *seen, todo=_paste(of), paste=_line(of), at=at, since=since
        )
    if at:
        old = say("Nothing was heard since. Maybe nobody came.")
        return check.unknown("script", *seen, old, todo=(_look(of),), at=at)
    none = say("No page of your shop has told us anything yet.")
    return check.waiting("script", none, todo=_paste(of), paste=_line(of))


def runs(of: Inspection) -> bool:
    """Pages of a few visitors outweigh orders' silence: then the orders lack what it said."""
    is_doubted = script_silence.is_break(of.signs.silence) and of.pages.visitors < FEW
    return (of.are_pages_heard and not is_doubted) or of.signs.has_script(of.now)


def is_silent(of: Inspection) -> bool:
    """Whether paid orders say nothing of the script, and chance is no reason."""
    silence = of.signs.silence
    is_never = script_silence.is_telling(silence) and not silence.earlier
    return is_never or script_silence.is_break(silence)


def silent(of: Inspection) -> str:
    return say_n(
        of.signs.silence.orders,
        "The newest paid order says nothing of the script.",
        "The newest {n} paid orders say nothing of the script.",
    )


def _pages_heard(of: Inspection) -> str:
    if of.pages.last is None:
        return ""
    at, page = _at(of, of.pages.last), names.name(of.pages.pages[0])
    return say("Your pages were heard last on {at}: {page}.", at=at, page=page)


def _order_said(of: Inspection) -> str:
    if of.signs.script_seen is None:
        return ""
    return say("The order of {at} says that the script ran.", at=_at(of, of.signs.script_seen))


def _paste(of: Inspection) -> tuple[str, ...]:
    return (
        say("Paste the script’s line into the head of every page, with your publishable key."),
        _look(of),
        say(
            "Is the line there? Then the page’s rules for scripts (its content security policy), a"
            " consent tool or a blocker keeps it from running: the browser’s console says which."
        ),
    )


def _line(of: Inspection) -> str:
    return f'<script defer src="{of.base}/sharetrail.js?key=pk_…"></script>'


def _look(of: Inspection) -> str:
    return say(
        "Open {address} in a private window, then this page again: it says what the script found.",
        address=f"{of.merchant.home}{LOOK}",
    )


# ── whether the pages reach us ───────────────────────────────────────────────────────────────────
def reach(of: Inspection) -> Check:
    heard, refused = of.pages.last, _refused(of)
    if (secret := of.refused("secret")) and not _is_replaced(of, secret):
        return _secret_shown(of, secret)
    if refused and (heard is None or refused.at > heard):
        return _wrong_key(of, refused) if refused.kind == "key" else _elsewhere(of, refused)
    if _is_stripped(of):
        seen = (_visitors_told(of), _none_arrived(of))
        return check.unknown("reach", *seen, todo=(_keep_st(),), at=heard)
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
    return check.broken("reach", seen, todo=todo, paste=_line(of), at=of.pages.last)


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


# ── the buttons ──────────────────────────────────────────────────────────────────────────────────
def buttons(of: Inspection) -> Check:
    looked_at = of.pages.check if of.pages.check and of.is_recent(of.pages.check.at) else None
    viewed = of.pages.viewed if of.is_recent(of.pages.viewed) else None
    if looked_at and not looked_at.buttons and not (viewed and viewed > looked_at.at):
        seen, todo = _none_on(of, looked_at), (_element(),)
        tell = check.unknown if viewed or of.viewed_on else check.broken
        return tell("buttons", seen, todo=todo, paste=_ELEMENT, at=viewed)
    if viewed:
        seen = say("Buttons were on a screen last on {at}.", at=_at(of, viewed))
        return check.ok("buttons", seen, at=viewed)
    if day := of.viewed_on:
        seen = say("Buttons were on a screen last on {day}.", day=Writing.of(of.merchant).day(day))
        return check.ok("buttons", seen, at=start_of(day, of.merchant.tz))
    if looked_at:
        return check.waiting("buttons", _not_seen_on(looked_at))
    if of.are_pages_heard and of.pages.visitors >= FEW:
        return check.broken("buttons", _seen_by_none(of), todo=(_element(),), paste=_ELEMENT)
    none = say("No buttons were on a screen yet.")
    return check.waiting("buttons", none, todo=(_element(),), paste=_ELEMENT)


def _none_on(of: Inspection, looked_at: PageEvent) -> str:
    return say(
        "On {page}, which was opened to be looked at on {at}, there are no buttons.",
        page=names.name(looked_at.page),
        at=_at(of, looked_at.at),
    )


def _not_seen_on(looked_at: PageEvent) -> str:
    return say_n(
        looked_at.buttons or 0,
        "{n} row of buttons stands on {page}. Nobody has had it on the screen for a second yet.",
        "{n} rows of buttons stand on {page}. Nobody has had one on the screen for a second yet.",
        page=names.name(looked_at.page),
    )


def _seen_by_none(of: Inspection) -> str:
    return say_n(
        of.pages.visitors,
        "{n} visitor was on your pages lately, without buttons on the screen.",
        "{n} visitors were on your pages lately, and none had buttons on the screen.",
    )


def _element() -> str:
    return say("Put the buttons where people share: below the price of a product.")


# ── consent ──────────────────────────────────────────────────────────────────────────────────────
def consent(of: Inspection) -> Check:
    """Paid orders first: what they say costs money to say."""
    said = [each.trail_state for each in _newest(of) if each.trail_state != "absent"]
    denied, held = said.count("denied"), of.pages.consent
    seen = (
        _default(of),
        _overruled(of),
        _orders_allow(of, len(said), len(said) - denied),
        _visitors_allow(of),
    )
    if len(said) >= FEW and denied == len(said):
        return check.broken("consent", *seen, todo=(_ask(of),))
    if denied < len(said) or held["given"] + held["unasked"]:
        return check.ok("consent", *seen, at=of.pages.last)
    if held["denied"] >= MANY:
        return check.broken("consent", *seen, todo=(_ask(of),))
    none = "" if said or held else say("Nobody’s answer was heard of yet.")
    todo = (_ask(of),) if of.merchant.needs_consent else ()
    return check.waiting("consent", *seen, none, todo=todo)


def _newest(of: Inspection) -> list[OrderFigures]:
    return sorted(filter(can_tell, of.signs.orders), key=lambda each: each.placed_at)[-MANY:]


def _default(of: Inspection) -> str:
    if of.merchant.needs_consent:
        return say("In your country shoppers are asked first: nothing is kept before their yes.")
    return say("In your country shoppers need not be asked first; a no is heeded.")


def _overruled(of: Inspection) -> str:
    held = of.pages.consent
    if of.merchant.needs_consent and held["unasked"]:
        return say('The tag on your pages says otherwise: data-consent="optional".')
    if not of.merchant.needs_consent and held["given"]:
        return say('The tag on your pages asks all the same: data-consent="required".')
    return ""


def _orders_allow(of: Inspection, orders: int, allowed: int) -> str:
    if not orders:
        return ""
    number = Writing.of(of.merchant).number
    return say(
        "Newest paid orders: {orders}. Those that allow share clicks to be remembered: {allowed}.",
        orders=number(orders),
        allowed=number(allowed),
    )


def _visitors_allow(of: Inspection) -> str:
    held, number = of.pages.consent, Writing.of(of.merchant).number
    if not (visitors := held.total()):
        return ""
    return say(
        "Visitors lately: {visitors}. Those who allow it: {allowed}.",
        visitors=number(visitors),
        allowed=number(visitors - held["denied"]),
    )


def _ask(of: Inspection) -> str:
    if of.merchant.shopify_domain:
        return say(
            "Shopify’s own settings are asked: look at Settings → Customer privacy, whether the"
            " banner is on and shoppers can say yes to analytics."
        )
    return say(
        "Have your banner call sharetrail.consent(true) when somebody says yes, and"
        " sharetrail.consent(false) on every page of who said no."
    )


def _at(of: Inspection, at: datetime) -> str:
    return Writing.of(of.merchant).instant(at)
