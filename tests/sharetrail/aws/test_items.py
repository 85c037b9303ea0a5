"""Values survive the table; ids survive the key."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import base32
from sharetrail.aws import items
from sharetrail.clicks.click import (
    ID_LENGTH,
    NotAClickId,
    click_item,
    click_key,
    mint_click_id,
    read_click,
    time_of_click,
)
from sharetrail.clicks.visitor import Visitor, new_click

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
leaves = st.one_of(
    st.booleans(),
    st.integers(-(10**30), 10**30),
    texts,
    st.floats(-1e100, 1e100),
    st.binary(max_size=8),
)
values = st.recursive(
    leaves, lambda v: st.lists(v, max_size=4) | st.dictionaries(texts, v, max_size=4), max_leaves=12
)


@given(st.dictionaries(texts, values, max_size=5))
def test_what_is_written_is_read_back(item: dict) -> None:
    assert items.decode(items.encode(item)) == item


@dataclass(frozen=True, kw_only=True)
class Inner:
    at: datetime
    share: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    day: date
    parts: tuple[Inner, ...] = ()
    by_name: dict[str, tuple[Inner, ...]] | None = None
    note: str | None = None


def test_a_dataclass_survives_dump_and_load() -> None:
    inner = Inner(at=datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC), share=1.0)
    outer = Outer(name="x", day=date(2026, 1, 2), parts=(inner,), by_name={"a": (inner, inner)})
    stored = items.decode(items.encode(items.dump(outer)))
    assert items.load(Outer, stored) == outer
    assert stored["parts"][0]["at"] == "2026-01-02T03:04:05.678Z"


@dataclass(frozen=True, kw_only=True)
class Bare:
    """No field has a default."""

    note: str | None
    parts: tuple[Inner, ...]
    counts: dict[str, int]


def test_what_is_empty_is_left_out_and_still_read_back() -> None:
    bare = Bare(note=None, parts=(), counts={})
    assert items.dump(bare) == {}
    assert items.load(Bare, {}) == bare


def test_what_is_required_and_missing_is_an_error() -> None:
    with pytest.raises(TypeError, match="name"):
        items.load(Outer, {"day": "2026-01-02"})


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        items.moment("2026-01-02T03:04:05")


times = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@given(times, st.integers(0, 7), st.integers(0, 2**80 - 1))
def test_a_click_id_names_its_own_key_and_time(at: datetime, shard: int, chance: int) -> None:
    click_id = mint_click_id(at, shard, chance)
    exact = at - timedelta(microseconds=at.microsecond % 1000)
    assert len(click_id) == ID_LENGTH < 30
    assert time_of_click(click_id) == exact
    assert click_key("m", click_id)["pk"] == f"m#{at:%Y%m%d}#{shard}"


@given(times, st.integers(0, 2**64 - 1))
def test_a_stored_click_reads_back_whole(at: datetime, visitor: int) -> None:
    exact = at - timedelta(microseconds=at.microsecond % 1000)
    who = Visitor(hash=f"{visitor:016x}", agent="a", referrer="t.co", country="DE")
    click = new_click("m_1", "code", who, exact)
    assert read_click(click_item(click)) == click


@pytest.mark.parametrize("text", ["", "x", "é" * 26, "u" * 26, "0" * 25, "0" * 9 + "8" + "0" * 16])
def test_what_the_redirect_did_not_mint_is_no_click_id(text: str) -> None:
    with pytest.raises(NotAClickId):
        time_of_click(text)


@given(st.integers(0, 2**50 - 1), st.integers(0, 2**50 - 1))
def test_codes_sort_as_their_numbers_do(a: int, b: int) -> None:
    assert base32.decode(base32.encode(a, 10)) == a
    assert (base32.encode(a, 10) < base32.encode(b, 10)) == (a < b)
