"""The redirect's path: find the link, lead on, keep the click. Nothing may hold up a shopper."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sharetrail import clicks, destinations, environment, links, merchants, store, visitors
from sharetrail.caches import Aged
from sharetrail.clicks import Click
from sharetrail.http import Answer, Request, answer, page
from sharetrail.items import dump
from sharetrail.links import Link
from sharetrail.merchants import Merchant
from sharetrail.tables import EVENTS

_MARK = secrets.token_hex()
"""Stands for a click's id, and in no address."""
_CACHE_AGE = timedelta(minutes=1)
_UNSEEN = {"cache_control": "no-store", "x_robots_tag": "noindex"}
NO_LINKS: dict[str, dict[str, Any]] = {
    "favicon.ico": {"status": 204, "cache_control": "public, max-age=86400"},
    "robots.txt": {
        "status": 200,
        "body": "User-agent: *\nDisallow: /\n",
        "content_type": "text/plain",
        "cache_control": "public, max-age=86400",
    },
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
        address = destinations.tagged(self.link.url, self.link.tags(_MARK))
        before, _, after = address.partition(_MARK)
        return before, after


_known: Aged[Target | None] = Aged(_CACHE_AGE, size=5_000)


def find(code: str, now: datetime) -> Target | None:
    """Where a code leads, at most a minute old; None for a code that no link has."""
    if not links.is_code(code):
        return None
    return _known.get(code, now, lambda: _stored(code, now))


def _stored(code: str, now: datetime) -> Target | None:
    link = links.find(code)
    return Target(link=link, merchant=merchants.find(link.merchant, now)) if link else None


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


def ended(target: Target) -> Answer:
    """A link that was switched off leads to the shop's fallback, or says that it is over."""
    if target.merchant.fallback_url:
        return answer(302, location=target.merchant.fallback_url, **_UNSEEN)
    from sharetrail import pages  # which few shoppers ever see

    return page(410, pages.message("This link has ended", "The shop has switched it off."))


def unknown_page() -> Answer:
    from sharetrail import pages

    text = "Perhaps a letter went missing on the way. Ask whoever shared it to send it again."
    return page(404, pages.message("This link leads nowhere", text))


# ── the click ────────────────────────────────────────────────────────────────────────────────────
def click_of(request: Request, target: Target) -> Click:
    link = target.link
    visitor = visitors.of(request, link.merchant)
    return clicks.of(link.merchant, link.code, visitor, request.now, link.maker)


def keep(click: Click) -> None:
    """Write the click, within 150 ms or by the queue, or at the very least as a log line."""
    try:
        store.put_briskly(EVENTS, clicks.item(click))
    except Exception:  # tracking must not break the redirect
        _spill(click)


def _spill(click: Click) -> None:
    body = json.dumps(dump(click))
    try:
        store.send(environment.queue("clicks"), body)
    except Exception:  # the same: README, "When an alarm rings", replays these lines
        print(json.dumps({"level": "ERROR", "message": "click not kept", "click": body}))  # noqa: T201
