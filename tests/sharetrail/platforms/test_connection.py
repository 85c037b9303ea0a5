"""How far back orders are read, and which round goes on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sharetrail.platforms.connection import OVERLAP, Connection, Reading

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SIXTY = timedelta(days=60)
FRESH = Connection(platform="shopify", connected_at=NOW)


def test_the_first_round_looks_back_as_far_as_the_system_tells() -> None:
    assert FRESH.orders_due(SIXTY, NOW) == Reading(since=NOW - SIXTY, begun=NOW)


def test_a_round_that_is_not_over_goes_on_whenever_it_began() -> None:
    begun = Reading(since=NOW - SIXTY, begun=NOW, cursor="7", read=100)
    later = NOW + timedelta(days=3)
    assert replace(FRESH, orders=begun).orders_due(SIXTY, later) == begun


def test_the_next_round_begins_a_while_before_the_last_one_did() -> None:
    done = Reading(since=NOW - SIXTY, begun=NOW, done=NOW + timedelta(hours=1))
    known = replace(FRESH, orders=done, checked_at=NOW + timedelta(hours=1))
    tomorrow = NOW + timedelta(days=1)
    due = known.orders_due(SIXTY, tomorrow)
    assert due == Reading(since=NOW - OVERLAP, begun=tomorrow)


def test_within_a_check_that_goes_on_orders_are_read_once() -> None:
    done = Reading(since=NOW - SIXTY, begun=NOW, done=NOW)
    known = replace(FRESH, orders=done)
    assert known.orders_due(SIXTY, NOW + timedelta(minutes=20)) == done


def test_a_check_that_never_ends_does_not_keep_orders_from_being_read() -> None:
    done = Reading(since=NOW - SIXTY, begun=NOW, done=NOW)
    due = replace(FRESH, orders=done).orders_due(SIXTY, NOW + timedelta(days=1))
    assert due.done is None


def test_a_shop_that_was_away_for_a_year_is_read_as_far_back_as_it_tells() -> None:
    done = Reading(since=NOW - SIXTY, begun=NOW, done=NOW)
    known = replace(FRESH, orders=done, checked_at=NOW)
    year = NOW + timedelta(days=365)
    assert known.orders_due(SIXTY, year).since == year - SIXTY
