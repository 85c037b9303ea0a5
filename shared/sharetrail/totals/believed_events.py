"""What page events count for: anybody may send them, so an address is believed up to a limit. Pure.

The key that sends them stands in every page of the shop. What is over a limit is no proof of
anything, and is left out; everything else counts as it was said. A limit is of what is told at
once: one shard's part of a UTC day, or of five minutes of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from sharetrail.clicks.page_event import PRIVATE, PageEvent, PageEventType

# An office, a school or a mobile carrier may lead hundreds of people out by one address, so only a
# machine meets these. Views, opens and visits come in tens and hundreds where we sample.
MOST_OF_AN_ADDRESS: dict[PageEventType, int] = {
    "view": 1_000,
    "open": 300,
    "visit": 300,
    "share": 30,
    "lead": 30,
}
MOST_WITHOUT_ADDRESS = 20
"""Who asks not to be tracked has no address here. They are a minority everywhere: so many, and as
many more as those with an address."""


def believed(events: Iterable[PageEvent]) -> Iterator[tuple[PageEvent, int]]:
    """Each event with how many it counts for, none included; in whatever order they come, the
    earliest count."""
    in_time = sorted(events, key=lambda event: (event.at, event.id))
    said: Counter[tuple[str | None, PageEventType]] = Counter()
    most = Counter(dict.fromkeys(MOST_OF_AN_ADDRESS, MOST_WITHOUT_ADDRESS))
    for event in (each for each in in_time if each.address != PRIVATE):
        n = event.n
        if event.address is not None:
            n = min(n, MOST_OF_AN_ADDRESS[event.type] - said[event.address, event.type])
            said[event.address, event.type] += n
        most[event.type] += n
        yield event, n
    for event in (each for each in in_time if each.address == PRIVATE):
        n = min(event.n, most[event.type])
        most[event.type] -= n
        yield event, n
