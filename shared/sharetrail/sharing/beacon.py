"""The body of POST /v1/events: a page visit's events in one beacon.

A beacon cannot be corrected and sent again, so each event is judged by itself.
"""

import secrets
import zlib
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from sharetrail import calendars
from sharetrail.aws import environment
from sharetrail.clicks.click import is_click_id
from sharetrail.clicks.page_event import PRIVATE, PageEvent, PageEventType, believed_time
from sharetrail.clicks.trail import LONGEST_TRAIL
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed, Problem
from sharetrail.sharing.link import is_link_code
from sharetrail.sharing.share_request import ProductBody, ProductId
from sharetrail.web import address
from sharetrail.web.bodies import MOST_NAMED, parse, strict

_MAX_PAGE = 200
_MOST_OF_A_PAGE = 100
"""Events of a kind that one event may stand for: the products of a long page, each with buttons.
The script sends one for each, and so never `n`; where we sample, ours multiplies it afterwards."""
_MINUTE = timedelta(minutes=1)
_SAMPLED_TYPES = ("view", "open", "visit")
"""Shares and leads are rare and precious: each is kept."""
# Seen in a minute → one in how many is kept.
_RATES = ((1_000, 100), (100, 10), (0, 1))


@strict
class EventBody:
    id: Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
    type: PageEventType
    url: Annotated[str, StringConstraints(min_length=1, max_length=2_048)]
    at: AwareDatetime | None = None
    product: ProductBody | ProductId | None = None
    code: Annotated[str, StringConstraints(max_length=20)] | None = None
    """Of a share's link, as the script says it. Anybody can say any: it is looked at, not kept."""
    trail: Annotated[list[str], Field(max_length=LONGEST_TRAIL)] = field(default_factory=list)
    n: Annotated[int, Field(ge=1, le=_MOST_OF_A_PAGE)] = 1


@strict
class Beacon:
    key: Annotated[str, StringConstraints(max_length=100)] | None = None
    """The publishable key, since a beacon can set no header."""
    events: Annotated[list[Any], Field(min_length=1, max_length=100)]
    """Each an EventBody, or wrong by itself."""


def page_events_of(
    beacon: Beacon, merchant: Merchant, sender: str | None, now: datetime
) -> tuple[list[PageEvent], dict[str, str]]:
    """The beacon's events as facts, and why others are none, by field: `events.2.url`.
    Malformed where none of them is one. `sender` is Visitor.address.
    """
    made: list[PageEvent] = []
    errors: dict[str, str] = {}
    for n, each in enumerate(beacon.events):
        try:
            made.append(_fact(parse(EventBody, each), merchant, sender, now))
        except Malformed as wrong:
            if len(errors) < MOST_NAMED:
                errors |= {_within(n, field): why for field, why in wrong.errors.items()}
    if not made:
        raise Malformed("Some fields are not as they should be.", errors=errors)
    kept = list(_sample(made, now))
    _spend(merchant, len(kept), now)
    return kept, errors


def _within(n: int, field: str) -> str:
    return f"events.{n}" if field == "body" else f"events.{n}.{field}"


def _fact(body: EventBody, merchant: Merchant, sender: str | None, now: datetime) -> PageEvent:
    host = address.host_of(body.url, loopback=environment.is_local())
    if host not in merchant.hosts:
        raise Malformed("An event's page is the shop's.", errors={"url": "is elsewhere"})
    if body.code is not None and not is_link_code(body.code):
        raise Malformed("A code is a link's.", errors={"code": "is no link's code"})
    at = believed_time(body.at, now)
    product = body.product.id if isinstance(body.product, ProductBody) else body.product
    return PageEvent(
        id=body.id,
        merchant=merchant.id,
        type=body.type,
        at=at or now,
        timed=at is not None,
        page=_page(body.url),
        product=product or None,
        trail=tuple(each for each in body.trail if is_click_id(each)),
        n=1 if body.type == "share" else body.n,
        address=sender or PRIVATE,
    )


def _page(url: str) -> str:
    """Host and path: a query may carry anything, a person's name among it."""
    page = url.partition("#")[0].partition("?")[0]
    return page.partition("://")[2][:_MAX_PAGE]


# ── the day's allowance, taken a thousandth at a time ────────────────────────────────────────────
class TooManyEvents(Problem):
    """A merchant's daily cap is reached."""

    status = 429
    title = "Too many events today"


_BLOCKS = 1_000
_purses: dict[tuple[str, date], int] = {}


def _spend(merchant: Merchant, n: int, now: datetime) -> None:
    """TooManyEvents once the merchant's day is full; an instance that stops wastes what it took."""
    purse = (merchant.id, calendars.local_day(now, merchant.tz))
    left = _purses.get(purse, 0)
    if left < n:
        block = max(n, merchant.events_per_day // _BLOCKS)
        most = merchant.events_per_day // block
        if not daily_allowances.take(merchant, "events", secrets.token_hex(6), most, now):
            raise TooManyEvents(f"{merchant.events_per_day:,} events a day are allowed.")
        left += block
    _purses[purse] = left - n


# ── sampling: an instance's own minute, for a merchant ───────────────────────────────────────────
_minutes: dict[str, tuple[datetime, int]] = {}


def _sample(page_events: list[PageEvent], now: datetime) -> Iterator[PageEvent]:
    """Beyond 100 a minute one in ten is kept, beyond 1,000 one in a hundred, and carries its n."""
    for event in page_events:
        begun, count = _minutes.get(event.merchant, (now, 0))
        begun, count = (begun, count) if now - begun < _MINUTE else (now, 0)
        _minutes[event.merchant] = begun, count + event.n
        rate = next(rate for above, rate in _RATES if count >= above)
        if event.type not in _SAMPLED_TYPES or rate == 1:
            yield event
        elif zlib.crc32(event.id.encode()) // 8 % rate == 0:  # the same id, the same choice
            yield replace(event, n=event.n * rate)
