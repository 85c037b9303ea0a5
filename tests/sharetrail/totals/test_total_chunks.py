"""What a total comes to when strangers do their worst: it fits its items, its sums exact."""

import base64
import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sharetrail import base32
from sharetrail.aws.item_size import MOST_BYTES, size_of
from sharetrail.aws.items import encode
from sharetrail.clicks.click import Click
from sharetrail.clicks.page_event import PageEvent
from sharetrail.clicks.verdict import judge_clicks
from sharetrail.clicks.visitor import Visitor, new_click
from sharetrail.totals import total_chunks
from sharetrail.totals.tally import (
    OTHER,
    Tally,
    counts_of_kind,
    merge_counts,
    merge_tallies,
    parts_of,
    tally_clicks,
    tally_page_events,
)
from sharetrail.web.address import LONGEST_HOST
from tests.shops import BROWSER, PHONE

AT = datetime(2026, 11, 2, tzinfo=UTC)
LIMIT = 400 * 1024
"""An item's, by DynamoDB's documentation."""
LARGEST_KEY = {"pk": f"m_{'0' * 16}#20261102", "sk": "2026-11-02#e1#1000", "of": 1_000}


def bytes_of(chunk: Tally, facts: int) -> int:
    """What boto3 would send for the item, which is more than DynamoDB counts: its own serializer,
    bytes as base64, and every name and bracket of the JSON."""
    item = {**LARGEST_KEY, "expires": 10**10, **total_chunks.as_item(chunk, facts)}
    to_wire = TypeSerializer().serialize
    wire = {name: to_wire(value) for name, value in item.items() if value is not None}
    return len(json.dumps(wire, default=_as_base64, ensure_ascii=False).encode())


def _as_base64(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()


def stored(tally: Tally) -> list[Tally]:
    """Written and read again; each item fits, as whoever counts it."""
    rows = []
    for number, chunk in enumerate(total_chunks.chunks_of(tally)):
        assert bytes_of(chunk, tally.fact_count) <= LIMIT
        item = total_chunks.as_item(chunk, tally.fact_count)
        assert size_of(encode(item)) <= MOST_BYTES
        rows.append(
            {"sk": f"2026-11-02#0#{number}", **{n: v for n, v in item.items() if v is not None}}
        )
    return [total_chunks.read(row) for row in rows]


def sums(tally: Tally) -> tuple[dict[str, int], dict[str, int]]:
    """Clicks by verdict and all that adds up over links, of kinds how many; and page events."""
    counts = merge_counts(tally.links.values())
    by_kind: Counter[str] = Counter()
    for name, n in counts.items():
        by_kind[name.partition(":")[0]] += n
    return dict(by_kind), tally.events


# ── what the redirect lets a stranger write ──────────────────────────────────────────────────────
def a_host(dice: random.Random) -> str:
    """As long as a referrer's may be, and of nothing that repeats."""
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    labels = ["".join(dice.choices(letters, k=60)) for _ in range(4)]
    return f"{'.'.join(labels)}.example"[-LONGEST_HOST:].lstrip(".")


def worst_clicks(dice: random.Random, links: int, each: int) -> Iterable[Click]:
    """Of so many links, each followed by so many people of as many addresses, places and hosts."""
    for _ in range(links):
        code = base32.encode(dice.getrandbits(50), 10)
        for n in range(each):
            country = "".join(dice.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=2))
            source = f"{dice.getrandbits(64):016x}"
            who = Visitor(
                hash=source,
                address=source,
                agent=(PHONE, BROWSER)[n % 2],
                referrer=a_host(dice),
                country=country,
            )
            yield new_click("m", code, who, AT + timedelta(seconds=n))


worst_days = st.tuples(st.integers(0, 2**32), st.integers(1, 120), st.integers(1, 40))


@settings(max_examples=12, deadline=None)
@given(worst_days)
@example((1, 200, 30))
def test_whatever_is_followed_a_shards_total_fits_and_no_click_is_lost(
    day: tuple[int, int, int],
) -> None:
    seed, links, each = day
    clicks = sorted(worst_clicks(random.Random(seed), links, each), key=lambda c: (c.at, c.id))
    made = tally_clicks(judge_clicks(clicks))
    assert made.fact_count == links * each
    with pytest.MonkeyPatch.context() as few:
        few.setattr(total_chunks, "MOST_LINKS", 50)
        kept = stored(made)
    whole = merge_tallies(kept)
    assert sums(whole) == sums(made)
    assert whole.fact_count == made.fact_count
    assert len(whole.links) <= 51
    assert (OTHER in whole.links) == (len(made.links) > 50)
    for counts in whole.links.values():
        assert all(len(counts_of_kind(counts, kind)) <= 21 for kind in ("country", "referrer"))


def test_of_more_follows_than_are_kept_everybodys_first_ones_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever follows fifty links takes the place of nobody who follows one."""
    many, two, one = (letter * 8 for letter in "abc")
    fifty = {f"{n}": 1 for n in range(50)}
    follows = {many: fifty, two: {"x": 2, "y": 1}, one: {"z": 1}}
    monkeypatch.setattr(total_chunks, "MOST_FOLLOWS", 6)
    (kept,) = stored(Tally(links={"c": {"human": 1}}, follows=follows))
    assert kept.follows == {**follows, many: {"0": 1, "1": 1, "2": 1}}
    assert [*kept.follows[two]] == ["x", "y"], "in the order of their first click"


def test_more_links_than_a_total_names_are_added_up_as_others() -> None:
    dice = random.Random(2)
    codes = [base32.encode(dice.getrandbits(50), 10) for _ in range(30_000)]
    links = {code: {"human": n % 7, "bot": 1, "country:DE": n % 7} for n, code in enumerate(codes)}
    made = Tally(fact_count=10**6, links=links)
    kept = stored(made)
    whole = merge_tallies(kept)
    assert len(whole.links) == total_chunks.MOST_LINKS + 1
    assert sums(whole) == sums(made)
    least = min(counts["human"] for code, counts in whole.links.items() if code != OTHER)
    left_out = links.keys() - whole.links.keys()
    assert max(links[code]["human"] for code in left_out) <= least


def test_a_part_that_squeezes_badly_is_halved_until_it_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(total_chunks, "_CHUNK", 10**9)
    dice = random.Random(3)
    made = tally_clicks(judge_clicks(worst_clicks(dice, 200, 20)))
    made = replace(made, events={"view": 3})
    assert len(list(parts_of(made, 10**9))) == 1
    kept = stored(made)
    assert len(kept) > 1
    assert sums(merge_tallies(kept)) == sums(made)
    assert [part.events for part in kept] == [{"view": 3}, *[{}] * (len(kept) - 1)]


# ── what a beacon lets a stranger write ──────────────────────────────────────────────────────────
@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.builds(
            PageEvent,
            id=st.uuids().map(str),
            merchant=st.just("m"),
            type=st.sampled_from(["view", "open", "share", "visit", "lead"]),
            at=st.just(AT),
            timed=st.booleans(),
            page=st.text(max_size=200),
            product=st.text(max_size=100) | st.just(OTHER),
            n=st.integers(1, 10_000),
            address=st.sampled_from(["", "0a", "0b"]),
        ),
        max_size=100,
    )
)
def test_whatever_pages_tell_their_total_is_five_numbers(events: list[PageEvent]) -> None:
    made = tally_page_events(events)
    (kept,) = stored(made)
    assert kept == made
    assert len(kept.events) <= 5
    assert bytes_of(kept, made.fact_count) <= 1_024


# ── what stands ──────────────────────────────────────────────────────────────────────────────────
def test_of_a_total_that_takes_fewer_chunks_than_before_the_others_do_not_count() -> None:
    first = {"sk": "1200#0#0", "facts": 5, "of": 2}
    rows = [first, {"sk": "1200#0#1"}, {"sk": "1200#0#10"}, {"sk": "1200#0#2"}, {"sk": "1200#1#0"}]
    assert [row["sk"] for row in total_chunks.standing(rows)] == [
        "1200#0#0",
        "1200#0#1",
        "1200#1#0",
    ]


def test_of_a_total_whose_first_chunk_is_not_written_nothing_counts() -> None:
    rows = [{"sk": "1200#0#0", "facts": 5}, {"sk": "1200#1#1"}, {"sk": "1200#1#2"}]
    assert [row["sk"] for row in total_chunks.standing(rows)] == ["1200#0#0"]


def test_a_total_of_before_chunks_were_counted_is_read_whole_and_without_its_products() -> None:
    packed = total_chunks.squeeze([{"c": {"human": 2}}, {"a mug": {"view": 3}}])
    rows = [
        {"sk": "1200#0#0", "facts": 5, "events": {"view": 3}, "packed": packed},
        {"sk": "1200#0#1", "facts": 5},
    ]
    assert list(total_chunks.standing(rows)) == rows
    told = merge_tallies(map(total_chunks.read, rows))
    assert told == Tally(fact_count=5, links={"c": {"human": 2}}, events={"view": 3})
