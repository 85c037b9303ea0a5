"""A wish for no mail: for how long it can be undone."""

from datetime import UTC, datetime, timedelta

import pytest

from sharetrail.mail import unsubscribes
from sharetrail.mail.unsubscribes import UNDONE_WITHIN
from tests.stores import on_both

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ANA = "Ana@shop.example"
pytestmark = [on_both, pytest.mark.usefixtures("tables")]


def test_it_can_be_undone_for_half_an_hour_and_twice_without_harm() -> None:
    unsubscribes.unsubscribe("m_1", ANA, NOW)
    assert unsubscribes.since("m_1", ANA.lower()) == NOW
    for _ in range(2):
        assert unsubscribes.undo("m_1", ANA, NOW + UNDONE_WITHIN - timedelta(seconds=1))
        assert not unsubscribes.is_unsubscribed("m_1", ANA)


def test_saying_it_again_makes_no_old_wish_one_that_can_be_undone() -> None:
    unsubscribes.unsubscribe("m_1", ANA, NOW)
    later = NOW + UNDONE_WITHIN
    unsubscribes.unsubscribe("m_1", ANA, later)
    assert not unsubscribes.undo("m_1", ANA, later)
    assert unsubscribes.since("m_1", ANA) == NOW
