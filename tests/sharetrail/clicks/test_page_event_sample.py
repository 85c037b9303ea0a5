"""Which of many page events are kept: by whose they are, and right on average."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharetrail.clicks import daily_salts, page_event_sample
from sharetrail.clicks.page_event import PageEvent, PageEventType
from sharetrail.clicks.page_event_sample import Lot, Spans, draw, draw_beyond

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily_salts, "of_day", lambda _: b"salt")
    page_event_sample.minutes.clear()


def some(
    n: int, kind: PageEventType = "view", address: str = "0a", of: str = "m"
) -> Iterator[PageEvent]:
    for number in range(n):
        yield PageEvent(
            id=f"{address}-{number}",
            merchant=of,
            type=kind,
            at=AT,
            timed=True,
            page="shop.example/",
            address=address,
        )


def weight(lots: list[Lot]) -> int:
    return sum(lot.fact.n for lot in lots)


@pytest.mark.parametrize("n", [60, 300, 600, 5_000, 30_000])
def test_what_is_kept_stands_for_all_of_a_machines(n: int) -> None:
    lots = draw(some(n), AT)
    assert weight(lots) == pytest.approx(n, rel=0.35)
    assert len(lots) < 60 + 54 + n / 100 * 1.35


def test_what_is_kept_stands_for_all_of_a_crowds() -> None:
    lots = [lot for n in range(100) for lot in draw(some(50, address=f"{n:02x}"), AT)]
    assert weight(lots) == pytest.approx(5_000, rel=0.2)
    assert len(lots) < 200 + 180 * 1.3 + 30 * 1.6


@pytest.mark.parametrize(("kind", "one_in"), [("view", 100), ("share", 10), ("lead", 10)])
def test_beyond_the_day_too(kind: PageEventType, one_in: int) -> None:
    lots = [Lot(event=e, number=page_event_sample._number(b"", e.id)) for e in some(20_000, kind)]
    kept = draw_beyond(lots)
    assert len(kept) == pytest.approx(20_000 / one_in, rel=0.2)
    assert {lot.fact.n for lot in kept} == {one_in}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**64), st.sampled_from([1, 10, 100]), st.sampled_from([1, 10, 100]))
def test_what_is_drawn_when_fewer_are_is_drawn_when_more_are(
    number: int, rate: int, again: int
) -> None:
    (event,) = some(1)
    lot = Lot(event=event, number=number).one_in(rate)
    if lot.one_in(again).is_drawn:
        assert lot.is_drawn


def test_a_machines_flood_leaves_the_merchants_minute_to_others() -> None:
    draw(some(50_000), AT)
    assert [lot.rate for n in range(100) for lot in draw(some(1, address=f"{n:04}"), AT)] == [
        1
    ] * 100


def test_another_merchants_flood_is_nothing_here() -> None:
    for n in range(100):
        draw(some(60, address=f"{n:02x}", of="another"), AT)
    assert {lot.rate for lot in draw(some(60), AT)} == {1}


def test_another_minute_begins_anew() -> None:
    draw(some(1_000), AT)
    assert {lot.rate for lot in draw(some(60), AT + timedelta(minutes=1))} == {1}


def test_however_many_addresses_there_are_few_are_remembered() -> None:
    spans = Spans(timedelta(minutes=1), size=100)
    for n in range(1_000):
        assert spans.add(n, 1, AT) == 0
    assert len(spans._counts) == 100
    assert spans.add(999, 1, AT) == 1
    assert spans.add(0, 1, AT) == 0, "it was forgotten"
