"""What is counted of the product for its bill, and kept in counts.json: what each job asks, by its
kind and size (bench/wave/measured.py), what folding a click takes where many come (G9), and what a
shopper's page and an order take.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

from pydantic import TypeAdapter

from bench.costs import overhead, price
from bench.dynamodb.meter import BEGIN
from bench.wave import measured
from bench.wave.ledger import UNITS, Ledger, Run
from bench.wave.measured import Cost, Curve, Measured
from sharetrail.aws.item_size import size_of
from sharetrail.aws.items import encode
from sharetrail.aws.tables import EVENTS, ORDERS
from tests.shops import ORIGIN, Shop

FILE = Path(__file__).with_name("counts.json")
_TIMES = 12
"""Of each thing in a visit; the first is left out, at which a warm instance reads most."""
_SERVICES = ("s3", "sqs", "kms", "sesv2")
_OF_DYNAMODB = "dynamodb"
_DIGITS = 4
VISIT = ("serve_script", "collect_events", "receive_order", "attribute_order")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Costs have `dynamodb` requests in all, those of other services by name, `read` and `written`
    units, `kept` bytes of S3 and `cpu` seconds of a core."""

    at: str
    jobs: Mapping[str, tuple[Sequence[float], Sequence[Cost]]]
    """A message's, by its kind: sizes, and the cost at each."""
    firings: Mapping[str, Cost]
    """A schedule's; and a record's, of functions that work off single things."""
    visit: Mapping[str, Cost]
    """Of what a shopper's page or order has invoked: by function."""
    folded: Cost
    """A click's where many come: its part of projecting."""
    sizes: Mapping[str, float]
    """Bytes of an answer, a click, its part of a closed day, a page event, a credited order."""


def read() -> Counts:
    return TypeAdapter(Counts).validate_python(json.loads(FILE.read_text()))


def count() -> Counts:
    """Some four minutes."""
    costs, visit, sizes = measured.measure(), *visits()
    day, clicks = overhead.a_day(), price.count()
    project = day.costs["project"]
    return Counts(
        at=f"{date.today()}",
        jobs={kind: _plain_curve(curve) for kind, curve in _curves(costs).items()},
        firings={name: plain(cost) for name, cost in costs.firings.items()},
        visit=visit,
        folded={"written": project.write_units, "read": project.read_units},
        sizes={
            "answer": clicks.answer_bytes,
            "click": clicks.click_bytes,
            "closed": day.closed_bytes,
            **sizes,
        },
    )


def write(counts: Counts) -> None:
    FILE.write_text(json.dumps(_rounded(asdict(counts)), indent=1) + "\n")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    return [*map(_rounded, value)] if isinstance(value, list | tuple) else value


def _curves(costs: Measured) -> dict[str, Curve]:
    """Of reports, which look back to when the shop was followed last, the one of the most sizes."""
    curves: dict[str, Curve] = {}
    for (kind, _), curve in sorted(costs.jobs.items(), key=lambda each: len(each[1].sizes)):
        curves[kind] = curve
    return curves


def _plain_curve(curve: Curve) -> tuple[Sequence[float], Sequence[Cost]]:
    return curve.sizes, [*map(plain, curve.costs)]


def plain(cost: Cost) -> Cost:
    """With DynamoDB's requests in one."""
    told: Counter[str] = Counter()
    for name, number in cost.items():
        is_apart = name in (*UNITS, "cpu") or name.partition(" ")[0] in _SERVICES
        told[name if is_apart else _OF_DYNAMODB] += number  # type: ignore[assignment]
    return {name: number for name, number in told.items() if number}


# ── what a visit takes ───────────────────────────────────────────────────────────────────────────
def visits(times: int = _TIMES) -> tuple[dict[str, Cost], dict[str, float]]:
    """Costs by function, and sizes."""
    ledger = Ledger()
    with ledger.cloud(start=BEGIN) as cloud:
        shop = Shop.onboard(cloud)
        code = shop.share().json["code"]
        for number in range(times):
            _visit(shop, code, number)
            assert cloud.drain()["failed"] == []
        sizes = _sizes(times)
    return {name: _mean(name, ledger.runs) for name in VISIT}, sizes


def _visit(shop: Shop, code: str, number: int) -> None:
    """A link is followed, a page loads the script and tells that it was seen, an order comes."""
    key, trail = shop.facts["publishable_key"], shop.click(code)
    assert shop.ask("GET", f"/sharetrail.js?key={key}").status == 200
    page = {"url": f"{ORIGIN}/products/mug", "product": "1"}
    kinds = ("visit", "view")
    events = [{"id": f"{kind}-{number:012}", "type": kind, **page} for kind in kinds]
    beacon = {"key": key, "events": [{**events[0], "trail": [trail]}, events[1]]}
    assert shop.ask("POST", "/v1/events", beacon, {"origin": ORIGIN}).status == 202
    assert shop.buy(f"{1_000 + number}", trail=trail).status == 200


def _mean(folder: str, runs: Iterable[Run]) -> Cost:
    """Of a record, or a call."""
    _, *own = [run for run in runs if run.kind == folder]
    number = sum(run.messages for run in own)
    names = {name for run in own for name in run.requests}
    cost = {" ".join(name): sum(run.requests[name] for run in own) / number for name in names}
    units = {name: sum(run.units[name] for run in own) / number for name in UNITS}
    return plain({**cost, **units, "cpu": fmean(run.cpu for run in own) * len(own) / number})


def _sizes(times: int) -> dict[str, float]:
    events = [size_of(encode(row)) for row in EVENTS.scan() if "#e" in row["pk"]]
    orders = sum(size_of(encode(row)) for row in ORDERS.scan())
    return {"event": fmean(events), "order": orders / times}
