"""Whether the shop's pages do their part: script, key, buttons, consent. Pure.

Who can cause it, and who can hide it? Anybody sends page events with the publishable key, and
refusals with any other. So where paid orders can tell, they decide, and what pages say stands
beside it; what one message says is a doubt where good was heard of late; none of it goes into a
mail.
"""

from datetime import datetime

from sharetrail.attribution.credit import OrderFigures
from sharetrail.calendars import start_of
from sharetrail.clicks.page_event import PageEvent
from sharetrail.installation import check, script_silence
from sharetrail.installation.check import Check
from sharetrail.installation.inspection import Inspection
from sharetrail.installation.script_silence import can_tell
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
            "script", silent(of), *seen, todo=_paste(of), paste=line(of), at=at, since=since
        )
    if at:
        old = say("Nothing was heard since. Maybe nobody came.")
        return check.unknown("script", *seen, old, todo=(_look(of),), at=at)
    none = say("No page of your shop has told us anything yet.")
    return check.waiting("script", none, todo=_paste(of), paste=line(of))


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


def line(of: Inspection) -> str:
    return f'<script defer src="{of.base}/sharetrail.js?key=pk_…"></script>'


def _look(of: Inspection) -> str:
    return say(
        "Open {address} in a private window, then this page again: it says what the script found.",
        address=f"{of.merchant.home}{LOOK}",
    )


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
