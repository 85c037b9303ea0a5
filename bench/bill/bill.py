"""A month's bill of an account, by service: of merchants that are followed so often, by what was
counted (counted.py), template.yaml and list prices (bench/costs/prices.py).

Of tiers API Gateway's alone is kept, since the rest begin beyond this. Storage is as after a year.
"""

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from bench.bill.counted import Counts
from bench.costs import prices
from bench.shop import stack
from bench.wave import month, shops, timetable
from bench.wave.forecast import MAIL
from bench.wave.measured import Cost, Curve, Measured
from bench.wave.shops import Shop
from local.template.reader import TEMPLATE
from sharetrail.clicks.click import CLICK_SHARDS, EVENT_LIFETIME

# ── assumptions, beside those of bench/costs/prices.py and bench/wave/shops.py ────────────────────
ORDERS = 0.05
"""Of a click, as of G12's merchant; what else the shop sells is told as well: OTHER_ORDERS."""
OTHER_ORDERS = 0.2
"""Orders without a share, of a click: a fifth of all is sold through sharing."""
SCRIPTS, BEACONS, EVENTS = 3, 1, 2
"""Of a click: times that a page loads the script (a browser keeps it), beacons, and events in one.
"""
MANY_REQUESTS, OF_MANY = 300e6, 0.90
"""A month's requests beyond which a million more of them cost this."""
LINE = 600
"""Bytes of Lambda's own lines of an invocation, as JSON has them; the redirect has none."""
KEPT_LOGS = 0.03  # a gigabyte a month; aws.amazon.com/cloudwatch/pricing
SCRIPT = TEMPLATE.parent / "functions/serve_script/sharetrail.min.js"
SLOTS = 12 * CLICK_SHARDS
"""Of a merchant and an hour, each rung for and written by itself."""

HOURS = prices.MONTH.total_seconds() / 3_600
MILLION, GIGA = 1e6, 1e9
_S3, _KMS, _SQS, _SES = "S3", "KMS", "SQS", "SES"
_SERVICES = {"s3": _S3, "kms": _KMS, "sesv2": _SES, "sqs": _SQS}
Bill = Mapping[str, float]
"""Service → dollars a month."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a function does in a month."""

    function: str
    invocations: float
    cost: Cost
    """Of all of them."""
    is_called: bool = False
    """Over HTTP."""


def bill(counts: Counts, living: Sequence[Shop]) -> Bill:
    """Of these merchants, for a month."""
    works = [*_clicks(counts, living), *_jobs(counts, living), *_schedules(counts)]
    dollars: Counter[str] = Counter()
    for work in works:
        dollars.update(_of_work(work))  # type: ignore[arg-type]
    dollars.update(_beside(counts, works, clicks_of(living)))  # type: ignore[arg-type]
    return dict(dollars)


def followed(number: int, clicks: float) -> list[Shop]:
    """So many merchants, as unequal as the model's, with so many clicks a month in all."""
    drawn = shops.draw(number)
    part = clicks / clicks_of(drawn)
    return [Shop(number=s.number, zone=s.zone, rate=s.rate * part, beside=s.beside) for s in drawn]


def clicks_of(living: Iterable[Shop]) -> float:
    return sum(shop.rate for shop in living) * HOURS


# ── what is done ─────────────────────────────────────────────────────────────────────────────────
def _clicks(counts: Counts, living: Sequence[Shop]) -> list[Work]:
    clicks = clicks_of(living)
    orders = clicks * (ORDERS + OTHER_ORDERS)
    calls = {
        "Redirect": (clicks, {**counts.firings["redirect"], "cpu": prices.CPU}),
        "ServeScript": (clicks * SCRIPTS, counts.visit["serve_script"]),
        "CollectEvents": (clicks * BEACONS, counts.visit["collect_events"]),
        "ReceiveOrder": (orders, counts.visit["receive_order"]),
    }
    called = [
        Work(function=name, invocations=number, cost=_times(cost, number), is_called=True)
        for name, (number, cost) in calls.items()
    ]
    facts = 1 + BEACONS * EVENTS
    project = _times(_projected(counts, living), facts)
    batches = min(clicks * facts, stream_batches("project_events"))
    attributed = min(orders, stream_batches("attribute_order"))
    return [
        *called,
        Work(function="ProjectEvents", invocations=batches, cost=project),
        Work(
            function="AttributeOrder",
            invocations=attributed,
            cost=_times(counts.visit["attribute_order"], orders),
        ),
    ]


def _projected(counts: Counts, living: Sequence[Shop]) -> Cost:
    """Of all clicks: one that is alone in its slot has it written, and of many that share one each
    has its part; never less than where a slot is full (G9)."""
    alone, full = counts.firings["project_events"], counts.folded
    total: Counter[str] = Counter()
    for shop in living:
        in_a_slot = shop.rate / SLOTS
        part = (1 - exp(-in_a_slot)) / in_a_slot
        for name, each in alone.items():
            total[name] += max(each * part, full.get(name, 0)) * shop.rate * HOURS  # type: ignore[assignment]
    return total


def stream_batches(folder: str) -> float:
    """At most, in a month: a batch a window and lane."""
    (mapping,) = stack().functions[folder].streams
    return prices.MONTH.total_seconds() / mapping.window * _LANES


_LANES = 4
"""As bench/traffic/stream.py has it."""


def _jobs(counts: Counts, living: Sequence[Shop]) -> list[Work]:
    costs = Measured(
        jobs={(kind, None): Curve(*curve) for kind, curve in counts.jobs.items()},
        firings=counts.firings,
        a_message=0,
    )
    total: dict[str, Counter[str]] = defaultdict(Counter)
    numbers: Counter[str] = Counter()
    for shop in living:
        for kind, (number, size) in month.jobs_of(shop.rate, shop.beside).items():
            if number and costs.knows(kind):
                function = _function_of(kind)
                total[function].update(_times(costs.cost(kind, size), number))
                numbers[function] += number  # type: ignore[assignment]
    bounced = numbers["SendReport"] * month.REFUSED
    total["SuppressRecipients"].update(_times(counts.firings[month.BOUNCE], bounced))
    numbers["SuppressRecipients"] += bounced  # type: ignore[assignment]
    return [Work(function=f, invocations=numbers[f], cost=total[f]) for f in total]


def _function_of(kind: str) -> str:
    if kind == MAIL:
        return "SendReport"
    return "TendMerchant" if kind in ("heal", "close") else "AnalyseMerchant"


def _schedules(counts: Counts) -> list[Work]:
    """They ask whether anything is due, however many merchants there are."""
    return [
        Work(function=_title(name), invocations=n, cost=_times(counts.firings[name], n))
        for name, minutes in timetable.minutes(stack()).items()
        if (n := len(minutes) * HOURS)
    ]


def _title(folder: str) -> str:
    return "".join(word.title() for word in folder.split("_"))


def _times(cost: Cost, number: float) -> Cost:
    return {name: each * number for name, each in cost.items()}


# ── what it costs ────────────────────────────────────────────────────────────────────────────────
def _of_work(work: Work) -> Bill:
    cost, memory = work.cost, memory_of(work.function)
    asked = sum(n for name, n in cost.items() if name == "dynamodb" or " " in name)
    cpu = cost.get("cpu", 0) * prices.CORE / min(memory, prices.CORE)
    seconds = asked * prices.ROUND_TRIP + cpu
    dollars: Counter[str] = Counter(
        {
            "Lambda": work.invocations * prices.INVOCATIONS / MILLION
            + seconds * memory * prices.GIGABYTE_SECOND,
            "DynamoDB, read and written": cost.get("written", 0) * prices.WRITE_UNITS / MILLION
            + cost.get("read", 0) * prices.READ_UNITS / MILLION,
            _S3: cost.get("kept", 0) / GIGA * prices.OBJECTS * month.KEPT,
        }
    )
    for name, number in cost.items():
        if service := _SERVICES.get(name.partition(" ")[0]):
            price = prices.QUEUE_REQUESTS if service == _SQS else prices.OTHERS.get(name, 0)
            dollars[service] += number * price / MILLION  # type: ignore[assignment]
    if work.function in QUEUED:  # it is taken from its queue, and taken off it
        dollars[_SQS] += work.invocations * 2 * prices.QUEUE_REQUESTS / MILLION  # type: ignore[assignment]
    return dollars


QUEUED = ("TendMerchant", "AnalyseMerchant", "SendReport", "SuppressRecipients")


def memory_of(function: str) -> float:
    """Gigabytes."""
    return timetable.memory(function) / 1_024


def _beside(counts: Counts, works: Sequence[Work], clicks: float) -> Bill:
    """What goes by requests, by bytes, or by the month alone."""
    calls = sum(work.invocations for work in works if work.is_called)
    invoked = sum(work.invocations for work in works if work.function != "Redirect")
    logged = calls * (len(*prices.access_lines()) + prices.LOG_LINE)
    logged += invoked * (LINE + prices.LOG_LINE)
    sent = calls * counts.sizes["answer"] + clicks * SCRIPTS * script_bytes()
    account = month.of_account_alone()
    return {
        "API Gateway": gateway(calls),
        "DynamoDB, stored": stored(counts, clicks) * prices.month_of_storage(),
        "CloudWatch, logs": logged / GIGA * (prices.LOGGING + KEPT_LOGS),
        "CloudWatch, alarms": account["alarms"],
        _SQS: account["queues asked"],
        _KMS: account["keys, in the first year"],
        "sent to browsers": sent / GIGA * prices.TRANSFER,
    }


def script_bytes() -> int:
    """As browsers get it."""
    return len(gzip.compress(SCRIPT.read_bytes()))


def gateway(calls: float) -> float:
    few = min(calls, MANY_REQUESTS)
    return (few * prices.HTTP_API + (calls - few) * OF_MANY) / MILLION


def stored(counts: Counts, clicks: float) -> float:
    """Gigabytes after a year: clicks and events of their lifetime, closed days and orders of all of
    it."""
    sizes, lives = counts.sizes, EVENT_LIFETIME / prices.MONTH
    events = sizes["click"] + BEACONS * EVENTS * sizes["event"]
    events += (1 + BEACONS * EVENTS) * prices.INDEX_BYTES
    for_ever = sizes["closed"] + (ORDERS + OTHER_ORDERS) * sizes["order"]
    return clicks * (events * lives + for_ever * 12) / GIGA
