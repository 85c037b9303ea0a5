"""G10: the list price of a million clicks ÷ that of the design that tutorials show.

Requests and units are counted: a click's by following a link (clicks.py), the rest by a simulated
day of a shop (overhead.py). Sizes are those of real items, answers and log lines.
The tutorials' design: a REST API, one function with `get_item`, `put_item` and an `update_item`
that counts, one log line and one metric a click. It keeps a click as long as ours does, and backs
it up as ours is. Tutorials trace (bench/redirect/cookbook.py does) and we do not; no free tier is
taken off.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean

from bench import goals
from bench.costs import overhead, prices
from bench.costs.clicks import KINDS, Cost, Link
from bench.costs.overhead import Day
from bench.costs.prices import Bill
from bench.dynamodb.meter import metered_cloud
from bench.goals import Figure
from bench.traffic.crowd import Crowd
from sharetrail.aws.item_size import size_of
from sharetrail.aws.items import encode
from sharetrail.clicks.click import click_item
from tests.shops import Shop

LIMIT = 0.42

# ── assumptions, beside those of prices.py ───────────────────────────────────────────────────────
THEIR_CPU = 0.0027
"""Seconds of a core a click: as bench/redirect/warm_click.py says, with one call more to count."""
FOLDING = 0.0005
"""Seconds of a core to project, sweep and close a click: four of bench/projection/viral.py."""
TRACE_SHARE = 0.05
"""X-Ray's own rule: a twentieth of the requests beyond the first of each second."""
GATEWAYS_OWN = 150
"""Bytes of an answer's status line, date and request id."""
_NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Of one click."""

    click: Cost
    answer_bytes: int
    """Bytes of the redirect's headers."""
    click_bytes: float
    """Bytes of a click, a crowd's on average."""


def measure() -> list[Figure]:
    counts, day = count(), overhead.a_day()
    ours, theirs = our_bill(counts, day), their_bill(counts)
    for_ever = day.closed_bytes * 1e6 / 1e9 * prices.month_of_storage()
    details = {
        "ours": prices.sentence(ours),
        "theirs": prices.sentence(theirs),
        "beside: closed days, kept for ever": f"${for_ever:.3f} a month",
    }
    part = sum(ours.values()) / sum(theirs.values())
    return [Figure("G10", "price of 1 M clicks ÷ tutorial design", part, LIMIT, details=details)]


# ── counting ─────────────────────────────────────────────────────────────────────────────────────
def count() -> Counts:
    with metered_cloud() as (cloud, meter):
        link = Link(Shop.onboard(cloud), meter)
        (cost,) = set(link.costs(next(iter(KINDS.values())), clicks=3))
    crowd = Crowd(1_000)
    drawn = [crowd.click(_NOW) for _ in range(1_000)]
    headers = link.answer["headers"].items()
    return Counts(
        click=cost,
        answer_bytes=sum(len(f"{name}: {text}\r\n") for name, text in headers),
        click_bytes=fmean(size_of(encode(click_item(click))) for click in drawn),
    )


# ── bills ────────────────────────────────────────────────────────────────────────────────────────
def our_bill(counts: Counts, day: Day) -> Bill:
    folding = FOLDING * prices.CORE * prices.GIGABYTE_SECOND * 1e6
    return {
        "HTTP API": prices.HTTP_API,
        "Lambda": prices.invocation(counts.click.requests, prices.CPU) + folding,
        "the click": counts.click.units * prices.WRITE_UNITS,
        **{
            name: cost.write_units * prices.WRITE_UNITS + cost.read_units * prices.READ_UNITS
            for name, cost in day.costs.items()
        },
        "stored": prices.storage(counts.click_bytes + prices.INDEX_BYTES + day.closed_bytes),
        "logged": prices.logs(*prices.platform_lines(), *prices.access_lines()),
        "sent": prices.traffic(counts.answer_bytes + GATEWAYS_OWN),
    }


def their_bill(counts: Counts) -> Bill:
    return {
        "REST API": prices.REST_API,
        "Lambda": prices.invocation(3, THEIR_CPU),
        "get": prices.READ_UNITS / 2,  # boto3 asks for no consistency
        "put": prices.WRITE_UNITS,
        "counter": prices.WRITE_UNITS,
        "stored": prices.storage(counts.click_bytes + prices.INDEX_BYTES),
        "logged": prices.logs(*prices.PLATFORM_LINES, *prices.POWERTOOLS_LINES),
        "traced": prices.TRACING * TRACE_SHARE,
        "sent": prices.traffic(counts.answer_bytes + GATEWAYS_OWN),
    }


if __name__ == "__main__":
    goals.main(measure)
