"""G10: the list price of a million clicks ÷ that of the design that tutorials show.

Requests and units are counted: a click's by following a link (bench/clicks.py), the rest by a
simulated day of a shop (bench/overhead.py). Sizes are those of real items, answers and log lines;
what is logged and backed up is read from template.yaml. What is left to assume has a name below.
The tutorials' design: a REST API, one function with `get_item`, `put_item` and an `update_item`
that counts, one log line and one metric a click. It keeps a click as long as ours does, and backs
it up as ours is. Tutorials trace (bench/cookbook.py does) and we do not; no free tier is taken off.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import fmean
from types import SimpleNamespace

from aws_lambda_powertools import Logger, Metrics

from bench import goals, overhead
from bench.clicks import KINDS, Cost, Link
from bench.goals import Figure
from bench.metered import Meter, metered_cloud, size_of
from bench.overhead import Day
from bench.traffic import MERCHANT, Crowd
from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail.aws.items import encode
from sharetrail.calendars import iso
from sharetrail.clicks.click import EVENTS_KEPT, click_item
from sharetrail.clicks.page_event import PageEvent, page_event_item
from tests.shops import HOST, ORIGIN, Shop

LIMIT = 0.42

# ── list prices in dollars, us-east-1, November 2026 ─────────────────────────────────────────────
HTTP_API, REST_API = 1.00, 3.50  # a million requests
INVOCATIONS = 0.20  # a million
GIGABYTE_SECOND = 0.0000133334  # arm64
WRITE_UNITS, READ_UNITS = 0.625, 0.125  # a million, on demand
STORED, BACKED_UP = 0.25, 0.20  # a gigabyte a month, the second for point-in-time recovery
TRACED = 5.00  # a million requests recorded
LOGGED, SENT = 0.50, 0.09  # a gigabyte

# ── assumptions ──────────────────────────────────────────────────────────────────────────────────
ROUND_TRIP = 0.005  # seconds from a function to DynamoDB and back
CPU, THEIR_CPU = 0.0003, 0.0027
"""Seconds of a core a click: bench/warm_redirect.py's, and with one call more for the counter."""
FOLDING = 0.0005
"""Seconds of a core to project, sweep and close a click: four readings, by bench/viral.py."""
SAMPLED = 0.05
"""X-Ray's own rule: a twentieth of the requests beyond the first of each second."""
MEMORY = 0.5
CORE = 1_769 / 1_024
"""Gigabytes: the redirect's, and what Lambda gives a whole core to."""
INDEXED = 100
"""Bytes that DynamoDB adds to every item it stores."""
GATEWAYS_OWN = 150
"""Bytes of an answer's status line, date and request id."""
LOG_LINE = 26
"""Bytes that CloudWatch adds to a line."""

_MONTH = timedelta(days=365) / 12
_GIGA = 1e9
_UUID = "00000000-0000-4000-8000-000000000000"
_MEASURED = "Duration: 6.12 ms\tBilled Duration: 7 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB"
_PLATFORM = (
    f"START RequestId: {_UUID} Version: $LATEST",
    f"END RequestId: {_UUID}",
    f"REPORT RequestId: {_UUID}\t{_MEASURED}",
)
Bill = Mapping[str, float]
"""What is paid for → dollars for a million clicks."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Of one click, and of one beacon with a page view."""

    click: Cost
    view: Cost
    answered: int
    """Bytes of the redirect's headers."""
    stored: float
    """Bytes of a click, a crowd's on average."""
    viewed: int
    """Bytes of a page view."""


def measure() -> list[Figure]:
    counted, day = count(), overhead.a_day()
    ours, theirs = our_bill(counted, day), their_bill(counted)
    for_ever = day.kept * 1e6 / _GIGA * _stored_month()
    return [
        Figure(
            goal="G10",
            what="price of 1 M clicks ÷ tutorial design",
            value=sum(ours.values()) / sum(theirs.values()),
            limit=LIMIT,
            details={
                "ours": told(ours),
                "theirs": told(theirs),
                "beside: closed days, kept for ever": f"${for_ever:.3f} a month",
                "beside: 1 M page views, none sampled": told(view_bill(counted)),
            },
        )
    ]


def told(bill: Bill) -> str:
    parts = ", ".join(f"{name} {dollars:.3f}" for name, dollars in bill.items())
    return f"${sum(bill.values()):.2f} ({parts})"


# ── counting ─────────────────────────────────────────────────────────────────────────────────────
def count() -> Counted:
    with metered_cloud() as (cloud, meter):
        shop = Shop.onboard(cloud)
        link = Link(shop, meter)
        (cost,) = set(link.costs(next(iter(KINDS.values())), clicks=3))
        view = _of_a_view(shop, meter)
    crowd = Crowd(1_000)
    made = [crowd.click(_NOW) for _ in range(1_000)]
    return Counted(
        click=cost,
        view=view,
        answered=sum(len(f"{name}: {text}\r\n") for name, text in link.answer["headers"].items()),
        stored=fmean(size_of(encode(click_item(each))) for each in made),
        viewed=size_of(encode(page_event_item(_A_VIEW))),
    )


_NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_A_VIEW = PageEvent(
    id=_UUID,
    merchant=MERCHANT.id,
    type="view",
    at=_NOW,
    timed=True,
    page=f"{HOST}/products/mug",
    product="7982301839552",
)


def _of_a_view(shop: Shop, meter: Meter) -> Cost:
    """A beacon's, once the key and a block of the day's allowance are at hand."""
    headers = {"origin": ORIGIN, "content-type": "text/plain"}
    page = {"type": "view", "url": f"{ORIGIN}/products/mug", "product": "1"}
    for number in range(3):
        event = {"id": f"view-number-{number}", "at": iso(shop.cloud.clock.now()), **page}
        beacon = {"key": shop.facts["publishable_key"], "events": [event]}
        meter.take()
        assert shop.ask("POST", "/v1/events", beacon, headers).status == 202
    asked = meter.take()
    return Cost(len(asked), sum(each.units for each in asked))


# ── bills ────────────────────────────────────────────────────────────────────────────────────────
def our_bill(counted: Counted, day: Day) -> Bill:
    beyond = {"project": day.projecting, "sweep": day.sweeping, "close": day.closing}
    return {
        "HTTP API": HTTP_API,
        "Lambda": invoked(counted.click.requests, CPU) + FOLDING * CORE * GIGABYTE_SECOND * 1e6,
        "the click": counted.click.units * WRITE_UNITS,
        **{
            name: cost.written * WRITE_UNITS + cost.read * READ_UNITS
            for name, cost in beyond.items()
        },
        "stored": kept(counted.stored + INDEXED) + kept(day.kept),
        "logged": logged(*platform(), *access()),
        "sent": sent(counted),
    }


def their_bill(counted: Counted) -> Bill:
    return {
        "REST API": REST_API,
        "Lambda": invoked(3, THEIR_CPU),
        "get": READ_UNITS / 2,  # boto3 asks for no consistency
        "put": WRITE_UNITS,
        "counter": WRITE_UNITS,
        "stored": kept(counted.stored + INDEXED),
        "logged": logged(*_PLATFORM, *_powertools()),
        "traced": TRACED * SAMPLED,
        "sent": sent(counted),
    }


def view_bill(counted: Counted) -> Bill:
    """Before it is projected. Beyond 100 a minute views are sampled, and only asking is paid."""
    return {
        "HTTP API": HTTP_API,
        "Lambda": invoked(counted.view.requests, CPU),
        "the event": counted.view.units * WRITE_UNITS,
        "stored": kept(counted.viewed + INDEXED),
        "logged": logged(*_PLATFORM, *access()),
        "sent": GATEWAYS_OWN * 1e6 / _GIGA * SENT,
    }


def invoked(requests: int, cpu: float) -> float:
    seconds = requests * ROUND_TRIP + cpu * CORE / MEMORY
    return INVOCATIONS + seconds * MEMORY * GIGABYTE_SECOND * 1e6


def kept(size: float) -> float:
    """For as long as a click is kept."""
    return size * 1e6 / _GIGA * _stored_month() * (EVENTS_KEPT / _MONTH)


def _stored_month() -> float:
    backups = _RESOURCES["EventsTable"]["Properties"]["PointInTimeRecoverySpecification"]
    return STORED + BACKED_UP * backups["PointInTimeRecoveryEnabled"]


def sent(counted: Counted) -> float:
    return (counted.answered + GATEWAYS_OWN) * 1e6 / _GIGA * SENT


# ── logs ─────────────────────────────────────────────────────────────────────────────────────────
_TEMPLATE = intrinsics.read(TEMPLATE.read_text())
_RESOURCES = _TEMPLATE["Resources"]


def logged(*lines: str) -> float:
    return sum(len(line) + LOG_LINE for line in lines) * 1e6 / _GIGA * LOGGED


def platform() -> tuple[str, ...]:
    """What Lambda itself logs of the redirect, unless the template silences it."""
    settings = [_TEMPLATE["Globals"]["Function"], _RESOURCES["Redirect"]["Properties"]]
    levels = [each.get("LoggingConfig", {}).get("SystemLogLevel") for each in settings]
    return () if "WARN" in levels else _PLATFORM


def access() -> tuple[str, ...]:
    """The API's own line: its names are about as long as what stands for them."""
    return (_RESOURCES["Api"]["Properties"]["AccessLogSettings"]["Format"],)


@cache
def _powertools() -> tuple[str, str]:
    """The tutorials' line and metric, by Powertools; once, as a logger keeps its first stream."""
    lines = io.StringIO()
    logger = Logger(service="clicks", stream=lines)
    context = SimpleNamespace(
        function_name="clicks",
        memory_limit_in_mb=512,
        invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:clicks",
        aws_request_id=_UUID,
    )
    said = {"code": "0123456789", "click_id": _UUID}
    logger.inject_lambda_context(lambda *_: logger.info("click", extra=said))({}, context)
    metrics = Metrics(namespace="Clicks", service="clicks")
    metrics.add_metric(name="Clicks", unit="Count", value=1)
    return lines.getvalue().strip(), json.dumps(metrics.serialize_metric_set())


if __name__ == "__main__":
    goals.main(measure)
