"""A viral link: 1,000 clicks a second on one link for an hour, which is 3.6 million.

A model driven by the real code, since no emulator takes that in:

- Keys are the real ones for a minute of clicks, and the hour's are drawn as evenly as those are.
- One slot of one shard, 37,500 clicks, is written and folded in full by the product's own code, and
  its total is compared to a plain count.
- What that takes of a core, and what botocore takes to read as many items, paces a simulation of
  the stream's lanes (lanes.py), for every number of the link's eight keys that a lane may
  carry. Lambda's cores are taken to be as fast as this machine's.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from bench import goals
from bench.dynamodb import model
from bench.dynamodb.units import write_units
from bench.goals import Figure
from bench.projection import lanes
from bench.projection.lanes import Hour, Pace
from bench.projection.slot import Slot, plain_count, total_count
from bench.shop import MERCHANT, PROFILE
from bench.traffic.crowd import Crowd
from bench.traffic.stream import placings, rules
from sharetrail.aws.item_size import size_of
from sharetrail.aws.items import Item, encode
from sharetrail.aws.tables import MERCHANTS
from sharetrail.clicks.click import CLICK_SHARDS, click_key
from sharetrail.totals import five_minute_slots

A_SECOND, SECONDS = 1_000, 3_600
PARTITION = 1_000
"""Write units that a partition key takes in a second."""
_OF_A_KEY = A_SECOND // CLICK_SHARDS
_START = datetime(2026, 11, 21, 12, tzinfo=UTC)
_MOST_DAYS = 0.95


def measure() -> list[Figure]:
    with model.replacement() as dynamodb:
        MERCHANTS.put(PROFILE)
        slot = Slot(dynamodb, _START + five_minute_slots.SLOT, _OF_A_KEY)
        pace = slot.pace()
        total = slot.total()
    hours = {
        keys: lanes.hour(keys, _OF_A_KEY, SECONDS, rules(), pace)
        for keys in range(1, CLICK_SHARDS + 1)
    }
    return [_of_clicks(), _of_totals(total), _of_lanes(hours, pace, slot), _of_counts(slot, total)]


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────
def _of_clicks() -> Figure:
    busiest = _busiest_second()
    return Figure(
        "viral",
        "write units a second, busiest key of clicks",
        busiest,
        PARTITION,
        details={
            "mean": str(_OF_A_KEY),
            "a real minute": _minute(),
            "one visitor may bring beside": f"{PARTITION - busiest} a second",
        },
        note="Beside it: API Gateway takes 10,000 requests a second of an account, the template "
        "5,000 of this route; at 10 ms a click, 10 of Lambda's 1,000 at once; a stream shard has "
        "two readers, and this is one.",
    )


def _busiest_second() -> int:
    """Clicks on one key. How many come in a second is Poisson's number, which is normal where it
    is so large.
    """
    chance = Random(A_SECOND)
    seconds = (round(chance.gauss(A_SECOND, A_SECOND**0.5)) for _ in range(SECONDS))
    shards = (Counter(chance.choices(range(CLICK_SHARDS), k=clicks)) for clicks in seconds)
    return max(max(clicks.values()) for clicks in shards)


def _minute() -> str:
    crowd = Crowd(1)
    times = crowd.moments(_START, timedelta(minutes=1), 60 * A_SECOND)
    keys = Counter(click_key(MERCHANT.id, crowd.click(at).id)["pk"] for at in times)
    share = max(keys.values()) / keys.total()
    return f"{keys.total():,} clicks on {len(keys)} keys, the busiest with {share:.1%}"


# ── one slot in full ─────────────────────────────────────────────────────────────────────────────
def _of_counts(slot: Slot, total: Item) -> Figure:
    """The total against a plain count."""
    counts, plain = total_count(total), plain_count(slot)
    wrong = sum(abs(plain[name] - counts[name]) for name in {*plain, *counts})
    details = {"clicks": f"{len(slot.clicks):,}", "of them people's": f"{plain['human']:,}"}
    what = "miscounts in a slot's total"
    return Figure("viral", what, wrong, 0, sense="exactly", details=details)


def _of_totals(total: Item) -> Figure:
    """As if every lane wrote all of its slots and their next ones in the same second."""
    size = size_of(encode(total))
    units, details = 2 * CLICK_SHARDS * write_units(size), {"a slot's total": f"{size:,} bytes"}
    what = "write units a second, the day's key of totals"
    return Figure("viral", what, units, PARTITION, details=details)


# ── the stream ───────────────────────────────────────────────────────────────────────────────────
def _of_lanes(hours: Mapping[int, Hour], pace: Pace, slot: Slot) -> Figure:
    """The busiest lane of nearly every day: on which lanes keys fall differs from day to day."""
    busiest = sorted(max(day.values()) for day in placings(rules().lanes))
    keys = busiest[int(len(busiest) * _MOST_DAYS)]
    steady = sum(hours[number].work <= 1 for number in busiest) / len(busiest)
    fares = {f"{n} in a lane": _fare(hour, slot) for n, hour in hours.items()}
    return Figure(
        "viral",
        f"seconds of projecting a second of clicks, {keys} keys in a lane",
        hours[keys].work,
        1,
        details={
            f"days with no busier lane of {rules().lanes}": f"{_MOST_DAYS:.0%}",
            "days that keep up": f"{steady:.0%}",
            **fares,
            "a core's time for": f"{pace}; project_events has {lanes.cores():.2f} of a core",
            "a whole slot": f"{slot.seconds:.2f} s to fold, {slot.read_units:,} read units",
        },
    )


def _fare(hour: Hour, slot: Slot) -> str:
    read = hour.reads * slot.read_units / len(slot.clicks)
    late = timedelta(seconds=round(hour.lateness))
    return f"{hour.work:.2f}, {read:.2f} read units a click, at the end {late} late"


if __name__ == "__main__":
    goals.main(measure)
