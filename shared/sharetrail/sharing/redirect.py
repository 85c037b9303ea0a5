"""The redirect's path: find the link, lead on, keep the click. Nothing may hold up a shopper."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sharetrail.aws import environment
from sharetrail.aws.fast import client  # noqa: F401  read while Lambda starts, not at the first click
from sharetrail.aws.items import dump, load
from sharetrail.aws.queues import CLICKS
from sharetrail.aws.tables import EVENTS, LINKS
from sharetrail.aws.warm_cache import Aged
from sharetrail.clicks.click import Click, click_item
from sharetrail.clicks.visitor import new_click, visitor_of
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Merchant
from sharetrail.sharing import destinations
from sharetrail.sharing.link import Link, is_link_code
from sharetrail.web.http import Answer, Request, answer, page

_PLACEHOLDER = secrets.token_hex()
"""Stands for a click's id, and in no address."""
_CACHE_AGE = timedelta(minutes=1)
_UNSEEN = {"cache_control": "no-store", "x_robots_tag": "noindex"}
_A_DAY = "public, max-age=86400"
_ROBOTS = "User-agent: *\nDisallow: /\n"
NO_LINKS = {
    "favicon.ico": answer(204, cache_control=_A_DAY),
    "robots.txt": answer(200, _ROBOTS, content_type="text/plain", cache_control=_A_DAY),
}
"""What browsers and crawlers ask of every host: answered without a read."""


@dataclass(frozen=True, kw_only=True)
class Target:
    link: Link
    merchant: Merchant

    @property
    def leads_on(self) -> bool:
        """Checked when the link was made, and again now: hosts may have been withdrawn."""
        host = destinations.host_of(self.link.url, loopback=environment.is_local())
        return self.link.disabled_at is None and host in self.merchant.hosts

    @cached_property
    def around(self) -> tuple[str, str]:
        """The tagged destination before and after the click's id: all else is always the same."""
        address = destinations.tagged(self.link.url, self.link.tags(_PLACEHOLDER))
        before, _, after = address.partition(_PLACEHOLDER)
        return before, after


_recent: Aged[Target | None] = Aged(_CACHE_AGE, size=5_000)


def find(code: str, now: datetime) -> Target | None:
    """Where a code leads, at most a minute old; None for a code that no link has."""
    if not is_link_code(code):
        return None
    return _recent.get(code, now, lambda: _read(code, now))


def _read(code: str, now: datetime) -> Target | None:
    row = LINKS.get(code)
    if row is None:
        return None
    link = load(Link, row)
    return Target(link=link, merchant=profiles.find(link.merchant, now))


def is_prefetch(request: Request) -> bool:
    """Whether a browser only guesses that the shopper will come."""
    purpose = request.headers.get("sec-purpose") or request.headers.get("purpose", "")
    return "prefetch" in purpose or "prerender" in purpose


# ── answers ──────────────────────────────────────────────────────────────────────────────────────
def lead_on(target: Target, request: Request, click: Click | None) -> Answer:
    """302 to the destination with our tags; without a click (HEAD) there is no id to carry."""
    if click and not request.query:
        location = click.id.join(target.around)
    else:
        tags = target.link.tags(click.id if click else None)
        location = destinations.tagged(target.link.url, tags, request.query)
    return answer(302, location=location, **_UNSEEN)


def lead_off(target: Target) -> Answer:
    """A link that was switched off leads to the shop's fallback, or says that it is over."""
    if target.merchant.fallback_url:
        return answer(302, location=target.merchant.fallback_url, **_UNSEEN)
    from sharetrail.web import pages  # which few shoppers ever see

    return page(410, pages.message("This link has ended", "The shop has switched it off."))


def unknown_page() -> Answer:
    from sharetrail.web import pages

    text = "Perhaps a letter went missing on the way. Ask whoever shared it to send it again."
    return page(404, pages.message("This link leads nowhere", text))


# ── the click ────────────────────────────────────────────────────────────────────────────────────
def click_of(request: Request, target: Target) -> Click:
    link = target.link
    visitor = visitor_of(request, link.merchant)
    return new_click(link.merchant, link.code, visitor, request.now, link.maker)


def keep(click: Click) -> None:
    """Write the click, within 150 ms or by the queue, or at the very least as a log line."""
    try:
        EVENTS.put_briskly(click_item(click))
    except Exception:  # tracking must not break the redirect
        _spill(click)


def _spill(click: Click) -> None:
    body = json.dumps(dump(click))
    try:
        CLICKS.send(body)
    except Exception:  # the same: README, "When an alarm rings", replays these lines
        print(json.dumps({"level": "ERROR", "message": "click not kept", "click": body}))  # noqa: T201
