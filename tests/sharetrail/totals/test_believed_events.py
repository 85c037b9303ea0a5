"""What page events count for, whoever sends them, however often and in whatever order."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.clicks.page_event import PRIVATE, PageEvent, page_event_item, read_page_event
from sharetrail.totals import believed_events
from sharetrail.totals.believed_events import (
    MOST_OF_AN_ADDRESS,
    MOST_WITHOUT_ADDRESS,
)
from sharetrail.totals.tally import merge_tallies, tally_page_events

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def an_event(at: int = 0, kind: str = "view", address: str | None = "0a", **more: Any) -> PageEvent:
    return PageEvent(
        id=f"event-{at}",
        merchant="m",
        type=kind,
        at=AT + timedelta(seconds=at),
        timed=True,
        page="shop.example/products/mug",
        address=address,
        **more,
    )


def counted(*events: PageEvent) -> dict[str, int]:
    return tally_page_events(events).events


def test_a_visit_counts_as_its_page_said() -> None:
    visit = [an_event(0), an_event(1, "open"), an_event(2, "share"), an_event(3, "visit", n=10)]
    assert counted(*visit) == {"view": 1, "open": 1, "share": 1, "visit": 10}


def test_one_address_is_believed_up_to_a_limit_of_each_kind() -> None:
    for kind, most in MOST_OF_AN_ADDRESS.items():
        flood = [an_event(n, kind, n=100) for n in range(50)]
        assert counted(*flood) == {kind: most}
        assert counted(*flood, an_event(99, kind, address="0b")) == {kind: most + 1}


def test_who_has_no_address_counts_as_much_as_all_others_and_twenty() -> None:
    forged = [an_event(n, "share", PRIVATE) for n in range(1_000)]
    assert counted(*forged) == {"share": MOST_WITHOUT_ADDRESS}
    honest = [an_event(2_000 + n, "share", f"{n:04x}") for n in range(7)]
    assert counted(*forged, *honest) == {"share": 7 + MOST_WITHOUT_ADDRESS + 7}


def test_events_of_before_addresses_were_kept_count_as_they_did() -> None:
    assert counted(*[an_event(n, "share", None, n=10) for n in range(100)]) == {"share": 1_000}


def test_what_is_not_believed_is_in_no_count() -> None:
    made = tally_page_events([an_event(n, "share", n=100) for n in range(50)])
    assert made.events == {"share": 30}
    assert made.fact_count == 50
    assert made.links == {}, "that a page says so is no proof that a link was shared"


def test_the_stored_event_has_its_address() -> None:
    for address in ("0a", PRIVATE, None):
        event = an_event(address=address)
        assert read_page_event(page_event_item(event)) == event


some_events = st.lists(
    st.builds(
        an_event,
        st.integers(0, 40),
        st.sampled_from([*MOST_OF_AN_ADDRESS]),
        st.sampled_from(["0a", "0b", PRIVATE, None]),
        n=st.integers(1, 1_000),
    ),
    max_size=30,
    unique_by=lambda event: event.id,
)


def one_by_one(events: list[PageEvent]) -> dict[str, int]:
    """The same by what each event in turn is believed, those without an address last."""
    said: Counter[tuple[str | None, str]] = Counter()
    counts: Counter[str] = Counter()
    for event in (each for each in events if each.address != PRIVATE):
        left = MOST_OF_AN_ADDRESS[event.type] - said[event.address, event.type]
        n = event.n if event.address is None else min(event.n, left)
        said[event.address, event.type] += n
        counts[event.type] += n
    left_of = {kind: counts[kind] + MOST_WITHOUT_ADDRESS for kind in MOST_OF_AN_ADDRESS}
    for event in (each for each in events if each.address == PRIVATE):
        n = min(event.n, left_of[event.type])
        left_of[event.type] -= n
        counts[event.type] += n
    return dict(+counts)


@given(some_events)
def test_sums_are_what_events_are_believed_one_by_one(events: list[PageEvent]) -> None:
    assert counted(*events) == one_by_one(events)


def test_beyond_the_addresses_that_are_told_apart_each_event_is_believed_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(believed_events, "MOST_ADDRESSES", 2)
    first = [an_event(n, "share", f"0{n}", n=20) for n in range(2)]
    again = [an_event(n + 10, "share", f"0{n}", n=20) for n in range(2)]
    later = [an_event(n + 20, "share", "ff", n=100) for n in range(3)]
    assert counted(*first, *later, *again) == {"share": 2 * 30 + 3 * 30}


@given(some_events, st.randoms(use_true_random=False))
def test_the_order_in_which_events_come_decides_nothing(
    events: list[PageEvent], dice: random.Random
) -> None:
    told = tally_page_events(events)
    dice.shuffle(events)
    assert tally_page_events(events) == told


@given(some_events, some_events)
def test_a_part_alone_counts_no_less(first: list[PageEvent], second: list[PageEvent]) -> None:
    """So of whoever has an address an open day, which is its slots added up, only ever sinks when
    it closes."""
    first, second = ([e for e in part if e.address != PRIVATE] for part in (first, second))
    parts = merge_tallies([tally_page_events(first), tally_page_events(second)])
    whole = tally_page_events([*first, *second])
    assert all(whole.events.get(kind, 0) <= n for kind, n in parts.events.items())


def a_stay(at: int, seconds: int, place: int = 0, **more: Any) -> PageEvent:
    return an_event(at, "stay", seconds=seconds, place=place, **more)


def test_stays_count_visits_those_that_went_on_and_seconds() -> None:
    visits = [a_stay(0, 30, 1), a_stay(1, 40, 2), a_stay(2, 5, 3), a_stay(3, 12), a_stay(4, 0, 1)]
    assert counted(*visits) == {"visit_measured": 2, "visit_went_on": 1, "visible_seconds": 87}
    assert counted(a_stay(0, 30, 1, n=10)) == {"visit_measured": 10, "visible_seconds": 300}


def test_one_address_cannot_make_visits_long_or_many() -> None:
    flood = [a_stay(n, 1_800, 1 + n % 2) for n in range(2_000)]
    assert counted(*flood) == {
        "visit_measured": 300,
        "visit_went_on": 300,
        "visible_seconds": 72_000,
    }
    private = [a_stay(n, 1_800, 1, address=PRIVATE) for n in range(2_000)]
    assert counted(*private) == {"visit_measured": 20, "visible_seconds": 4_800}


@pytest.mark.parametrize("address", ["0a", PRIVATE])
def test_one_address_makes_nobody_elses_visits_long_and_none_of_them_go_on(address: str) -> None:
    honest = [a_stay(n, 100, 1, address=f"{n:04x}") for n in range(50)]
    long = [a_stay(100 + n, 1_800, address=address) for n in range(40)]
    on = [a_stay(200 + n, 0, 2, n=100, address=address) for n in range(3)]
    assert counted(*honest, *long, *on) == {
        "visit_measured": 50,
        "visit_went_on": 10,
        "visible_seconds": 50 * 100 + 10 * 240,
    }
    own = [a_stay(300 + n, 0, 1, address=address) for n in range(20)]
    assert counted(*honest, *own, *on)["visit_went_on"] == (20 if address == PRIVATE else 30)


def test_a_visit_that_goes_on_in_the_next_five_minutes_counts_there() -> None:
    assert counted(a_stay(0, 200), a_stay(1, 90, 2)) == {
        "visit_went_on": 1,
        "visible_seconds": 290,
    }


def test_a_lead_that_a_share_click_led_to_is_counted_beside_all() -> None:
    brought = an_event(0, "lead", trail=("1m6gqxf4p1qyhvb7eg2jhs0q4n",))
    assert counted(brought, an_event(1, "lead")) == {"lead": 2, "lead_by_share": 1}


def test_the_stored_stay_tells_its_length_and_place() -> None:
    for event in (a_stay(0, 30, 1), a_stay(0, 0, 2), a_stay(0, 12)):
        assert read_page_event(page_event_item(event)) == event
