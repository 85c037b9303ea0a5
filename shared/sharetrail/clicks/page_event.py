"""What happens on a shop's pages: view, open, share, visit, stay, lead; and what tells whether the
shop's installation works, which counts for nothing else: check, checkout. Pure.

The browser names each event, and a resend is a no-op: the key is made of the event's own time and
id. An event without a believable time stands under its id alone and counts when its day closes.
"""

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sharetrail.clicks.click import EVENT_LIFETIME, lengthened, short_names, shortened, time_key
from sharetrail.clicks.trail import TrailState

PAGE_EVENT_SHARDS = 2
"""Views are sampled beyond 200 a minute, so page events never need the clicks' eight."""
PageEventType = Literal["view", "open", "share", "visit", "stay", "lead", "check", "checkout"]
"""`check`: a page that was opened to see what the script finds there. `checkout`: an order that the
shop's pixel saw placed."""
PageConsent = Literal["unasked", "given", "denied"]
"""What holds on the page: nobody has to be asked, somebody agreed, nothing may be remembered."""
TIMELESS = "~"
"""Sorts after every digit: a slot's range of times never meets it."""
PRIVATE = ""
_LATE = timedelta(hours=24)
_EARLY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class PageEvent:
    id: str
    merchant: str
    type: PageEventType = field(metadata={"short": "t"})
    at: datetime
    timed: bool
    """Whether `at` is the browser's own; otherwise it is when the event arrived."""
    page: str = field(metadata={"short": "u"})
    """Host and path, without a query."""
    product: str | None = field(default=None, metadata={"short": "p"})
    trail: tuple[str, ...] = field(default=(), metadata={"short": "trail"})
    seconds: int = field(default=0, metadata={"short": "s"})
    """Of a stay: how long the page was looked at since that was told last."""
    place: int = field(default=0, metadata={"short": "g"})
    """Of a stay: which page of its visit it is; 0 where that was told before."""
    n: int = field(default=1, metadata={"short": "n"})
    """How many events it stands for, where a page or we sampled."""
    consent: PageConsent | None = field(default=None, metadata={"short": "y"})
    buttons: int | None = field(default=None, metadata={"short": "b"})
    """Of a check: how many of our elements stand on the page."""
    order: str | None = field(default=None, metadata={"short": "o"})
    """Of a checkout: the order's id, as the shop's webhooks have it."""
    carried: TrailState | None = field(default=None, metadata={"short": "c"})
    """Of a checkout: what the cart said of the trail."""
    address: str | None = field(default=None, metadata={"short": "a"})
    """See Visitor.address: what one of them says counts up to a limit. PRIVATE where we may not
    know it, None for events of before it was kept."""


def believed_time(at: datetime | None, now: datetime) -> datetime | None:
    """The browser's time where it can be true: within the last day, or hardly ahead of us."""
    return at if at and now - _LATE <= at <= now + _EARLY else None


def page_event_item(event: PageEvent) -> dict[str, Any]:
    shard = zlib.crc32(event.id.encode()) % PAGE_EVENT_SHARDS
    clock = time_key(event.at) if event.timed else TIMELESS
    return {
        "pk": f"{event.merchant}#{event.at:%Y%m%d}#e{shard}",
        "sk": f"{clock}#{event.id}",
        **shortened(event, _SHORT_NAMES),
        "at": int(event.at.timestamp() * 1000),
        "expires": int((event.at + EVENT_LIFETIME).timestamp()),
    }


def read_page_event(item: dict[str, Any]) -> PageEvent:
    clock, _, event_id = item["sk"].partition("#")
    told = lengthened(item, _SHORT_NAMES)
    return PageEvent(
        id=event_id,
        merchant=item["pk"].partition("#")[0],
        at=datetime.fromtimestamp(item["at"] / 1000, UTC),
        timed=clock != TIMELESS,
        **{**told, "trail": tuple(told.get("trail", ()))},
    )


_SHORT_NAMES = short_names(PageEvent)
