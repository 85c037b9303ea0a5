"""What a shop's newest page events show of its installation. Pure.

Anybody can send them with the publishable key: so each address speaks once of consent, and of five
checkouts at most. Nothing here moves money or a credit.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sharetrail.clicks.page_event import PRIVATE, PageConsent, PageEvent

_PAGES = 3
_CHECKOUTS_OF_ONE = 5


@dataclass(frozen=True, kw_only=True)
class PageSight:
    last: datetime | None = None
    """When the pages were heard last; of a checkout it is a pixel that is heard."""
    pages: tuple[str, ...] = ()
    """The newest few, host and path, in the words of whoever sent them."""
    visitors: int = 0
    """Addresses that were heard of; who asks not to be tracked counts as one."""
    first: datetime | None = None
    """When the oldest of the newest was."""
    arrived: datetime | None = None
    """When a page last told that somebody came by a share link: not of who allows nothing."""
    viewed: datetime | None = None
    """When buttons were on a screen last."""
    consent: Counter[PageConsent] = field(default_factory=Counter)
    """What held last for each address: visitors by consent."""
    check: PageEvent | None = None
    """The newest page that was opened to be looked at."""
    checkouts: tuple[PageEvent, ...] = ()
    """Orders that a pixel saw placed, newest first."""


def of(events: Sequence[PageEvent]) -> PageSight:
    """Of the newest, newest first."""
    told = [event for event in events if event.type != "checkout"]
    newest: dict[str, PageEvent] = {}
    for event in told:
        if event.consent:
            newest.setdefault(event.address or PRIVATE, event)
    return PageSight(
        last=told[0].at if told else None,
        pages=tuple(dict.fromkeys(event.page for event in told))[:_PAGES],
        visitors=len({event.address for event in told}),
        first=told[-1].at if told else None,
        arrived=next((event.at for event in told if event.type == "visit"), None),
        viewed=next((event.at for event in told if event.type == "view"), None),
        consent=Counter(event.consent for event in newest.values() if event.consent),
        check=next((event for event in told if event.type == "check"), None),
        checkouts=_believed([event for event in events if event.type == "checkout"]),
    )


def _believed(checkouts: Sequence[PageEvent]) -> tuple[PageEvent, ...]:
    """One an order, and a few an address."""
    by_order = {event.order: event for event in reversed(checkouts) if event.order}
    said: Counter[str | None] = Counter()
    believed = []
    for event in sorted(by_order.values(), key=lambda each: each.at, reverse=True):
        said[event.address] += 1
        if said[event.address] <= _CHECKOUTS_OF_ONE:
            believed.append(event)
    return tuple(believed)
