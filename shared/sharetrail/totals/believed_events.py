"""What page events count for: anybody may send them, so an address is believed up to a limit. Pure.

The key that sends them stands in every page of the shop. What is over a limit is no proof of
anything, and is left out; everything else counts as it was said. A limit is of what is told at
once: one shard's part of a UTC day, or of five minutes of it.
"""

from collections import Counter

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
        self._said: dict[PageEventType, dict[str, int]] = {each: {} for each in MOST_OF_AN_ADDRESS}
        self._addresses = 0
        self._others: Counter[PageEventType] = Counter()
        self._private: Counter[PageEventType] = Counter()

    def add(self, event: PageEvent) -> None:
        self.facts += 1
        if event.type not in MOST_OF_AN_ADDRESS:  # it tells of an installation, and counts nowhere
            return
        if event.address is None:  # of before addresses were kept
            self._others[event.type] += event.n
        elif event.address == PRIVATE:
            self._private[event.type] += event.n
        else:
            self._add_of(event.address, event)

    def _add_of(self, address: str, event: PageEvent) -> None:
        said, most = self._said[event.type], MOST_OF_AN_ADDRESS[event.type]
        if address in said:
            said[address] = min(said[address] + event.n, most)
        elif self._addresses < MOST_ADDRESSES:
            self._addresses += 1
            said[address] = min(event.n, most)
        else:
            self._others[event.type] += min(event.n, most)

    def counts(self) -> dict[str, int]:
        """Page events by type."""
        counts: dict[str, int] = {}
        for each, said in self._said.items():
            known = sum(said.values()) + self._others[each]
            counts[each] = known + min(self._private[each], known + MOST_WITHOUT_ADDRESS)
        return {each: n for each, n in counts.items() if n}
