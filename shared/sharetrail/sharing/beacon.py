"""The body of POST /v1/events: a page visit's events in one beacon.

A beacon cannot be corrected and sent again, so each event is judged by itself.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from sharetrail import calendars
from sharetrail.aws import environment
from sharetrail.clicks.click import is_click_id
from sharetrail.clicks.page_event import PRIVATE, PageEvent, PageEventType, believed_time
from sharetrail.clicks.page_event_sample import Spans, draw, draw_beyond
from sharetrail.clicks.trail import LONGEST_TRAIL
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed
from sharetrail.sharing.link import is_link_code
from sharetrail.sharing.share_request import ProductBody, Word
from sharetrail.web import address
from sharetrail.web.bodies import MOST_NAMED, parse, strict

_MAX_PAGE = 200
_MOST_OF_A_PAGE = 100
"""Events of a kind that one event may stand for: the products of a long page, each with buttons.
The script sends one for each, and so never `n`; where we sample, ours multiplies it afterwards."""
_BLOCKS = 1_000
"""The day's allowance is taken a thousandth at a time: a thousand writes a day at most."""
_ADDRESS_PART = 10
"""An address may use up a tenth of a day of what an instance knows, and so may all together who ask
not to be tracked."""


@strict
class EventBody:
    id: Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
    type: PageEventType
    url: Annotated[str, StringConstraints(min_length=1, max_length=2_048)]
    at: AwareDatetime | None = None
    product: ProductBody | Word | None = None
    code: Annotated[str, StringConstraints(max_length=20)] | None = None
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
    return _kept(made, merchant, sender or PRIVATE, now), errors


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
        code=body.code,
        trail=tuple(each for each in body.trail if is_click_id(each)),
        n=1 if body.type == "share" else body.n,
        address=sender or PRIVATE,
    )


def _page(url: str) -> str:
    """Host and path: a query may carry anything, a person's name among it."""
    page = url.partition("#")[0].partition("?")[0]
    return page.partition("://")[2][:_MAX_PAGE]


# ── what is kept of many ─────────────────────────────────────────────────────────────────────────
def _kept(made: list[PageEvent], merchant: Merchant, sender: str, now: datetime) -> list[PageEvent]:
    """None is refused for being one of many: fewer are kept, and count for the others."""
    lots = draw(made, now)
    if lots and not _is_within_day(merchant, sender, len(lots), now):
        lots = draw_beyond(lots)
    return [lot.fact for lot in lots]


def _is_within_day(merchant: Merchant, sender: str, n: int, now: datetime) -> bool:
    day = calendars.local_day(now, merchant.tz)
    spent = _spent.add((merchant.id, day, sender), n, now)
    is_part = spent + n <= merchant.events_per_day // _ADDRESS_PART
    return is_part and _spend(_purse_of(merchant, day), merchant, n, now)


@dataclass
class _Purse:
    """What an instance has taken of a merchant's day, and lost where it stops."""

    day: date
    left: int = 0


_purses: dict[str, _Purse] = {}
_spent = Spans(calendars.DAY)


def _purse_of(merchant: Merchant, day: date) -> _Purse:
    purse = _purses.get(merchant.id)
    if purse is None or purse.day != day:
        purse = _purses[merchant.id] = _Purse(day)
    return purse


def _spend(purse: _Purse, merchant: Merchant, n: int, now: datetime) -> bool:
    """Whether the day still had room for n more."""
    if purse.left < n and not _refill(purse, merchant, n, now):
        return False
    purse.left -= n
    return True


def _refill(purse: _Purse, merchant: Merchant, n: int, now: datetime) -> bool:
    block = max(n, merchant.events_per_day // _BLOCKS)
    blocks = Allowance(name="events", most=merchant.events_per_day // block, told_as="events")
    is_taken = daily_allowances.take(merchant, blocks, secrets.token_hex(6), now)
    if is_taken:
        purse.left += block
    return is_taken
