"""In which order networks and products stand."""

from sharetrail.report.building import group_order
from tests.reports import a_group


def test_what_the_shop_does_not_know_stands_below_what_earned_as_much() -> None:
    sold, named = a_group("sold", revenue=100, clicks=1), a_group("named", revenue=0, clicks=1)
    made_up = a_group("a made up one", revenue=0, clicks=900)
    told = [(made_up, False), (named, True), (sold, False)]
    told.sort(key=lambda each: group_order.place(each[0], is_named=each[1]))
    assert [line.name for line, _ in told] == ["sold", "named", "a made up one"]
    assert sorted([made_up, named], key=group_order.place) == [made_up, named]
