"""Healing finds exactly what was not folded."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.dynamodb import model
from sharetrail.clicks import clicks, page_events
from sharetrail.clicks.page_event import PageEvent
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.totals import count_facts, five_minute_slots
from sharetrail.totals.five_minute_slots import SLOT
from tests.shops import PHONE

HOURS = [datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 23, tzinfo=UTC)]
"""The second one's last slot is a day's."""
WRITTEN = HOURS[1] + timedelta(hours=2)
Times = st.lists(st.integers(-40_000, 3_940_000), max_size=12)
"""In milliseconds from the hour's start, up to some way into the next hour."""


def write(hour: datetime, clicked: list[int], viewed: list[int]) -> set[datetime]:
    """Facts at these times; the slots that their records ring."""
    rung: set[datetime] = set()
    for number, each in enumerate(clicked):
        at = hour + timedelta(milliseconds=each)
        who = Visitor(hash=f"{number % 3:016x}", agent=PHONE, referrer="", country=None)
        clicks.save(new_click("m", "c", who, at))
        rung |= {*five_minute_slots.slots_of(at)}
    for number, each in enumerate(viewed):
        at = hour + timedelta(milliseconds=each)
        event = PageEvent(id=f"{number}", merchant="m", type="view", at=at, timed=True, page="/")
        page_events.save(event)
        rung.add(five_minute_slots.start_of(at))
    return rung


def fold(slots: set[datetime]) -> None:
    for slot in slots:
        for shard in count_facts.SHARDS:
            five_minute_slots.project("m", shard, slot, WRITTEN)


@settings(max_examples=60)
@given(hour=st.sampled_from(HOURS), clicked=Times, viewed=Times, lost=st.sets(st.integers(0, 12)))
def test_what_was_folded_is_left_and_what_was_not_is_folded_once(
    hour: datetime, clicked: list[int], viewed: list[int], lost: set[int]
) -> None:
    with model.replacement():
        rung = write(hour, clicked, viewed)
        missed = rung & {hour + n * SLOT for n in lost}
        fold(rung - missed)
        of_the_day = {slot for slot in missed if slot.date() == hour.date()}
        assert five_minute_slots.heal("m", hour, WRITTEN) == of_the_day
        assert five_minute_slots.heal("m", hour, WRITTEN) == set()
