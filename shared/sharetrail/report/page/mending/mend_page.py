"""What is broken, or ran out: what we saw, what to do about it step by step, and how one sees that
it works. Each as it stands now, whatever days the report is about."""

from collections.abc import Callable
from typing import Any, cast

from sharetrail.aws import environment
from sharetrail.installation import signs
from sharetrail.installation.sign import Signs
from sharetrail.mail import suppressions
from sharetrail.mail.suppression import Suppression
from sharetrail.merchants import notices
from sharetrail.merchants.notice import Notice
from sharetrail.merchants.profile import Merchant
from sharetrail.orders.order_fact import Platform
from sharetrail.report import page_paths
from sharetrail.report.page import frame
from sharetrail.report.page.acts import mend_recipients
from sharetrail.report.page.mending import guide, seen_words
from sharetrail.report.page.mending.guide import Guide
from sharetrail.report.page.mending.shop_system import systems
from sharetrail.report.page.visit import NoSuchPage, Visit
from sharetrail.web.http import Answer
from sharetrail.words.speech import say
from sharetrail.words.writing import Writing

_OF_SHOP = "links_of_shop"
_ON = "on"
"""The parameter that names a shop system."""


def show(visit: Visit, about: str) -> Answer:
    if about not in _PAGES:
        raise NoSuchPage(say("Nothing of this name is to be mended."))
    return _PAGES[about](visit)


# ── by the shop's system ─────────────────────────────────────────────────────────────────────────
def _script(visit: Visit) -> Answer:
    heard = signs.read(visit.merchant, visit.now)
    platform = _platform(visit, heard)
    line = f'<script defer src="{environment.public_base_url()}/sharetrail.js?key=pk_…"></script>'
    told = guide.of("script", tag=say(systems()[platform].tag), line=line)
    seen = seen_words.of_script(heard, Writing.of(visit.merchant), visit.now)
    return _on_platform(visit, "script", told, platform, seen, is_well=heard.has_script(visit.now))


def _orders(visit: Visit) -> Answer:
    heard = signs.read(visit.merchant, visit.now)
    platform = _platform(visit, heard)
    system = systems()[platform]
    address = f"{environment.public_base_url()}/v1/webhooks/{platform}/{visit.merchant.id}"
    told = guide.of("orders", look=say(system.look), address=address)
    seen = seen_words.of_orders(heard, Writing.of(visit.merchant))
    return _on_platform(visit, "orders", told, platform, seen)


def _platform(visit: Visit, heard: Signs) -> Platform:
    """The shop's system: as asked for, as its newest order has it, or else as its settings do."""
    derived = "shopify" if visit.merchant.shopify_domain else "standard"
    asked = (visit.query.get(_ON, ""), heard.platform, derived)
    return cast(Platform, next(each for each in asked if each in systems()))


def _on_platform(
    visit: Visit,
    about: str,
    told: Guide,
    platform: Platform,
    seen: list[str],
    *,
    is_well: bool = False,
) -> Answer:
    others = [
        (visit.to(page_paths.mend(about), **{_ON: each}), say(system.name), each == platform)
        for each, system in systems().items()
    ]
    topics = [(say(each.happens), each.code) for each in systems()[platform].topics]
    return _render(visit, told, seen=seen, is_well=is_well, systems=others, topics=topics)


# ── what ran out ─────────────────────────────────────────────────────────────────────────────────
def _links_of_shop(visit: Visit) -> Answer:
    found = [each for each in _notices(visit) if each.about == _OF_SHOP]
    return _ran_out(visit, guide.of(_OF_SHOP), found)


def _limits(visit: Visit) -> Answer:
    merchant, writing = visit.merchant, Writing.of(visit.merchant)
    found = [each for each in _notices(visit) if each.about != _OF_SHOP]
    links, events = writing.number(merchant.links_per_day), writing.number(merchant.events_per_day)
    return _ran_out(visit, guide.of("limits", links=links, events=events), found)


def _notices(visit: Visit) -> tuple[Notice, ...]:
    return notices.lately(visit.merchant, visit.now)


def _ran_out(visit: Visit, told: Guide, found: list[Notice]) -> Answer:
    seen = seen_words.of_notices(found, Writing.of(visit.merchant))
    return _render(visit, told, seen=seen, is_well=not found)


# ── who takes no mail ────────────────────────────────────────────────────────────────────────────
def _recipient(visit: Visit) -> Answer:
    merchant = mend_recipients.fresh(visit)
    found = suppressions.find_all(merchant.id)
    refusing = [each for each in found if merchant.sends_to(each.recipient)]
    told = [(each, _acts(visit, merchant, each)) for each in refusing]
    seen = [] if told else [say("No recipient’s address refuses our mails, as far as we know.")]
    return _render(visit, guide.of("recipient"), seen=seen, refusing=told)


def _acts(visit: Visit, merchant: Merchant, refusing: Suppression) -> list[tuple[str, str]]:
    """What may be done about an address: the act's page, and its words."""
    offered = mend_recipients.offers(visit, merchant, refusing)
    return [(visit.to(f"acts/{kind}", **asked), words) for kind, asked, words in offered]


# ── all of them ──────────────────────────────────────────────────────────────────────────────────
def _render(visit: Visit, told: Guide, **words: Any) -> Answer:
    nothing: dict[str, Any] = {"refusing": [], "systems": [], "topics": [], "is_well": False}
    return frame.render("mend", visit, told.title, guide=told, **(nothing | words))


_PAGES: dict[str, Callable[[Visit], Answer]] = {
    "script": _script,
    "orders": _orders,
    _OF_SHOP: _links_of_shop,
    "limits": _limits,
    "recipient": _recipient,
}
"""By what a task of the kind `mend` is about."""
