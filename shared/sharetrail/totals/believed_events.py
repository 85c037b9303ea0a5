"""What page events count for: anybody may send them, so an address is believed up to a limit. Pure.

The key that sends them stands in every page of the shop. What is over a limit is no proof of
anything, and is left out; everything else counts as it was said. A limit is of what is told at
once: one shard's part of a UTC day, or of five minutes of it.
"""

import sys
from collections import Counter
from collections.abc import Iterator

from sharetrail.clicks.page_event import PRIVATE, PageEvent, PageEventType

MEASURED, WENT_ON, VISIBLE_SECONDS = "visit_measured", "visit_went_on", "visible_seconds"
"""Of stays: visits whose first page told its length, those whose second did, and all seconds."""
LEAD_BY_SHARE = "lead_by_share"
"""Leads of browsers that a share click had led there."""
OF_INSTALLATION: tuple[PageEventType, ...] = ("check", "checkout")
"""They tell of an installation, and count nowhere."""
AVERAGE = 4 * 60
"""Seconds that a visit is believed to last, on average of an address's."""
MOST_UNMEASURED = 10
"""Visits of an address whose first page another part has told: of five minutes, say, the five
before. No more than these and its measured ones go on, or last."""
# An office, a school or a mobile carrier may lead hundreds of people out by one address, so only a
# machine meets these. Views, opens and visits come in tens and hundreds where we sample.
MOST_OF_AN_ADDRESS: dict[PageEventType, int] = {
    "view": 1_000,
    "open": 300,
    "visit": 300,
    "share": 30,
    "lead": 30,
}
MOST_OF_STAYS: dict[str, int] = {
    MEASURED: 300,
    WENT_ON: 300,
    VISIBLE_SECONDS: 300 * AVERAGE,
    LEAD_BY_SHARE: 30,
}
"""What is counted of stays and leads beside their number: as many visits, of four minutes each on
average, which is more than visits last."""
MOST_WITHOUT_ADDRESS = 20
"""Who asks not to be tracked has no address here. They are a minority everywhere: so many, and as
many more as those with an address."""
_WITHOUT_ADDRESS = {VISIBLE_SECONDS: MOST_WITHOUT_ADDRESS * AVERAGE}
MOST_ADDRESSES = 500_000
"""That are told apart, for each type: twice what a shard keeps events of in a usual day, in 100 MB.
Of those that come later each event is believed by itself: whoever has so many is under no limit by
address anyway, and a shop of that size loses nothing."""


class BelievedEvents:
    """How many of each type are believed of the events that were added, in whatever order; beyond
    the addresses that are told apart, in that of time.
    """

    def __init__(self) -> None:
        self.facts = 0
        self._said: dict[str, dict[str, int]] = {each: {} for each in _MOST}
        self._addresses = 0
        self._others: Counter[str] = Counter()
        self._private: Counter[str] = Counter()

    def add(self, event: PageEvent) -> None:
        self.facts += 1
        if event.type in OF_INSTALLATION:
            return
        for kind, n in _counted(event):
            if event.address is None:  # of before addresses were kept
                self._others[kind] += n
            elif event.address == PRIVATE:
                self._private[kind] += n
            else:
                self._add_of(event.address, kind, n)

    def _add_of(self, address: str, kind: str, n: int) -> None:
        said, most = self._said[kind], _MOST[kind]
        if address in said:
            said[address] = min(said[address] + n, most)
        elif self._addresses < MOST_ADDRESSES:
            self._addresses += 1
            said[address] = min(n, most)
        else:
            self._others[kind] += min(n, most)

    def counts(self) -> dict[str, int]:
        """Page events by type, and what else is counted of them."""
        counts: dict[str, int] = {}
        private: dict[str, int] = {}
        for each in self._said:
            known = sum(self._known(each)) + self._others[each]
            most = known + _WITHOUT_ADDRESS.get(each, MOST_WITHOUT_ADDRESS)
            most = min(most, _most_of(each, private.get(MEASURED, 0)))
            private[each] = min(self._private[each], most)
            counts[each] = known + private[each]
        return {each: n for each, n in counts.items() if n}

    def _known(self, kind: str) -> Iterator[int]:
        measured = self._said[MEASURED]
        for address, n in self._said[kind].items():
            yield min(n, _most_of(kind, measured.get(address, 0)))


def _most_of(kind: str, measured: int) -> int:
    """Of whom so many visits are measured."""
    visits = measured + MOST_UNMEASURED
    return {WENT_ON: visits, VISIBLE_SECONDS: AVERAGE * visits}.get(kind, sys.maxsize)


def _counted(event: PageEvent) -> Iterator[tuple[str, int]]:
    """What it counts for, and for how many. A stay is counted by what it tells alone."""
    if event.type == "stay":
        if event.place in _PLACES:
            yield _PLACES[event.place], event.n
        if event.seconds:
            yield VISIBLE_SECONDS, event.seconds * event.n
        return
    yield event.type, event.n
    if event.type == "lead" and event.trail:
        yield LEAD_BY_SHARE, event.n


_PLACES = {1: MEASURED, 2: WENT_ON}
_MOST = dict[str, int](MOST_OF_AN_ADDRESS.items()) | MOST_OF_STAYS
