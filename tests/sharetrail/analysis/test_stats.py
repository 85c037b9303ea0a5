"""Stats that are added up as days and orders pass: the same as of all of them side by side."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharetrail import calendars, packing
from sharetrail.analysis import period, seen_on
from sharetrail.analysis.period import Grouping, Period
from sharetrail.analysis.stats import MOST_GROUPS, Stats, TooManyGroups
from sharetrail.analysis.visits import Visits
from sharetrail.attribution.credit import OrderFigures
from sharetrail.attribution.fraud_rules import Decision
from sharetrail.attribution.touch import Touch
from sharetrail.sharing.link import Link, Product
from sharetrail.totals.tally import Tally, merge_tallies

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 23, 13, tzinfo=UTC)
LINKS = {
    code: Link(
        code=code,
        merchant="m",
        influencer=by,
        url="https://shop.example/",
        network=network,
        product=Product(id="mug") if network == "x" else None,
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    for code, by, network in (("a", "ana", "x"), ("b", "ana", "sms"), ("c", "ben", "x"))
}
NAMES = ("human", "bot", "unique", "followed", "seen_on:x", "country:DE", "device:phone")
COUNTS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9), min_size=1)
TALLIES = st.builds(
    Tally,
    links=st.dictionaries(st.sampled_from(["a", "b", "c", "gone"]), COUNTS),
    events=st.dictionaries(st.sampled_from(["view", "share"]), st.integers(1, 9)),
)
DAYS = st.lists(TALLIES, max_size=5)


def touch(code: str, hour: int) -> Touch:
    link = LINKS[code]
    return Touch(
        id=f"{code}{hour}",
        at=datetime(2026, 11, 16, hour, tzinfo=UTC),
        link=code,
        influencer=link.influencer,
        name="",
        network=link.network,
        product=link.product.id if link.product else "",
        evidence="trail",
        verdict="human",
        reason="",
        verdict_version=4,
    )


def order(number: int, codes: list[str], began: bool, day: int, currency: str) -> OrderFigures:
    touches = [touch(code, hour) for hour, code in enumerate(codes)]
    lines = [[1 / len(codes), 100] for _ in codes]
    packed = {"touches": [each.values() for each in touches], "counted": [*range(len(codes))]}
    return OrderFigures(
        platform="shopify",
        order=f"{number}",
        name="",
        placed_at=datetime(2026, 11, 16, 23, tzinfo=UTC) + timedelta(days=day),
        currency=currency,
        net=100 * len(codes) or 77,
        refunded=0,
        influence=("last_click" if began else "assisted") if codes else "none",
        visit_touch=touches[-1].id if began and codes else None,
        packed=packing.pack(
            {**packed, "excluded": {}, "effects": {}, "parts": {"last": lines, "linear": lines}}
        ),
        counts=number % 7 != 0,
        trail_state="ids" if codes else "none",
    )


ORDERS = st.lists(
    st.builds(
        order,
        number=st.integers(0, 99),
        codes=st.lists(st.sampled_from([*LINKS]), max_size=3),
        began=st.booleans(),
        day=st.integers(0, 4),
        currency=st.sampled_from(["USD", "USD", "EUR"]),
    ),
    max_size=6,
)


def stats_of(by: str | None, days: list[Tally], orders: list[OrderFigures]) -> Stats:
    stats = Stats(by, calendars.UTC, NOW)  # type: ignore[arg-type]
    for n, tally in enumerate(days):
        links = {code: LINKS[code] for code in stats.unknown_links(tally) & LINKS.keys()}
        stats.add_day(MONDAY + timedelta(days=n), tally, links)
    for each in orders:
        stats.add_order(each, "USD")
    return stats


def side_by_side(days: list[Tally], orders: list[OrderFigures]) -> Period:
    sales = [each for each in orders if each.counts]
    visits = Visits(zone=calendars.UTC)  # type: ignore[arg-type]
    for n, tally in enumerate(days):
        visits.add_day(MONDAY + timedelta(days=n), tally)
    return Period(
        first=MONDAY,
        last=MONDAY + timedelta(days=6),
        as_of=NOW,
        tally=merge_tallies(days),
        visits=visits,
        links=LINKS,
        orders=tuple(each for each in sales if each.currency == "USD"),
        foreign=tuple(each for each in sales if each.currency != "USD"),
    )


@pytest.mark.parametrize("by", get_args(Grouping))
@given(days=DAYS, orders=ORDERS)
def test_groups_come_to_the_same(by: Grouping, days: list[Tally], orders: list) -> None:
    stats, whole = stats_of(by, days, orders), side_by_side(days, orders)
    assert stats.groups == period.sums_by(whole, by)
    seen = {group: seen_on.SeenOn.of(counts) for group, counts in stats.seen.items()}
    assert seen == seen_on.seen_by(whole, by)


@given(days=DAYS, orders=ORDERS)
def test_totals_come_to_the_same_and_days_to_the_totals(days: list[Tally], orders: list) -> None:
    stats, whole = stats_of("day", days, orders), side_by_side(days, orders)
    assert stats.totals.events == Counter(whole.tally.events)
    assert stats.totals.orders.total() == len(whole.orders)
    paid = period.influenced(whole.orders)
    assert stats.totals.influenced == sum(each.net for each in paid)
    assert len(stats.foreign) == len(whole.foreign)
    for name in ("human", "bot", "unique"):
        of_days = sum(each.clicks[name] for each in stats.days.values())
        assert stats.totals.clicks[name] == of_days
    begun = [each for each in whole.orders if (each.placed_at.date() - MONDAY).days < len(days)]
    assert sum(each.orders.total() for each in stats.days.values()) == len(begun)


def test_more_groups_than_there_is_room_for_are_refused_as_they_come() -> None:
    tally = Tally(links={f"{n}": {"human": 1} for n in range(MOST_GROUPS)})
    links = {code: replace(LINKS["a"], code=code) for code in [*tally.links, "more"]}
    stats = Stats("link", calendars.UTC, NOW)  # type: ignore[arg-type]
    stats.add_day(MONDAY, tally, links)
    with pytest.raises(TooManyGroups, match="100,000 rows"):
        stats.add_day(MONDAY, Tally(links={"more": {"human": 1}}), links)


@pytest.mark.parametrize(
    ("decision", "held", "upheld"),
    [
        ({"effect": "wait", "until": NOW + timedelta(days=1)}, 100, 0),
        ({"effect": "wait", "until": NOW}, 0, 0),
        ({"effect": "doubt", "until": NOW + timedelta(days=1)}, 100, 0),
        ({"effect": "doubt", "until": NOW - timedelta(days=1)}, 100, 0),
        ({"effect": "doubt", "verdict": "released"}, 0, 0),
        ({"effect": "doubt", "verdict": "upheld"}, 0, 100),
        ({"effect": "wait", "verdict": "upheld"}, 0, 100),
        ({"effect": "flag"}, 0, 0),
    ],
)
def test_what_is_held_and_what_was_upheld_is_told_apart_from_what_is_credited(
    decision: dict[str, Any], held: int, upheld: int
) -> None:
    about = Decision(rule="last_second", influencer="ana", sentence="Only 2 seconds.", **decision)
    doubted = replace(order(1, ["a", "c"], True, 0, "USD"), decisions=(about,))
    groups = stats_of("influencer", [], [doubted]).groups
    assert (groups["ana"].held, groups["ana"].upheld) == (held, upheld)
    assert (groups["ben"].held, groups["ben"].upheld) == (0, 0)
    assert groups["ana"].revenue["linear"] == 100


def test_what_was_upheld_is_held_no_longer_whatever_else_is_said_of_it() -> None:
    said = (
        Decision(rule="last_second", effect="doubt", sentence="", verdict="upheld"),
        Decision(rule="repeat_buyer", effect="wait", sentence="", until=NOW + timedelta(days=1)),
    )
    doubted = replace(order(1, ["a"], True, 0, "USD"), decisions=said)
    sums = stats_of("network", [], [doubted]).groups["x"]
    assert (sums.held, sums.upheld) == (0, 100)
