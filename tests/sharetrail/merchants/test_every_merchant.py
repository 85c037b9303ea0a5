"""Rounds over every merchant: nobody is kept waiting for ever, whoever else fails or takes long."""

from datetime import UTC, datetime, timedelta

import pytest

from sharetrail.merchants import every_merchant
from sharetrail.merchants.every_merchant import RoundFailed
from sharetrail.merchants.profile import Merchant

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def a_merchant(merchant_id: str) -> Merchant:
    return Merchant(
        id=merchant_id,
        name="",
        shop_host="",
        hosts=(),
        origins=(),
        currency="USD",
        zone="UTC",
        created_at=NOON,
    )


MERCHANTS = [a_merchant(f"m_{n}") for n in range(10)]


def test_who_fails_is_named_and_all_others_are_done() -> None:
    done = []

    def work(merchant: Merchant) -> int:
        if merchant.id == "m_3":
            raise RuntimeError("the test says no")
        done.append(merchant.id)
        return 1

    with pytest.raises(RoundFailed, match=r"failed for m_3$"):
        every_merchant.visit(MERCHANTS, work, NOON)
    assert sorted(done) == [each.id for each in MERCHANTS if each.id != "m_3"]


def test_where_one_takes_all_of_a_run_everybody_else_is_reached_within_a_day() -> None:
    reached: set[str] = set()

    def work(merchant: Merchant) -> int:
        if merchant.id == "m_3":
            raise KeyboardInterrupt  # as Lambda ends a function whose time is over
        reached.add(merchant.id)
        return 1

    for hour in range(24):
        with pytest.raises(KeyboardInterrupt):
            every_merchant.visit(MERCHANTS, work, NOON + timedelta(hours=hour))
    assert reached == {each.id for each in MERCHANTS} - {"m_3"}
