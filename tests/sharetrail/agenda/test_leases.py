"""One message at a time: whoever takes a lease has it until it is done, or for as long as it may
take."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sharetrail.agenda import leases
from sharetrail.agenda.job import Job
from sharetrail.agenda.leases import LASTS
from tests.stores import on_both

pytestmark = on_both
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


def a_job(merchant: str) -> Job:
    return Job(kind="connect", merchant=merchant, about="shopify")


def test_a_second_message_has_it_once_the_first_is_done(tables: Any) -> None:
    job = a_job("m_one")
    assert leases.take(job, NOON)
    assert not leases.take(job, NOON + A_MINUTE)
    leases.end(job, NOON + A_MINUTE)  # which is not its own to end
    assert not leases.take(job, NOON + A_MINUTE)
    leases.end(job, NOON)
    assert leases.take(job, NOON + A_MINUTE)


def test_where_its_holder_never_comes_again_it_ends_by_itself(tables: Any) -> None:
    job = a_job("m_dead")
    assert leases.take(job, NOON)
    assert not leases.take(job, NOON + LASTS - A_MINUTE)
    assert leases.take(job, NOON + LASTS)
    assert not leases.take(job, NOON), "who comes late finds another"


def test_with_each_attempt_the_same_message_has_it_for_longer(tables: Any) -> None:
    job = a_job("m_again")
    for attempt in range(1, 4):
        assert leases.take(job, NOON)
        assert not leases.take(job, NOON + attempt * LASTS - A_MINUTE)


def test_of_two_who_look_at_once_one_has_it(tables: Any, monkeypatch: Any) -> None:
    job = a_job("m_race")
    assert leases.take(job, NOON)
    leases.end(job, NOON)
    real, raced = type(leases.AGENDA).put_if, []

    def put_if(table: Any, *asked: Any, **named: Any) -> bool:
        if not raced:
            raced.append(True)
            assert leases.take(job, NOON + A_MINUTE)
        return real(table, *asked, **named)

    monkeypatch.setattr(type(leases.AGENDA), "put_if", put_if)
    assert not leases.take(job, NOON + 2 * A_MINUTE)
