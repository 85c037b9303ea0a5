"""What runs by the clock: it costs nothing where nothing happened, and whether it runs once, twice,
twice at once or not for hours, it ends in the same bytes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from local.cloud import Cloud
from local.emulator.ministack import Emulator
from local.emulator.resources import Eraser
from local.runtime.handlers import Handler, load_handler
from local.runtime.memories import forget_clients
from local.template.declarations import Template
from sharetrail.agenda import heard_hours, jobs
from sharetrail.aws.tables import AGENDA, MERCHANTS, ORDERS, TOTALS
from sharetrail.clicks import clicks, page_events
from sharetrail.clicks.page_event import PageEvent
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.orders import order_facts
from sharetrail.orders.order_fact import Fact, LineItem, OrderRef, Sale
from sharetrail.report.keeping import reports
from sharetrail.totals.tally import rule_version
from tests import rounds
from tests.lives import still_cloud
from tests.shops import PHONE, Shop

WEDNESDAY = datetime(2026, 11, 25, 5, tzinfo=UTC)
"""Midnight in New York, more than a day after the reports."""
Rows = list[dict[str, Any]]


# ── a quiet shop ─────────────────────────────────────────────────────────────────────────────────
class Meter:
    """Counts what functions ask of AWS."""

    def __init__(self) -> None:
        self.requests = 0
        self._running = 0

    def load(self, folder: str) -> Handler:
        handler = load_handler(folder)

        def counted(event: Any, context: Any) -> Any:
            self._running += 1
            try:
                return handler(event, context)
            finally:
                self._running -= 1

        return counted

    def note(self, **_: Any) -> None:
        self.requests += self._running > 0


@contextmanager
def metered(emulator: Emulator, tables: Template) -> Iterator[tuple[Cloud, Meter]]:
    meter = Meter()
    boto3.setup_default_session()
    forget_clients()
    events = boto3.DEFAULT_SESSION.events
    events.register("before-parameter-build.*.*", meter.note, "rounds")
    try:
        with Cloud(emulator=emulator, prepared=True, start=WEDNESDAY, load=meter.load) as cloud:
            yield cloud, meter
    finally:
        events.unregister("before-parameter-build.*.*", unique_id="rounds")
        forget_clients()


@pytest.mark.parametrize(
    ("few", "many"), [(20, 220), pytest.param(100, 1_000, marks=pytest.mark.slow)]
)
def test_a_day_of_merchants_to_whom_nothing_happens_costs_no_request_each(
    tables: Template, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, few: int, many: int
) -> None:
    monkeypatch.setattr(reports, "ALL_END_SINCE", WEDNESDAY - timedelta(weeks=2))
    with metered(emulator, tables) as (cloud, meter):
        shop = Shop.onboard(cloud)
        jobs.note_done("rules", f"{rule_version()}")  # which is once, and everybody's
        counts = []
        for number in (few, many):
            multiply(shop, number)
            meter.requests = 0
            assert rounds.pass_hours(cloud, 24) == []
            counts.append(meter.requests)
    assert counts[1] - counts[0] <= many - few, "one a merchant and day"
    assert counts[0] < 24 * 84, "what finds whoever is due, and what waits for a person"


def test_new_rules_are_noted_for_two_hundred_merchants_by_few_requests_and_due_at_the_next_run(
    tables: Template, emulator: Emulator
) -> None:
    with metered(emulator, tables) as (cloud, meter):
        multiply(Shop.onboard(cloud), 200)
        meter.requests = 0
        assert cloud.schedule("close_days").result == 0
        assert meter.requests < 30
        assert cloud.schedule("close_days").result == 201


def multiply(shop: Shop, number: int) -> None:
    """So many merchants, each as this one, and not a fact of them."""
    profile = MERCHANTS.get(f"merchant#{shop.id}", "profile") or {}
    others = (f"m_{n:016x}" for n in range(number))
    MERCHANTS.write_all({**profile, "pk": f"merchant#{each}", "id": each} for each in others)


# ── in the same bytes ────────────────────────────────────────────────────────────────────────────
HOURS = 6
"""In which facts are written; those of two of them ring in vain."""
Run = Callable[[Cloud, int], None]


def hourly(cloud: Cloud, hour: int) -> None:
    assert rounds.pass_hours(cloud, 1) == []


def twice(cloud: Cloud, hour: int) -> None:
    for folder in ("close_days", "sweep", "close_days", "sweep"):
        assert cloud.schedule(folder).error is None
    hourly(cloud, hour)
    for folder in ("sweep", "close_days", "sweep"):
        assert cloud.schedule(folder).error is None
        assert cloud.drain()["failed"] == []


def twice_at_once(cloud: Cloud, hour: int) -> None:
    with ThreadPoolExecutor(4) as pool:
        runs = pool.map(cloud.schedule, ("sweep", "close_days", "sweep", "close_days"))
        assert [run.error for run in runs] == [None] * 4
    hourly(cloud, hour)


def five_hours_late(cloud: Cloud, hour: int) -> None:
    late = ("sweep", "close_days", "score_influencers") if hour < HOURS - 1 else ()
    assert rounds.pass_hours(cloud, 1, without=late) == []


@pytest.fixture(scope="module")
def ends() -> dict[str, list[Rows]]:
    return {}


@pytest.mark.parametrize("run", [twice, twice_at_once, five_hours_late])
def test_however_often_schedules_run_they_end_in_the_same_bytes(
    emulator: Emulator,
    tables: Template,
    erase_resources: tuple[Template, Eraser],
    ends: dict[str, list[Rows]],
    run: Run,
) -> None:
    for each in (hourly, run):
        if each.__name__ not in ends:
            with still_cloud(emulator, erase_resources[1], WEDNESDAY - timedelta(hours=4)) as (
                cloud,
                _,
            ):
                ends[each.__name__] = end_of(cloud, each)
    assert ends[run.__name__] == ends["hourly"]


def end_of(cloud: Cloud, run: Run) -> list[Rows]:
    """What stands in the tables after some hours on both sides of a shop's midnight."""
    shop = Shop.onboard(cloud)
    hourly(cloud, 0)
    for hour in range(HOURS):
        live_an_hour(shop, hour)
        if hour % 3 == 1:
            for stream in ("project_events", "attribute_order"):
                cloud.skip_stream(stream)
        assert cloud.drain()["failed"] == []
        run(cloud, hour)
    assert rounds.pass_hours(cloud, 3) == []
    rows = [
        sorted(each.scan(), key=lambda row: (row["pk"], row["sk"])) for each in (TOTALS, ORDERS)
    ]
    return [*rows, [row for row in AGENDA.scan() if "due" in row]]


def live_an_hour(shop: Shop, hour: int) -> None:
    """A click, a view and an order, as the functions write them."""
    now = shop.cloud.clock.now()
    for number in range(3):
        who = Visitor(hash=f"{number:016x}", agent=PHONE, referrer="", country=None)
        click = new_click(shop.id, "0123456789", who, now)
        clicks.save(click)
    event = PageEvent(
        id=f"{hour}",
        merchant=shop.id,
        type="view",
        at=now,
        timed=hour % 2 == 0,
        page="/",
        address="a",
    )
    page_events.save(event)
    heard_hours.note(shop.id, now, now)
    ref = OrderRef(merchant=shop.id, platform="shopify", id=f"{hour}")
    fact = Fact(kind="placed", at=now, received=now, sale=a_sale(click.id))
    order_facts.save(ref, fact, now)


def a_sale(trail: str) -> Sale:
    mug = LineItem(product="1", title="Mug", quantity=1, net=5_000)
    return Sale(name="#1", currency="USD", lines=(mug,), net=5_000, total=5_000, trail=trail)
