"""Tallies: what facts add up to, in whatever parts they are added."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail.aws.items import decode, encode
from sharetrail.clicks.click import Click
from sharetrail.clicks.device import device_of
from sharetrail.clicks.verdict import judge_clicks
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.totals import total_chunks
from sharetrail.totals.tally import (
    Tally,
    bounded,
    counts_of_kind,
    merge_counts,
    merge_tallies,
    parts_of,
    raw_clicks,
    tally_clicks,
    tally_slot,
    valid_clicks,
    with_proofs,
)
from sharetrail.totals.total_chunks import as_item
from tests.shops import BROWSER, PHONE

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def a_click(seconds: float = 0, visitor: str | None = "00aa", **more: str) -> Click:
    said = {"agent": PHONE, "referrer": "t.co", "country": "DE", **more}
    code = said.pop("code", "c")
    who = Visitor(hash=visitor, **said)
    return new_click("m", code, who, AT + timedelta(seconds=seconds))


def tally(*followed: Click) -> Tally:
    return tally_clicks(judge_clicks(followed))


def test_a_links_clicks_are_counted_by_verdict_device_country_referrer_and_place() -> None:
    made = tally(
        a_click(0),
        a_click(1),
        a_click(2, "00bb", agent=BROWSER, referrer="", country="FR"),
        a_click(3, "00cc", agent="curl/8.9.1"),
    )
    assert made.fact_count == 4
    assert made.links["c"] == {
        "human": 2,
        "repeat": 1,
        "bot": 1,
        "unique": 2,
        "followed": 2,
        "device:phone": 1,
        "device:desktop": 1,
        "country:DE": 1,
        "country:FR": 1,
        "referrer:t.co": 1,
        "seen_on:x": 1,
    }
    assert raw_clicks(made.links["c"]) == 4
    assert valid_clicks(made.links["c"]) == 2


def test_only_peoples_clicks_say_where_they_saw_a_link() -> None:
    agent = f"{PHONE} Instagram 334.0.4.32.98 (iPhone15,2)"
    made = tally(
        a_click(0, agent=agent, referrer=""),
        a_click(1, agent=agent, referrer=""),
        a_click(2, "00cc", agent="curl/8.9.1"),
        a_click(3, "00dd", referrer="facebook.com.evil.example"),
    )
    assert counts_of_kind(made.links["c"], "seen_on") == {"instagram": 1}


def test_a_visitor_who_comes_back_later_is_one_unique_and_two_valid() -> None:
    counts = tally(a_click(0), a_click(600)).links["c"]
    assert (counts["human"], counts["unique"]) == (2, 1)


def test_a_visitor_without_a_hash_is_never_unique() -> None:
    assert "unique" not in tally(a_click(visitor=None)).links["c"]


def test_who_follows_a_thousand_links_is_proof_that_three_were_shared() -> None:
    walk = [a_click(40 * n, f"{n:04x}", code=f"{n}", address="0a") for n in range(1_000)]
    made = tally(*walk, a_click(50_000, "00ff", code="9", address="0b"))
    followed = {code: n["followed"] for code, n in made.links.items() if "followed" in n}
    assert followed == {"0": 1, "1": 1, "2": 1, "9": 1}


VISITS = st.lists(
    st.tuples(
        st.integers(0, 5_000),
        st.sampled_from("abcdefg"),
        st.sampled_from(["0a", "0b", "0c", ""]),
        st.sampled_from(["00aa", "00bb", "00cc", "00dd", None]),
    ),
    max_size=60,
)


@given(VISITS, st.lists(st.integers(0, 5_000), max_size=8))
def test_a_day_in_parts_as_they_are_stored_proves_as_much_as_whole(
    visits: list[tuple[int, str, str, str | None]], cuts: list[int]
) -> None:
    """Whenever it is cut, and however little of it each part has."""
    clicks = [
        a_click(at, visitor, code=code, **({"address": address} if address else {}))
        for at, code, address, visitor in sorted(visits, key=lambda each: each[0])
    ]
    judged = [*judge_clicks(clicks)]
    edges = [AT + timedelta(seconds=each) for each in (-1, *sorted(cuts), 5_001)]
    parts = [
        tally_slot(judged, lambda click, low=low, high=high: low <= click.at < high)
        for low, high in pairwise(edges)
    ]
    rows = [decode(encode({"sk": "1200#0#0", **as_item(each, 1)})) for each in parts]
    kept = [total_chunks.read(row) for row in rows]
    whole, told = tally_clicks(judged), with_proofs(merge_tallies(kept))
    without_unique = {
        code: {name: n for name, n in counts.items() if name != "unique"}
        for code, counts in whole.links.items()
    }
    assert told.links == without_unique
    assert told.follows == whole.follows == {}


def test_a_click_that_is_nobodys_in_particular_is_no_proof_of_a_share() -> None:
    assert "followed" not in tally(a_click(visitor=None)).links["c"]
    assert tally(a_click()).links["c"]["followed"] == 1, "of before addresses were kept"


def test_a_link_is_followed_five_times_by_an_address_and_never_by_what_is_no_person() -> None:
    often = [a_click(600 * n) for n in range(20)]
    counts = tally(*often, a_click(5, "00bb", agent="curl/8")).links["c"]
    assert (counts["human"], counts["followed"]) == (20, 5)


def test_of_many_referrers_twenty_are_named_and_the_rest_are_other() -> None:
    made = tally(*(a_click(n, f"{n:04x}", referrer=f"r{n:02}.example") for n in range(30)))
    top = bounded(made, 1).links["c"]
    named = counts_of_kind(top, "referrer")
    assert len(named) == 21
    assert named["other"] == 10
    assert sum(named.values()) == 30
    assert bounded(bounded(made, 1), 1) == bounded(made, 1)


def test_of_many_links_the_most_followed_are_named_and_the_rest_are_other() -> None:
    bots = [a_click(n, f"{n:04x}", code="b", agent="curl/8.9.1") for n in range(9)]
    rare = [a_click(9, "00dd", code=code, country="FR") for code in ("d", "e", "f")]
    made = tally(*bots, a_click(0), a_click(60, "00bb"), a_click(1, "00cc", code="a"), *rare)
    some = bounded(made, 2)
    assert some.links.keys() == {"c", "a", "other"}
    assert some.links["other"]["human"] == some.links["other"]["country:FR"] == 3
    assert some.links["other"]["bot"] == 9
    again = bounded(merge_tallies([some, tally(a_click(99, "00ee", code="z"))]), 2)
    assert again.links.keys() == {"c", "a", "other"}, "what was folded once is no link of its own"
    assert merge_counts(again.links.values())["human"] == 7


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "phone"),
        (BROWSER, "desktop"),
        (PHONE.replace("iPhone", "iPad"), "tablet"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X710) Chrome/140.0 Safari/537.36", "tablet"),
        ("", "other"),
    ],
)
def test_a_user_agent_says_its_device(agent: str, device: str) -> None:
    assert device_of(agent) == device


followed = st.lists(
    st.builds(
        a_click,
        st.integers(0, 86_399),
        st.sampled_from(["00aa", "00bb", None]),
        code=st.sampled_from("abcd"),
        country=st.sampled_from(["DE", "FR"]),
    ),
    max_size=40,
)


@given(followed, followed)
def test_the_parts_of_a_tally_merge_to_the_whole(first: list[Click], second: list[Click]) -> None:
    others = [replace(click, visitor=f"ff{click.visitor}") for click in second]
    merged = merge_tallies([tally(*first), tally(*others)])
    assert merged.fact_count == len(first) + len(second)
    raw = sum(raw_clicks(counts) for counts in merged.links.values())
    assert raw == merged.fact_count


@given(followed, st.integers(1, 400))
def test_chunks_hold_every_link_once_and_the_rest_in_the_first(day: list[Click], size: int) -> None:
    made = replace(tally(*day), events={"view": 3})
    parts = list(parts_of(made, size))
    assert merge_tallies(parts) == made
    assert parts[0].fact_count == made.fact_count
    assert all(part.links for part in parts[1:])
