"""What a month costs, of what is kept of the counting: the docs' table is what the command prints."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.bill import __main__ as command
from bench.bill import bill, counted
from bench.bill.bill import Bill
from bench.costs import price, prices

DOC = (Path(__file__).parents[3] / "docs/scale.md").read_text()
IDLE = 5.00
"""Dollars a month of an account that nobody uses."""


@pytest.fixture(scope="module")
def bills() -> Mapping[str, Bill]:
    return command.bills(counted.read())


def test_the_docs_have_the_table_as_it_is_printed() -> None:
    assert "\n".join(command.table(counted.read())) in DOC


def test_an_account_without_merchants_costs_five_dollars_at_most(
    bills: Mapping[str, Bill],
) -> None:
    assert sum(bills["no merchant"].values()) <= IDLE


def test_a_million_clicks_more_cost_less_the_more_there_are(bills: Mapping[str, Bill]) -> None:
    """Of a merchant's clicks many are added up by one write."""
    one, ten, thousand = (sum(bills[f"{n:,} million"].values()) for n in command.MILLIONS)
    assert 0 < thousand / 1_000 < ten / 10 < one


def test_what_a_click_costs_is_at_least_what_g10_says(bills: Mapping[str, Bill]) -> None:
    """Which has neither pages nor orders nor reports."""
    more = sum(bills["1,000 million"].values()) - sum(bills["10 million"].values())
    counts = counted.read()
    gateway = prices.HTTP_API
    written = counts.firings["redirect"]["written"] * prices.WRITE_UNITS
    assert more / 990 > gateway * bill.OF_MANY + written
    assert more / 990 < 30 * price.LIMIT


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
