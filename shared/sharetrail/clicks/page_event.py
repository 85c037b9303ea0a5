"""What happens on a shop's pages: view, open, share, visit, lead. Pure.

The browser names each event, and a resend is a no-op: the key is made of the event's own time and
id. An event without a believable time stands under its id alone and counts when its day closes.
"""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sharetrail.clicks.click import EVENT_LIFETIME, time_key

PAGE_EVENT_SHARDS = 2
"""Views are sampled beyond 100 a minute, so page events never need the clicks' eight."""
PageEventType = Literal["view", "open", "share", "visit", "lead"]
TIMELESS = "~"
"""Sorts after every digit: a slot's range of times never meets it."""
_LATE = timedelta(hours=24)
_EARLY = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class PageEvent:
    id: str
    merchant: str
    type: PageEventType
    at: datetime
    timed: bool
    """Whether `at` is the browser's own; otherwise it is when the event arrived."""
    page: str
    """Host and path, without a query."""
    product: str | None = None
    code: str | None = None
    trail: tuple[str, ...] = ()
    n: int = 1
    """How many events it stands for, where a page or we sampled."""


def believed_time(at: datetime | None, now: datetime) -> datetime | None:
    """The browser's time where it can be true: within the last day, or hardly ahead of us."""
    if at is None or not (now - _LATE <= at <= now + _EARLY):
        return None
    return at


def page_event_key(event: PageEvent) -> dict[str, str]:
    shard = zlib.crc32(event.id.encode()) % PAGE_EVENT_SHARDS
    clock = time_key(event.at) if event.timed else TIMELESS
    return {
        "pk": f"{event.merchant}#{event.at:%Y%m%d}#e{shard}",
        "sk": f"{clock}#{event.id}",
    }


def page_event_item(event: PageEvent) -> dict[str, Any]:
    return {
        **page_event_key(event),
        "t": event.type,
        "u": event.page,
        "p": event.product,
        "c": event.code,
        "trail": list(event.trail) or None,
        "n": event.n if event.n > 1 else None,
        "at": int(event.at.timestamp() * 1000),
        "expires": int((event.at + EVENT_LIFETIME).timestamp()),
    }


def read_page_event(item: dict[str, Any]) -> PageEvent:
    clock, _, event_id = item["sk"].partition("#")
    return PageEvent(
        id=event_id,
        merchant=item["pk"].partition("#")[0],
        type=item["t"],
        at=datetime.fromtimestamp(item["at"] / 1000, UTC),
        timed=clock != TIMELESS,
        page=item["u"],
        product=item.get("p"),
        code=item.get("c"),
        trail=tuple(item.get("trail", ())),
        n=item.get("n", 1),
    )
