"""What a day may have: taken once each, and no more than there is room for."""

from datetime import UTC, datetime, timedelta

import pytest

from sharetrail.aws.tables import MERCHANTS
from sharetrail.merchants import daily_allowances
from sharetrail.merchants.daily_allowance import Allowance
from tests.senders import a_merchant
from tests.stores import on_both

pytestmark = [on_both, pytest.mark.usefixtures("tables")]
NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
TEN = Allowance(name="links", most=10)
SHOP = a_merchant(NOON)


@pytest.fixture(autouse=True)
def begin_cold() -> None:
    daily_allowances._refused.clear()


def take(*tokens: str, at: datetime = NOON) -> bool:
    return daily_allowances.take(SHOP, TEN, {*tokens}, at)


def test_a_day_has_room_for_so_many_and_the_next_day_again() -> None:
    assert all(take(f"{n}") for n in range(10))
    assert not take("one more")
    assert take("one more", at=NOON + timedelta(days=1))


def test_the_same_again_takes_nothing_also_when_all_is_used_up() -> None:
    for _ in range(2):
        assert all(take(f"{n}") for n in range(10))


def test_of_several_that_do_not_all_fit_none_is_taken() -> None:
    assert take(*"abcdefgh")
    assert not take(*"xyz")
    assert take(*"xy")


def test_what_was_used_up_ends_by_itself_two_days_later() -> None:
    take("a")
    take("b", at=NOON + timedelta(hours=1))
    (row,) = MERCHANTS.query(f"spent#{SHOP.id}")
    assert row["expires"] == int((NOON + timedelta(days=2)).timestamp())
