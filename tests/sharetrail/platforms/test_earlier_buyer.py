"""For which orders it counts that somebody had bought before."""

from datetime import UTC, datetime, timedelta

from sharetrail.platforms.earlier_buyer import KEPT_FOR, counts_for

CONNECTED = datetime(2026, 12, 1, 9, tzinfo=UTC)
A_DAY = timedelta(days=1)


def test_who_had_ordered_before_is_an_old_customer_from_then_on_and_for_400_days() -> None:
    placed = [-A_DAY, timedelta(0), 399 * A_DAY, 400 * A_DAY]
    told = [counts_for(CONNECTED, CONNECTED + each) for each in placed]
    assert told == [False, True, True, False]


def test_it_is_kept_for_as_long_as_the_last_order_that_it_counts_for_may_change() -> None:
    assert counts_for(CONNECTED, CONNECTED + KEPT_FOR - timedelta(weeks=40) - A_DAY)
