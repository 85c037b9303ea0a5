"""The redirect's path: find the link, lead on, keep the click. Nothing may hold up a shopper.

While the table is away, whoever follows a link that is known here is led on as ever, and the click
goes to the queue; of any other link a page says so, and comes back by itself.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sharetrail import logs
from sharetrail.agenda import heard_hours
from sharetrail.aws import clients, environment
from sharetrail.aws.fast import client  # noqa: F401  read while Lambda starts, not at the first click
from sharetrail.aws.items import dump, load
from sharetrail.aws.queues import CLICKS
from sharetrail.aws.tables import EVENTS, LINKS
from sharetrail.aws.warm_cache import STANDS, Aged, Fuse
from sharetrail.clicks.click import Click, click_item
from sharetrail.clicks.visitor import new_click, visitor_of
from sharetrail.merchants import profiles
from sharetrail.merchants.profile import Storefront, UnknownMerchant
from sharetrail.problems import NotFound, Problem
from sharetrail.sharing import destinations
from sharetrail.sharing.link import Link, is_anonymous, link_code_in
from sharetrail.web import address
from sharetrail.web.http import Answer, Request, answer

_PLACEHOLDER = secrets.token_hex()
"""Stands for a click's id, and in no address."""
_CACHE_AGE = timedelta(minutes=1)
_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""Chrome and Safari today; Safari's Top Sites and others; Facebook's app; Firefox before 2023."""
_GUESS = re.compile("prefetch|prerender|preview", re.IGNORECASE)
_OWN_PAGE = re.compile(r"((?:reports|unsubscribe)/[0-9a-f]{40,64})/+")
_UNSEEN = {"cache_control": "no-store", "x_robots_tag": "noindex"}
_A_DAY = "public, max-age=86400"
# Who draws a link's card obeys this, and follows no link that it forbids. Search engines are kept
# off by `noindex`, which they must be let in to read.
_ROBOTS = "User-agent: *\nDisallow: /v1/\nDisallow: /unsubscribe/\n"
NO_LINKS = {
    "favicon.ico": answer(204, cache_control=_A_DAY),
    "robots.txt": answer(200, _ROBOTS, content_type="text/plain", cache_control=_A_DAY),
}
"""What browsers and crawlers ask of every host: answered without a read."""


@dataclass(frozen=True, kw_only=True)
class Target:
    link: Link
    shop: Storefront

    @property
    def leads_on(self) -> bool:
        """Checked when the link was made, and again now: hosts may have been withdrawn."""
        host = address.host_of(self.link.url, loopback=environment.is_local())
        return self.link.disabled_at is None and host in self.hosts

    @cached_property
    def url(self) -> str:
        """The link's own; of one that a browser made before 2026-12, without what acts in it."""
        if not is_anonymous(self.link.influencer):
            return self.link.url
        try:
            return destinations.harmless(self.link.url)
        except destinations.BadDestination:
            return self.shop.home

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Where the merchant's links may lead: never back to us."""
        return frozenset(host for host in self.shop.hosts if not destinations.is_own(host))

    @cached_property
    def around(self) -> tuple[str, str]:
        """The tagged destination before and after the click's id: all else is always the same."""
        location = destinations.tagged(self.url, self.link.tags(_PLACEHOLDER))
        before, _, after = location.partition(_PLACEHOLDER)
        return before, after


@dataclass
class _Known:
    """A link, and where it led in the shop as that was last read: each is as old as it may be by
    itself, and what follows from both is worked out once."""

    link: Link
    target: Target | None = None

    def within(self, shop: Storefront) -> Target:
        if self.target is None or self.target.shop is not shop:
            self.target = Target(link=self.link, shop=shop)
        return self.target


_recent: Aged[_Known] = Aged(_CACHE_AGE, size=5_000, stands=STANDS)


def find(text: str, now: datetime) -> Target | None:
    """Where a code leads, as people write it, at most a minute old, or as warm_cache.STANDS says;
    None where no link has it.
    """
    code = link_code_in(text)
    known = _recent.get(code, now, lambda brisk: _read(code, brisk)) if code else None
    return known.within(profiles.storefront(known.link.merchant, now)) if known else None


def _read(code: str, brisk: bool) -> _Known | None:
    with clients.prompt():  # botocore's patience is longer than a shopper's
        row = LINKS.get(code, brisk=brisk)
    return _Known(load(Link, row)) if row else None


def is_prefetch(request: Request) -> bool:
    """Whether a browser or an app only guesses that the shopper will come."""
    headers = request.headers
    return any(_GUESS.search(headers[name]) for name in _PURPOSES if name in headers)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────
def answered(lead: Callable[[], Answer], request: Request) -> Answer:
    """The answer, or a page that comes back by itself: where a link leads cannot be told while the
    table is away, and whatever else goes wrong, no shopper sees API Gateway's own words. Of a shop
    that was erased, that the link has ended.
    """
    try:
        return lead()
    except UnknownMerchant:
        from sharetrail.sharing import dead_ends

        return dead_ends.over(request)
    except Problem:
        raise
    except Exception as failure:  # a shopper waits; the log has it
        from sharetrail.sharing import dead_ends

        logs.failure("redirect failed", failure)
        return dead_ends.not_now(request)


def lead_on(target: Target, request: Request, click: Click | None) -> Answer:
    """302 to the destination with our tags. Where nobody followed the link (HEAD, a page that loads
    it as its picture or frame) there is no id to carry: it would stand for a visit; nor where the
    visitor asked not to be tracked. What a page loads carries no tag either: a hidden frame's
    landing must not be an order's.
    """
    if click and click.embedded_as:
        return answer(302, location=destinations.tagged(target.url, {}), **_UNSEEN)
    visit = None if click is None or click.is_private else click.id
    if visit and not request.query:
        location = visit.join(target.around)
    else:
        tags = target.link.tags(visit)
        location = destinations.tagged(target.url, tags, request.query)
    return answer(302, location=location, **_UNSEEN)


def lead_off(target: Target, request: Request) -> Answer:
    """A link that was switched off leads to the shop's fallback, or says that it is over."""
    fallback = target.shop.fallback_url
    if fallback and destinations.leads_out(fallback):
        return answer(302, location=fallback, **_UNSEEN)
    from sharetrail.sharing import dead_ends  # which few shoppers ever see

    return dead_ends.ended(target.shop, request)


def lead_nowhere(text: str, request: Request) -> Answer:
    """404; NotFound for a resource of the API, which a program asked for. A page of somebody's own
    with a slash behind it is the page: no route may end in one."""
    if own := _OWN_PAGE.fullmatch(text):
        query = f"?{request.query}" if request.query else ""
        return answer(308, location=f"/{own[1]}{query}", **_UNSEEN)
    if text.startswith("v1/"):
        raise NotFound("There is no such resource.")
    from sharetrail.sharing import dead_ends

    return dead_ends.unknown(request)


# ── the click ────────────────────────────────────────────────────────────────────────────────────
def click_of(request: Request, target: Target) -> Click:
    link = target.link
    visitor = visitor_of(request, link.merchant)
    return new_click(link.merchant, link.code, visitor, request.now, link.maker)


CONCERN = "ClickNotKept"
_table = Fuse(timedelta(seconds=1))


def keep(click: Click) -> None:
    """Write the click and note its hour, each within 150 ms, or have the queue do both, or keep it
    at the very least as a log line, where neither takes it. Once a table is away, clicks of the
    next second go to the queue first: while shoppers wait, Lambda starts instances, and new ones
    know no link.
    """
    first, then = (_queue, _write) if _table.is_blown(click.at) else (_write, _queue)
    if failure := _failure_of(first, click) and _failure_of(then, click):
        _say(click, failure)  # docs/operate.md, "A click was not kept", says how to save it


def _failure_of(way: Callable[[Click], None], click: Click) -> Exception | None:
    try:
        way(click)
    except Exception as failure:  # tracking must not break the redirect
        return failure
    return None


def _write(click: Click) -> None:
    try:
        EVENTS.put_briskly(click_item(click))
        heard_hours.note_once(click.merchant, click.at, click.at, brisk=True)
    except Exception as failure:
        if clients.is_away(failure):
            _table.blow(click.at)
        raise


def _queue(click: Click) -> None:
    with clients.prompt():
        CLICKS.send(json.dumps(dump(click)))


def _say(click: Click, failure: Exception) -> None:
    from sharetrail.clicks.unnamed_click import unnamed

    logs.ring(CONCERN, click=json.dumps(dump(unnamed(click))), failure=logs.told(failure))
