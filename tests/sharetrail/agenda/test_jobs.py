"""What is due, and that it is taken once."""

from datetime import UTC, datetime, timedelta

import pytest

from sharetrail.agenda import jobs
from sharetrail.agenda.job import Job
from sharetrail.calendars import iso
from tests.stores import on_both

pytestmark = [on_both, pytest.mark.usefixtures("tables")]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_job(merchant: str = "m_1", about: str = "2026-12-01") -> Job:
    return Job(kind="report", merchant=merchant, about=about)


def test_what_is_due_is_found_the_oldest_first_over_all_merchants() -> None:
    for hours, merchant in ((2, "m_2"), (1, "m_1"), (3, "m_3"), (0, "m_4")):
        jobs.note(a_job(merchant), NOON + hours * HOUR)
    assert [each.merchant for each in jobs.due("report", NOON + 2 * HOUR)] == ["m_4", "m_1", "m_2"]
    assert list(jobs.due("score", NOON + 9 * HOUR)) == []


def test_what_was_noted_stays_due_from_when_it_was() -> None:
    jobs.note(a_job(), NOON)
    jobs.note(a_job(), NOON + HOUR)
    assert list(jobs.due("report", NOON)) == [a_job()]


def test_a_job_is_taken_by_one_round_and_found_again_by_the_same() -> None:
    jobs.note(a_job(), NOON)
    assert jobs.take(a_job(), iso(NOON))
    assert list(jobs.due("report", NOON)) == []
    assert jobs.take(a_job(), iso(NOON)), "the message came again"
    assert not jobs.take(a_job(), iso(NOON + HOUR))
    jobs.note(a_job(), NOON + HOUR)
    assert list(jobs.due("report", NOON + HOUR)) == [a_job()]
    assert not jobs.take(a_job(about="never noted"), iso(NOON))


def test_what_is_put_off_is_due_later_and_what_is_hastened_now() -> None:
    jobs.note(a_job(), NOON)
    assert jobs.take(a_job(), iso(NOON))
    jobs.put_off(a_job(), NOON + HOUR)
    assert list(jobs.due("report", NOON)) == []
    jobs.hasten("m_1", "report", NOON)
    assert list(jobs.due("report", NOON)) == [a_job()]


def test_how_far_a_round_has_come_goes_forward_alone() -> None:
    assert jobs.reached("sweep", "orders") is None
    for how_far in ("b", "a", "c"):
        jobs.note_reached("sweep", "orders", how_far)
    assert jobs.reached("sweep", "orders") == "c"
    jobs.note_done("night", "1", "2", until=NOON)
    assert jobs.all_done("night", ["1", "2", "3"]) == {"1", "2"}
