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
from sharetrail.merchants.notice import NoticeSubject
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed
from sharetrail.sharing.link import is_link_code
from sharetrail.sharing.share_request import ProductBody, ProductId
from sharetrail.web import address
from sharetrail.web.bodies import MOST_NAMED, parse, strict

_MAX_PAGE = 200
_MOST_OF_A_PAGE = 100
"""Events of a kind that one event may stand for: the products of a long page, each with buttons.
The script sends one for each, and so never `n`; where we sample, ours multiplies it afterwards."""
_BLOCKS, _BLOCKS_OF_AN_ADDRESS = 1_000, 20
"""A day's allowance is taken in so many parts: a thousand writes a day at most."""
_ADDRESS_PART = 10
"""An address may use up a tenth of a day, and so may all together who ask not to be tracked."""
_UNASKED = 20
"""Events of an address and day that an instance keeps before it asks for a part of that tenth: most
visitors send fewer, and cost no write of this kind."""


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
    """The sender's own part first: who has used it up takes nothing of what is others', too."""
    day = calendars.local_day(now, merchant.tz)
    tenth = merchant.events_per_day // _ADDRESS_PART
    own = _Day(merchant, day, f"events#address#{sender or 'private'}", tenth, _BLOCKS_OF_AN_ADDRESS)
    whole = _Day(merchant, day, "events", merchant.events_per_day, _BLOCKS, "events")
    is_asked = _spent.add((merchant.id, day, sender), n, now) + n > _UNASKED
    return (not is_asked or own.spend(n, now)) and whole.spend(n, now)


_spent = Spans(calendars.DAY)
_purses: dict[tuple[str, date, str], int] = {}
"""What an instance has taken of an allowance and not spent; lost where it stops."""
_MOST_PURSES = 10_000


@dataclass(frozen=True)
class _Day:
    """An allowance of events and a local day, taken in parts."""

    merchant: Merchant
    day: date
    name: str
    most: int
    parts: int
    told_as: NoticeSubject | None = None

    def spend(self, n: int, now: datetime) -> bool:
        """Whether there is room for n more."""
        key = self.merchant.id, self.day, self.name
        left = _purses.pop(key, 0)
        if left < n:
            left += self._take(n, now)
        _purses[key] = left - n if left >= n else left
        if len(_purses) > _MOST_PURSES:
            del _purses[next(iter(_purses))]
        return left >= n

    def _take(self, n: int, now: datetime) -> int:
        """One part more; 0 where none is left."""
        part = max(n, self.most // self.parts)
        allowance = Allowance(name=self.name, most=self.most // part, told_as=self.told_as)
        is_taken = daily_allowances.take(self.merchant, allowance, secrets.token_hex(6), now)
        return part if is_taken else 0
