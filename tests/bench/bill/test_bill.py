"""What a month costs, of what is kept of the counting; the docs' table is what is printed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.bill import __main__ as command
from bench.bill import bill, counted
from bench.bill.bill import Bill
from bench.costs import prices

DOC = (Path(__file__).parents[3] / "docs/scale.md").read_text()
IDLE = 5.00
"""Dollars a month of an account that nobody uses."""


@pytest.fixture(scope="module")
def bills() -> Mapping[str, Bill]:
    return command.bills(counted.read())


def test_the_docs_have_the_table_as_it_is_printed(bills: Mapping[str, Bill]) -> None:
    assert "\n".join(command.table(bills)) in DOC


def test_an_account_without_merchants_costs_five_dollars_at_most(
    bills: Mapping[str, Bill],
) -> None:
    assert sum(bills["no merchant"].values()) <= IDLE


def test_a_million_clicks_more_cost_less_the_more_there_are(bills: Mapping[str, Bill]) -> None:
    """Of a merchant's clicks many are added up by one write."""
    one, ten, thousand = (sum(bills[f"{n:,} million"].values()) for n in command.MILLIONS)
    assert 0 < thousand / 1_000 < ten / 10 < one


def test_what_a_page_and_an_order_ask_is_what_was_counted() -> None:
    """Units and requests, and what is stored; processor time is this machine's."""
    kept, (visit, sizes) = counted.read(), counted.visits(times=3)
    for function, cost in visit.items():
        for name in cost.keys() | kept.visit[function].keys():
            if name != "cpu":
                told = pytest.approx(kept.visit[function].get(name, 0), rel=0.1)
                assert cost.get(name, 0) == told, (function, name)
    for name, size in sizes.items():
        assert size == pytest.approx(kept.sizes[name], rel=0.1), name


def test_every_click_pays_for_its_request_and_its_row(bills: Mapping[str, Bill]) -> None:
    written = counted.read().firings["redirect"]["written"]
    assert 1 <= written < 1.5, "a click is one row, and an hour of them another"
    thousand = bills["1,000 million"]
    assert thousand["API Gateway"] > 1_000 * bill.OF_MANY
    assert thousand["DynamoDB, read and written"] > 1_000 * prices.WRITE_UNITS


def test_gateways_first_three_hundred_million_requests_are_dearer() -> None:
    assert bill.gateway(300e6) == 300
    assert bill.gateway(301e6) == pytest.approx(300.9)


def test_merchants_are_followed_as_often_as_is_said() -> None:
    living = bill.followed(1_000, 5e6)
    assert len(living) == 1_000
    assert bill.clicks_of(living) == pytest.approx(5e6)


def test_an_alarm_a_queue_or_a_key_more_is_on_the_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = counted.read()
    before = bill.bill(counts, [])
    monkeypatch.setattr("bench.wave.timetable.resources", lambda _: 100)
    after = bill.bill(counts, [])
    assert after["CloudWatch, alarms"] == pytest.approx(10)
    assert after["KMS"] - before["KMS"] == pytest.approx(99)
