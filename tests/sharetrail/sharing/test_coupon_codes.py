"""Whose a code was, at any time, and who was first to take it."""

from datetime import UTC, datetime, timedelta

import pytest

from sharetrail.sharing import coupon_codes
from sharetrail.sharing.coupon_codes import Ownership
from tests.stores import on_both

pytestmark = [on_both, pytest.mark.usefixtures("tables")]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def owned(by: str | None, hours: int, code: str = "ANA10") -> Ownership:
    return Ownership(code=code, influencer=by, since=NOON + hours * HOUR)


def owners(*hours: float) -> list[str | None]:
    return [coupon_codes.owner("m_1", "ANA10", NOON + each * HOUR) for each in hours]


def test_a_code_is_from_its_time_on_whose_it_is_in_whichever_order_it_is_told() -> None:
    for by, hours in (("ben", 2), ("ana", 1), (None, 3)):
        coupon_codes.give("m_1", owned(by, hours))
    coupon_codes.give("m_1", owned("cleo", 0, "ANA100"))
    assert owners(0.5, 1, 1.5, 2.5, 3) == [None, "ana", "ana", "ben", None]


def test_of_two_who_saw_the_same_one_gives_the_code() -> None:
    assert coupon_codes.give_after("m_1", None, owned("ana", 1))
    assert not coupon_codes.give_after("m_1", None, owned("ben", 2))
    assert coupon_codes.give_after("m_1", None, owned("ana", 1)), "the same again"
    assert coupon_codes.give_after("m_1", owned("ana", 1), owned("ben", 2))
    assert owners(1, 2) == ["ana", "ben"]


def test_codes_are_listed_page_by_page_in_their_order() -> None:
    for number in range(5):
        coupon_codes.give("m_1", owned("ana", 1, f"C{number}"))
    first = coupon_codes.following("m_1", "", 3)
    rest = coupon_codes.following("m_1", coupon_codes.key(first[-1]), 3)
    assert [each.code for each in first + rest] == [f"C{number}" for number in range(5)]
