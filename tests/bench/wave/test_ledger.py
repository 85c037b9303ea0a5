"""What functions ask is counted, by who asked and for whom."""

from datetime import UTC, datetime

import pytest

from bench.wave import ledger, rounds
from bench.wave.diary import Visit
from bench.wave.ledger import Ledger, Run
from bench.wave.shops import Shop
from local.emulator.ministack import Emulator

SHOP = Shop(number=1, zone="America/New_York", rate=1.0)
START = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def runs(emulator: Emulator) -> list[Run]:
    """Of a shop that is followed once, until its day is closed."""
    counts = Ledger()
    with counts.cloud(emulator=emulator, stack="wave", start=START) as cloud:
        rounds.open_shops(cloud, [SHOP])
        rounds.follow(cloud, Visit(at=START, shop=SHOP, link=0, buys=False), 0)
        cloud.drain()
        cloud.clock.set_forward(datetime(2026, 11, 30, 5, 12, tzinfo=UTC))
        cloud.schedule("close_days")
        cloud.drain()
    return counts.runs


def of_kind(runs: list[Run], kind: str) -> Run:
    return next(run for run in runs if run.kind == kind)


def test_a_click_is_one_write_to_events(runs: list[Run]) -> None:
    assert of_kind(runs, "redirect").requests["events", "PutItem"] == 1


def test_a_schedule_is_seen_to_send_what_a_worker_does_for_whom(runs: list[Run]) -> None:
    assert of_kind(runs, "close_days").sent == {"close": 1}
    close = of_kind(runs, "close")
    assert (close.merchant, close.abouts, close.messages) == (SHOP.id, ("2026-11-29",), 1)
    assert close.requests["agenda", "UpdateItem"] == 1
    assert close.requests["events", "Query"] >= 10


def test_units_and_processor_time_stand_beside_the_requests(runs: list[Run]) -> None:
    close = of_kind(runs, "close")
    assert close.units["read"] >= 10
    assert close.units["written"] >= 2
    assert 0 < close.cpu < 5


def test_a_batch_is_of_as_many_messages_as_it_has() -> None:
    body = {"body": '{"merchant": "m", "to": "a@b.example"}'}
    run = ledger.run_of("send_report", {"Records": [body] * 3})
    assert (run.kind, run.merchant, run.messages) == ("send_report", "m", 3)


@pytest.mark.parametrize(
    ("job", "about", "kind"),
    [
        ("report", "2026-11-23", "report"),
        ("report", "daily#2026-11-29", "report daily"),
        ("attribute", "shopify#1001", "attribute"),
    ],
)
def test_reports_of_other_days_than_a_weeks_are_a_kind_of_their_own(
    job: str, about: str, kind: str
) -> None:
    body = {"body": f'{{"job": "{job}", "merchant": "m", "about": ["{about}"]}}'}
    assert ledger.run_of("analyse_merchant", {"Records": [body]}).kind == kind
