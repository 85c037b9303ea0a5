from collections.abc import Iterator
from itertools import count

import pytest

from sharetrail.api.frame import paging
from sharetrail.problems import Malformed


def shown(row: int) -> str:
    return f"no {row}"


def sifted(rows: Iterator[int], limit: int, cursor: str | None = None, *, wanted: int = 1):
    asked = paging.asked(limit, cursor, wanted=wanted)
    behind = (row for row in rows if row > int(asked.after or -1))
    return paging.sifted(behind, lambda row: row % wanted == 0, asked, shown, str)


def test_a_page_says_where_the_next_one_begins():
    asked = paging.asked(2, None)
    page = paging.page([1, 2, 3], asked, shown, str)
    assert page["items"] == ["no 1", "no 2"]
    assert paging.asked(2, page["cursor"]).after == "2"


def test_the_last_page_has_no_cursor():
    asked = paging.asked(2, None)
    assert paging.page([1, 2], asked, shown, str)["cursor"] is None
    assert paging.page([], asked, shown, str) == {"items": [], "cursor": None}


@pytest.mark.parametrize("other", [{"network": "x"}, {"network": None}, {}])
def test_a_cursor_goes_on_with_the_list_that_it_came_of_alone(other):
    cursor = paging.asked(2, None, network="facebook").cursor("k")
    assert paging.asked(5, cursor, network="facebook").after == "k"
    with pytest.raises(Malformed):
        paging.asked(2, cursor, **other, sort="-clicks")


def test_a_filtered_list_reads_no_row_beyond_what_its_page_shows():
    rows = iter(range(10))
    page = sifted(rows, 2, wanted=3)
    assert page["items"] == ["no 0", "no 3"]
    assert next(rows) == 5  # one more, to know that others follow
    assert sifted(iter(range(10)), 2, page["cursor"], wanted=3)["items"] == ["no 6", "no 9"]


def test_a_filtered_page_may_be_short_and_others_follow_it():
    page = sifted(count(), 2, wanted=paging.MOST_LOOKED_AT * 2)
    assert page["items"] == ["no 0"]
    rest = sifted(count(), 2, page["cursor"], wanted=paging.MOST_LOOKED_AT * 2)
    assert (rest["items"], rest["cursor"] is None) == ([], False)


def test_a_filtered_list_that_ends_with_its_page_has_no_cursor():
    assert sifted(iter(range(4)), 2, wanted=3)["cursor"] is None
    assert sifted(iter(range(paging.MOST_LOOKED_AT)), 2, wanted=7_000)["cursor"] is None


def test_a_ranking_goes_on_behind_as_many_and_keeps_its_ranks():
    asked = paging.asked(2, None, by="sales")
    page = paging.ranked("abc", asked, 0, str)
    assert page["items"] == [(1, "a"), (2, "b")]
    assert page["cursor"] == asked.cursor("b")
    assert paging.ranked("abc", asked, 2, str) == {"items": [(3, "c")], "cursor": None}
