"""A viral link: 1,000 clicks a second on one link for an hour, which is 3.6 million.

A model driven by the real code, since no emulator takes that in:

- Keys are the real ones for a minute of clicks, and the hour's are drawn as evenly as those are.
- One slot of one shard, 37,500 clicks, is written and folded in full by the product's own code, and
  its total is compared to a plain count.
- What that takes of a core, and what botocore takes to read as many items, paces a simulation of
  the stream's lanes (bench/lanes.py), for every number of the link's eight keys that a lane may
  carry. Lambda's cores are taken to be as fast as this machine's.
- A key that is asked for more than a partition writes is throttled: reckoned second by second.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from time import process_time

from bench import goals, lanes, model, price
from bench.goals import Figure
from bench.lanes import Hour, Pace
from bench.metered import size_of, write_units
from bench.model import Model
from bench.traffic import MERCHANT, PROFILE, Crowd, placings, rules, sharing
from local.demo import agents
from sharetrail.aws.items import Item, encode
from sharetrail.aws.tables import EVENTS, MERCHANTS, TOTALS
from sharetrail.clicks.click import CLICK_SHARDS, Click, click_item, click_key
from sharetrail.clicks.verdict import LOOK_BACK
from sharetrail.totals import chunks, slots

A_SECOND, SECONDS = 1_000, 3_600
PARTITION = 1_000
"""Write units that a partition key takes in a second."""
_MILLIONS = A_SECOND * SECONDS / 1e6
_OF_A_KEY = A_SECOND // CLICK_SHARDS
_START = datetime(2026, 11, 21, 12, tzinfo=UTC)
_SOME = 5_000
_ANSWER = 500  # bytes of a redirect
_MOST_DAYS = 0.95


def measure() -> list[Figure]:
    with model.installed() as dynamodb:
        MERCHANTS.put(PROFILE)
        slot = Slot(dynamodb)
        pace = slot.pace()
        total = slot.total()
    hours = {
        keys: lanes.hour(keys, _OF_A_KEY, SECONDS, rules(), pace)
        for keys in range(1, CLICK_SHARDS + 1)
    }
    written = _of_clicks(_bill(slot, hours, pace))
    return [written, _of_totals(total), _of_lanes(hours, pace, slot), _of_counts(slot, total)]


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────
def _of_clicks(bill: price.Bill) -> Figure:
    busiest = max(max(second.values()) for second in _hour())
    alone = {
        f"were it one visitor, {rate:,} a second": _throttled(rate) for rate in (A_SECOND, 2_000)
    }
    return Figure(
        goal="viral",
        what="write units a second, busiest key of clicks",
        value=busiest,
        limit=PARTITION,
        details={
            "mean": str(_OF_A_KEY),
            "a real minute": _minute(),
            "one visitor may bring beside": f"{PARTITION - busiest} a second",
            **alone,
            "the hour's price": price.told(bill),
        },
        note="Beside it: API Gateway takes 10,000 requests a second of an account, the template "
        "5,000 of this route; at 10 ms a click, 10 of Lambda's 1,000 at once; a stream shard has "
        "two readers, and this is one.",
    )


def _hour() -> Iterator[Counter[int]]:
    """For each second: shard → clicks."""
    chance = Random(A_SECOND)
    for _ in range(SECONDS):
        yield Counter(chance.choices(range(CLICK_SHARDS), k=_came(chance, A_SECOND)))


def _came(chance: Random, rate: int) -> int:
    """In one second: Poisson's number, which is normal where it is so large."""
    return round(chance.gauss(rate, rate**0.5))


def _minute() -> str:
    crowd = Crowd(1)
    times = crowd.moments(_START, timedelta(minutes=1), 60 * A_SECOND)
    keys = Counter(click_key(MERCHANT.id, crowd.click(at).id)["pk"] for at in times)
    share = max(keys.values()) / keys.total()
    return f"{keys.total():,} clicks on {len(keys)} keys, the busiest with {share:.1%}"


def _throttled(rate: int) -> str:
    """All of it from one visitor hash, so on one key: what is not written waits in the queue, and
    is written as soon as the key has room.
    """
    chance = Random(rate)
    spilled = waiting = 0
    for _ in range(SECONDS):
        came = _came(chance, rate)
        over = max(0, came - PARTITION)
        spilled += over
        waiting += over - min(waiting, max(0, PARTITION - came))
    after = timedelta(seconds=waiting // PARTITION)
    return f"{spilled:,} spill to the queue, the last of them saved {after} after the hour"


# ── one slot in full ─────────────────────────────────────────────────────────────────────────────
class Slot:
    """Five minutes of one shard and the half minute before, written and folded."""

    def __init__(self, dynamodb: Model) -> None:
        self.start = _START + slots.SLOT
        crowd = Crowd(1, shards=(0,))
        length = LOOK_BACK + slots.SLOT
        number = int(length.total_seconds()) * _OF_A_KEY
        times = crowd.moments(self.start - LOOK_BACK, length, number)
        self.clicks = [crowd.click(at) for at in times]
        for click in self.clicks:
            EVENTS.put_once(click_item(click))
        dynamodb.take()
        begun = process_time()
        slots.project(MERCHANT.id, "0", self.start)
        self.spent = process_time() - begun
        self.read = dynamodb.take().read[EVENTS.name]

    def pace(self) -> Pace:
        some = self.clicks[:_SOME]
        return Pace(
            record=lanes.ringing(some),
            folded=self.spent / len(self.clicks),
            parsed=lanes.parsing([encode(click_item(each)) for each in some]),
        )

    def total(self) -> Item:
        row = TOTALS.get(f"{MERCHANT.id}#{self.start:%Y%m%d}", f"{self.start:%H%M}#0#0")
        assert row
        return row


def _of_counts(slot: Slot, total: Item) -> Figure:
    """The total against a plain count. Devices are the product's own reading of a user agent, and
    compared by their sum.
    """
    (stored,) = map(Counter, chunks.read(total).links.values())
    devices = [name for name in stored if name.startswith("device:")]
    stored["devices"] = sum(stored.pop(name) for name in devices)
    plain = _plain_count(slot)
    wrong = sum(abs(plain[name] - stored[name]) for name in {*plain, *stored})
    return Figure(
        goal="viral",
        what="miscounts in a slot's total",
        value=wrong,
        limit=0,
        sense="exactly",
        details={"clicks": f"{len(slot.clicks):,}", "of them people's": f"{plain['human']:,}"},
    )


def _plain_count(slot: Slot) -> Counter[str]:
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
    referrer = [f"referrer:{click.referrer}"] if click.referrer else []
    return ["human", "devices", f"country:{click.country}", *referrer]


def _of_totals(total: Item) -> Figure:
    """As if every lane wrote all of its slots and their next ones in the same second."""
    units = write_units(size_of(encode(total)))
    return Figure(
        goal="viral",
        what="write units a second, the day's key of totals",
        value=2 * CLICK_SHARDS * units,
        limit=PARTITION,
        details={"a slot's total": f"{size_of(encode(total)):,} bytes"},
    )


# ── the stream ───────────────────────────────────────────────────────────────────────────────────
def _of_lanes(hours: Mapping[int, Hour], pace: Pace, slot: Slot) -> Figure:
    """The busiest lane of nearly every day: on which lanes keys fall differs from day to day."""
    busiest = sorted(max(day.values()) for day in placings(rules().lanes))
    keys = busiest[int(len(busiest) * _MOST_DAYS)]
    kept_up = sum(hours[each].work <= 1 for each in busiest) / len(busiest)
    told = {f"{n} in a lane": _fared(hour, slot) for n, hour in hours.items()}
    return Figure(
        goal="viral",
        what=f"seconds of projecting a second of clicks, {keys} keys in a lane",
        value=hours[keys].work,
        limit=1,
        details={
            f"days with no busier lane of {rules().lanes}": f"{_MOST_DAYS:.0%}",
            "days that keep up": f"{kept_up:.0%}",
            **told,
            "a core's time for": f"{pace}; project_events has {lanes.cores():.2f} of a core",
            "a whole slot": f"{slot.spent:.2f} s to fold, {slot.read:,} read units",
        },
    )


def _fared(hour: Hour, slot: Slot) -> str:
    read = hour.read * slot.read / len(slot.clicks)
    late = timedelta(seconds=round(hour.late))
    return f"{hour.work:.2f}, {read:.2f} read units a click, at the end {late} late"


def _bill(slot: Slot, hours: Mapping[int, Hour], pace: Pace) -> price.Bill:
    """Dollars for the hour; the totals' own writes are a few cents in a year."""
    shared = sharing(rules().lanes)
    read = sum(hours[keys].read * part for keys, part in shared.items())
    seconds = pace.record + read * (pace.folded + pace.parsed)
    size = sum(size_of(encode(click_item(each))) for each in slot.clicks[:_SOME]) / _SOME
    million = {
        "HTTP API": price.HTTP_API,
        "Lambda": price.invoked(1, price.CPU),
        "the clicks": price.WRITE_UNITS,
        "reading slots": read * slot.read / len(slot.clicks) * price.READ_UNITS,
        "projecting": seconds * price.CORE * price.GIGABYTE_SECOND * 1e6,
        "stored": price.kept(size + price.INDEXED),
        "logged": price.logged(*price.platform(), *price.access()),
        "sent": _ANSWER * 1e6 / 1e9 * price.SENT,
    }
    return {name: dollars * _MILLIONS for name, dollars in million.items()}


if __name__ == "__main__":
    goals.main(measure)
