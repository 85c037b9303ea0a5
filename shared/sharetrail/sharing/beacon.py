"""The body of POST /v1/events: a page visit's events in one beacon.

A beacon cannot be corrected and sent again, so each event is judged by itself.
"""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, SkipValidation, StringConstraints
from typing_extensions import TypedDict

from sharetrail import calendars
from sharetrail.aws import environment
from sharetrail.clicks.click import is_click_id
from sharetrail.clicks.page_event import (
    PRIVATE,
    PageConsent,
    PageEvent,
    PageEventType,
    believed_time,
)
from sharetrail.clicks.page_event_sample import Spans, draw, draw_beyond
from sharetrail.clicks.trail import LONGEST_TRAIL, TrailState
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance, policy_of
from sharetrail.merchants.profile import Merchant
from sharetrail.problems import Malformed
from sharetrail.sharing.link import is_link_code
from sharetrail.sharing.share_request import ProductBody, ProductId
from sharetrail.web import address
from sharetrail.web.answers import Fault, described
from sharetrail.web.bodies import MOST_NAMED, parse, strict

_MAX_PAGE = 200
_MOST_OF_A_PAGE = 100
"""Events of a kind that one event may stand for: the products of a long page, each with buttons.
The script sends one for each, and so never `n`; where we sample, ours multiplies it afterwards."""
_MOST_BUTTONS = 100
_LONGEST_STAY = 30 * 60
"""Seconds: a visit is over after half an hour of rest."""
_MOST_PAGES = 1_000
_PARTS = 5_000
"""An instance takes a day's events in parts of this size, and loses what it has not spent where it
stops: a hundred of a day's 500,000, as one beacon may have. So a thousand instances a day lose at
most a fifth. A day has so many writes at most, of a set that weighs 20 KB when it is full: $0.03,
a tenth of what its events cost."""
_ADDRESS_PART = 10
"""An address may use up a tenth of a day, and so may all together who ask not to be tracked."""
_UNASKED_PART = 10
"""What an address spends of others' parts at an instance, before it needs one of its own: a tenth
of a part. Most visitors send fewer events, and cost no write of this kind."""


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
    seconds: Annotated[int, Field(ge=0, le=_LONGEST_STAY)] = 0
    """Of a stay: how long the page was looked at since that was told last."""
    page: Annotated[int, Field(ge=1, le=_MOST_PAGES)] | None = None
    """Of a stay: which page of its visit it is; left out where that was told before."""
    n: Annotated[int, Field(ge=1, le=_MOST_OF_A_PAGE)] = 1
    buttons: Annotated[int, Field(ge=0, le=_MOST_BUTTONS)] | None = None
    """Of a check: how many of our elements stand on the page."""
    order: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """Of a checkout: its order's id. Anybody can say any: it is compared with what webhooks told,
    and changes nothing."""
    carried: TrailState | None = None
    """Of a checkout: what the cart said of the trail."""


@strict
class Beacon:
    key: Annotated[str, StringConstraints(max_length=100)] | None = None
    """The publishable key, since a beacon can set no header."""
    events: Annotated[
        list[Annotated[EventBody, SkipValidation]], Field(min_length=1, max_length=100)
    ]
    """Each as it came: an EventBody, or wrong by itself."""
    consent: PageConsent | None = None
    """What holds on the page that they come from."""

    @property
    def is_of_checkouts(self) -> bool:
        """Whether it tells of nothing else: a pixel at the checkout runs in a frame that no page's
        origin is told of."""
        return all(isinstance(e, dict) and e.get("type") == "checkout" for e in self.events)


@described
class Collected(TypedDict):
    errors: list[Fault]


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
            body = parse(EventBody, each)
            made.append(replace(_fact(body, merchant, sender, now), consent=beacon.consent))
        except Malformed as wrong:
            if len(errors) < MOST_NAMED:
                errors |= {_within(n, field): why for field, why in wrong.errors.items()}
    if not made:
        raise Malformed("Some fields are not as they should be.", errors=errors)
    return _kept(made, merchant, sender or PRIVATE, now), errors


def policy(merchant: Merchant) -> str:
    """RateLimit-Policy of page events: beyond it fewer are kept, and none is refused."""
    most = merchant.events_per_day
    return policy_of(
        (
            Allowance(name="", most=most, policy="events"),
            Allowance(name="", most=most // _ADDRESS_PART, policy="events-of-address"),
        )
    )


def _within(n: int, field: str) -> str:
    return f"events.{n}" if field == "body" else f"events.{n}.{field}"


def _fact(body: EventBody, merchant: Merchant, sender: str | None, now: datetime) -> PageEvent:
    host = address.host_of(body.url, loopback=environment.is_local())
    if host not in merchant.hosts:
        raise Malformed("An event's page is the shop's.", errors={"url": "is elsewhere"})
    if body.code is not None and not is_link_code(body.code):
        raise Malformed("A code is a link's.", errors={"code": "is no link's code"})
    if body.type != "stay" and (body.seconds or body.page):
        raise Malformed("Only a stay has a length.", errors={"seconds": "is of a stay"})
    at = believed_time(body.at, now)
    if at and body.type == "check":
        at = min(at, now)  # none outlasts what is heard after it
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
        seconds=body.seconds,
        place=body.page or 0,
        n=1 if body.type == "share" else body.n,
        address=sender or PRIVATE,
        **_of_installation(body),
    )


def _of_installation(body: EventBody) -> dict[str, Any]:
    """What belongs to its type alone."""
    if body.type == "check":
        return {"buttons": body.buttons}
    return {"order": body.order, "carried": body.carried} if body.type == "checkout" else {}


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


_spent = Spans(calendars.DAY)
_left: dict[tuple[str, date, str], int] = {}
_MOST_PURSES = 10_000


@dataclass(frozen=True)
class _Purse:
    """What an instance has taken of an allowance and day, and not spent; lost where it stops."""

    merchant: str
    day: date
    part: int
    of: Allowance

    @property
    def key(self) -> tuple[str, date, str]:
        return self.merchant, self.day, self.of.name

    @property
    def left(self) -> int:
        return _left.get(self.key, 0)

    def lacks(self, n: int) -> int:
        """How many parts, to have n."""
        return -(-max(0, n - self.left) // self.part)

    def add(self, n: int) -> None:
        left = self.left + n
        _left.pop(self.key, None)
        _left[self.key] = left
        if len(_left) > _MOST_PURSES:
            del _left[next(iter(_left))]


def _is_within_day(merchant: Merchant, sender: str, n: int, now: datetime) -> bool:
    """Whether there is room for n more. Whoever needs a part of the whole takes one of their own
    beside it: so nobody has more than they may, be it spent or lost where an instance stops.
    """
    own, whole = _purses_of(merchant, sender, calendars.local_day(now, merchant.tz))
    is_little = _spent.add(own.key, n, now) + n <= whole.part // _UNASKED_PART
    if whole.lacks(n):
        is_filled = _fill([own, whole], n, merchant, now)
    else:
        is_filled = is_little or _fill([own], n, merchant, now)
    if is_filled:
        whole.add(-n)
        if own.left:  # who sends little has none, and needs no room here
            own.add(-min(n, own.left))
    return is_filled


def _purses_of(merchant: Merchant, sender: str, day: date) -> tuple[_Purse, _Purse]:
    part = -(-merchant.events_per_day // _PARTS)
    most = merchant.events_per_day // part
    tenth = merchant.events_per_day // _ADDRESS_PART // part
    own = Allowance(name=f"events#address#{sender or 'private'}", most=tenth)
    whole = Allowance(name="events", most=most, told_as="events")
    return _Purse(merchant.id, day, part, own), _Purse(merchant.id, day, part, whole)


def _fill(purses: list[_Purse], n: int, merchant: Merchant, now: datetime) -> bool:
    """Whether each has n; of what they lack all get the same number of parts, or none gets any.
    A token that somebody else happens to have takes nothing: few do, of 16 million.
    """
    parts = max(purse.lacks(n) for purse in purses)
    if not parts:
        return True
    tokens = {secrets.token_urlsafe(3) for _ in range(parts)}
    if daily_allowances.take_each(merchant, [each.of for each in purses], tokens, now):
        return False
    for purse in purses:
        purse.add(parts * purse.part)
    return True
