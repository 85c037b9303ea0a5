"""Whether orders reach us, whole and in time. Pure.

Who can cause it, and who can hide it? Facts are signed. A refusal of the kinds `clock` and `shop`
fits a secret, so the shop system sent it, or somebody who kept what that sent before: by itself it
says that something is broken only where there was nothing before. A refused signature anybody can
send: it is told beside all else, of a shop system that orders come by, and as long as nothing good
has come since. A checkout that a pixel saw, anybody too: it is compared, and told beside.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sharetrail.attribution.credit import OrderFigures, is_paid
from sharetrail.calendars import DAY
from sharetrail.clicks.page_event import PageEvent
from sharetrail.installation import check, page_checks, platform_words, script_silence
from sharetrail.installation.check import Check
from sharetrail.installation.inspection import Inspection
from sharetrail.installation.page_checks import FEW
from sharetrail.installation.script_silence import can_tell
from sharetrail.merchants.refusal import Refusal
from sharetrail.words import names
from sharetrail.words.speech import say, say_n
from sharetrail.words.writing import Writing

_NEWEST = 20
_DUE, _SHORTEST = 20, timedelta(days=3)
"""Paid orders that were due, by the rate before, in a silence of so long at least."""
_UNTOLD = timedelta(hours=1)
"""After which a webhook that did not come is missing."""
_NUMBER = re.compile(r"(\D*)(\d{1,12})")
_GAP = 0.2
"""Missing order numbers, for each that is there."""


# ── what orders say of shares ────────────────────────────────────────────────────────────────────
def trail(of: Inspection) -> Check:
    """Of paid orders that were made on a page."""
    telling = sorted(filter(can_tell, of.signs.orders), key=lambda each: each.placed_at)[-_NEWEST:]
    if not telling:
        return check.waiting("trail", say("No paid order of the last 90 days says anything yet."))
    carrying = [each for each in telling if each.trail_state not in ("absent", "unreadable")]
    at = carrying[-1].placed_at if carrying else None
    lost = _lost(of)
    carried = _carried(of, len(telling), len(carrying))
    seen = (carried, _unreadable(telling), _lost_told(lost), _pixel_heard(of))
    todo = (platform_words.keep_trail(telling[-1].platform),)
    if script_silence.is_break(of.signs.silence) or (len(telling) >= FEW and not carrying):
        if page_checks.runs(of):
            return check.broken("trail", page_checks.silent(of), *seen, todo=todo, at=at)
        return check.unknown("trail", *seen, say("Without the script there is nothing to say."))
    is_doubted = len({each.address for each in lost}) >= FEW
    if 2 * len(carrying) >= len(telling) and not is_doubted:
        return check.ok("trail", *seen, at=at)
    return check.unknown("trail", *seen, todo=todo, at=at)


def _carried(of: Inspection, orders: int, carrying: int) -> str:
    number = Writing.of(of.merchant).number
    return say(
        "Newest paid orders: {orders}. Those that say whether a share led to them: {carrying}.",
        orders=number(orders),
        carrying=number(carrying),
    )


def _unreadable(telling: Sequence[OrderFigures]) -> str:
    odd = sum(each.trail_state == "unreadable" for each in telling)
    if not odd:
        return ""
    return say_n(
        odd,
        "{n} order carries something that is no share click.",
        "{n} orders carry something that is no share click.",
    )


def _lost(of: Inspection) -> list[PageEvent]:
    """Checkouts that had it, as a pixel saw, of paid orders that lack it in the webhook. A buyer
    knows the order's id and may have sent that: so it is told, and those of a few addresses are a
    doubt."""
    silent = {
        each.order
        for each in filter(can_tell, of.signs.orders)
        if each.platform == "shopify" and each.trail_state == "absent"
    }
    return [
        each
        for each in of.pages.checkouts
        if each.carried not in (None, "absent") and each.order in silent
    ]


def _lost_told(lost: Sequence[PageEvent]) -> str:
    if not lost:
        return ""
    return say_n(
        len(lost),
        "The pixel saw it said at the checkout of {n} order whose webhook lacks it.",
        "The pixel saw it said at the checkouts of {n} orders whose webhooks lack it.",
    )


def _pixel_heard(of: Inspection) -> str:
    if not of.pages.checkouts:
        return ""
    return say("The pixel told of an order last on {at}.", at=_at(of, of.pages.checkouts[0].at))


# ── the order webhook ────────────────────────────────────────────────────────────────────────────
def webhook(of: Inspection) -> Check:
    newest = max((each.placed_at for each in of.signs.orders), default=None)
    told, todo = _doubted(of)
    if (refusal := of.refused_since("shop")) and not of.has_order_by(refusal.platform):
        return check.broken("webhook", *told, todo=todo, at=newest)
    if newest is None:
        return _none_yet(of, told, todo)
    seen = say("The newest order that we heard of was placed on {at}.", at=_at(of, newest))
    if _is_silent(of, newest):
        due = say("By the orders before, many more were due since.")
        todo += (say("Look at what your shop system says of its last deliveries to us."),)
        return check.broken("webhook", seen, due, *told, todo=todo, at=newest, since=newest)
    if doubts := tuple(filter(None, (_gap(of), _untold(of)))):
        todo += (say("Compare with your shop’s own export: what is missing can be loaded."),)
    if doubts or told:
        return check.unknown("webhook", seen, *told, *doubts, todo=todo, at=newest)
    return check.ok("webhook", seen, at=newest)


def _doubted(of: Inspection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was refused, and what to do about it."""
    refused = (
        (_another_shop, of.refused_since("shop")),
        (_unsigned, of.refused_since("signature")),
    )
    found = [tell(of, refusal) for tell, refusal in refused if refusal]
    return tuple(seen for seen, _ in found), tuple(todo for _, todo in found)


def _another_shop(of: Inspection, refusal: Refusal) -> tuple[str, str]:
    """The header that names it is signed by nobody: whoever has a delivery of before may have sent
    that with another. Of a system that no order came by, nobody has one."""
    system = platform_words.name(refusal.platform)
    named = names.name(_host(refusal.named))
    seen = say(
        "{system} sent a webhook on {at} that is signed with your secret and names another shop:"
        " {named}.",
        system=system,
        at=_at(of, refusal.at),
        named=named,
    )
    todo = say(
        "If {named} is your shop, have it set as its address by whoever runs Sharetrail for you:"
        " {known} is known now.",
        named=named,
        known=of.merchant.shopify_domain or of.merchant.shop_host,
    )
    return seen, todo


def _host(named: str) -> str:
    """What a shop is called by, be it told as a host or as an address."""
    return (named.partition("://")[2] or named).rstrip("/")


def _unsigned(of: Inspection, refusal: Refusal) -> tuple[str, str]:
    system = platform_words.name(refusal.platform)
    seen = say(
        "A webhook came to your address for {system} on {at}, and its signature does not fit.",
        system=system,
        at=_at(of, refusal.at),
    )
    if refusal.platform == "standard":
        return seen, say(
            "Sign with the secret that onboarding showed for it (whsec_…). If that is lost, whoever"
            " runs Sharetrail for you can make a new one."
        )
    todo = say(
        "Give the signing secret that {system} shows today to whoever runs Sharetrail for you:"
        " until then all that it sends is refused.",
        system=system,
    )
    return seen, todo


def _none_yet(of: Inspection, told: tuple[str, ...], todo: tuple[str, ...]) -> Check:
    given = [each for each in ("woocommerce", "stripe") if each in of.secrets]
    platform = "shopify" if of.merchant.shopify_domain else next(iter(given), "standard")
    connected = [each.platform for each in of.connections]
    is_secret_missing = platform == "shopify" and "shopify" not in {*of.secrets, *connected}
    missing = say("Shopify’s signing secret was not given: what it sends is refused.")
    return check.waiting(
        "webhook",
        say("We heard of no order of the last 90 days."),
        missing if is_secret_missing else "",
        *told,
        todo=(*todo, _next(connected)),
        paste="" if connected else f"{of.base}/v1/webhooks/{platform}/{of.merchant.id}",
    )


def _next(connected: Sequence[str]) -> str:
    if connected:
        return say("Place an order: we register the webhooks ourselves.")
    return say("Register the webhooks with your shop system, and place an order.")


def _is_silent(of: Inspection, newest: datetime) -> bool:
    """Whether many orders were due since the newest, by those that were paid for before, and no
    longer a time is silent than was heard."""
    paid = sorted(each.placed_at for each in of.signs.orders if is_paid(each))
    if len(paid) < _DUE:
        return False
    silent, heard = of.now - newest, max(paid[-1] - paid[0], DAY)
    is_due = len(paid) * (silent / heard) >= _DUE
    return is_due and _SHORTEST <= silent <= max(heard, _SHORTEST)


def _gap(of: Inspection) -> str:
    """Orders whose numbers are missing, of a shop that numbers them in a row: Shopify."""
    found: dict[str, set[int]] = {}
    for order in of.signs.orders:
        if order.platform == "shopify" and (match := _NUMBER.fullmatch(order.name)):
            found.setdefault(match[1], set()).add(int(match[2]))
    numbers = max(found.values(), key=len, default={0})
    missing = max(numbers) - min(numbers) + 1 - len(numbers)
    if missing < FEW or not _GAP * len(numbers) <= missing <= len(numbers):
        return ""
    return say_n(
        missing,
        "Between the newest order numbers {n} is missing: drafts and deleted tests leave such gaps,"
        " and so do webhooks that did not come.",
        "Between the newest order numbers {n} are missing: drafts and deleted tests leave such"
        " gaps, and so do webhooks that did not come.",
    )


def _untold(of: Inspection) -> str:
    """Orders that a pixel saw placed and no webhook told of."""
    known = {each.order for each in of.signs.orders}
    seen = [each for each in of.pages.checkouts if of.now - each.at > _UNTOLD]
    untold = [each for each in seen if each.order not in known]
    if not untold or not of.signs.are_all:
        return ""
    return say_n(
        len(untold),
        "The pixel saw {n} order placed that no webhook told of.",
        "The pixel saw {n} orders placed that no webhook told of.",
    )


def _at(of: Inspection, at: datetime) -> str:
    return Writing.of(of.merchant).instant(at)
