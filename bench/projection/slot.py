"""A slot of a viral link in full: five minutes of one shard, written, folded, counted again."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from bench.dynamodb.model import Model
from bench.projection import lanes
from bench.projection.lanes import Pace
from bench.shop import MERCHANT
from bench.timing import cpu_seconds
from bench.traffic.crowd import Crowd
from local.demo import agents
from sharetrail.aws.items import Item, encode
from sharetrail.aws.tables import EVENTS, TOTALS
from sharetrail.clicks.click import Click, click_item
from sharetrail.clicks.verdict import LOOK_BACK
from sharetrail.totals import five_minute_slots, total_chunks

_SOME = 5_000


class Slot:
    """Written and folded, with the half minute before it."""

    def __init__(self, dynamodb: Model, start: datetime, rate: int) -> None:
        """The rate is of clicks a second on the shard."""
        self.start = start
        crowd = Crowd(1, shards=(0,))
        length = LOOK_BACK + five_minute_slots.SLOT
        number = int(length.total_seconds()) * rate
        times = crowd.moments(self.start - LOOK_BACK, length, number)
        self.clicks = [crowd.click(at) for at in times]
        for click in self.clicks:
            EVENTS.put_once(click_item(click))
        dynamodb.take()
        project = partial(five_minute_slots.project, MERCHANT.id, "0", self.start, self.start)
        self.seconds = cpu_seconds(project)
        self.read_units = dynamodb.take().read_units[EVENTS.name]

    def pace(self) -> Pace:
        some = self.clicks[:_SOME]
        return Pace(
            record=lanes.ringing(some),
            fold=self.seconds / len(self.clicks),
            parsing=lanes.parsing([encode(click_item(click)) for click in some]),
        )

    def total(self) -> Item:
        row = TOTALS.get(f"{MERCHANT.id}#{self.start:%Y%m%d}", f"{self.start:%H%M}#0#0")
        assert row
        return row


def total_count(total: Item) -> Counter[str]:
    """A total's. Devices and places are the product's own reading of what a click says, and are
    added up."""
    (counts,) = map(Counter, total_chunks.read(total).links.values())
    for kind in ("device:", "seen_on:"):
        names = [name for name in counts if name.startswith(kind)]
        counts[f"each {kind}"] = sum(counts.pop(name) for name in names)
    return counts


def plain_count(slot: Slot) -> Counter[str]:
    """It shares no line with the product's."""
    counts: Counter[str] = Counter()
    newest: dict[str | None, datetime] = {}
    for click in slot.clicks:
        before = newest.get(click.visitor)
        if click.agent in agents.PEOPLE:
            newest[click.visitor] = click.at
        if click.at >= slot.start:
            counts.update(_names(click, before))
    return counts


def _names(click: Click, before: datetime | None) -> list[str]:
    if click.agent not in agents.PEOPLE:
        return ["bot" if click.agent in agents.BOTS else "preview"]
    if before is not None and click.at - before <= timedelta(seconds=30):
        return ["repeat"]
    referrer = [f"referrer:{click.referrer}", "each seen_on:"] if click.referrer else []
    return ["human", "each device:", f"country:{click.country}", *referrer]
